"""`keras-gan lab costs`: three losses of the generator, and their gradients.

The model of the gradients: data N(0, 1), samples x = mu + z with z ~ N(0, 1), and the
optimal discriminator, whose logit is a(x) = log p/q = mu^2/2 - mu x. For a cost f(a)
the gradient of one sample by mu, the discriminator held fixed, is g = -mu f'(a), where
a ~ N(-mu^2/2, mu^2). With f' = -e^a/2 (maximum likelihood) E g = mu/2, half the
gradient of KL(data || model), and Var(g)/(E g)^2 = e^(mu^2) - 1.

The costs carry the factor 1/2 of the 2016 tutorial here, and nowhere else.
"""

import numpy as np
from keras import ops

from keras_gan import losses, plots
from keras_gan.cli import reporting
from keras_gan.core import gradients, randomness

HALF = 0.5
# Name -> (the library's loss, f'(a) with the 1/2, for a and D = sigmoid(a)).
COSTS = {
    "minimax": (losses.Minimax(), lambda a, d: -HALF * d),
    "non-saturating": (losses.NonSaturating(), lambda a, d: -HALF * (1 - d)),
    "max. likelihood": (losses.MaximumLikelihood(), lambda a, d: -HALF * np.exp(a)),
}
SCORES = np.linspace(0.001, 0.999, 500)
DISTANCES = np.linspace(0.1, 3.5, 171)
SAMPLED = np.arange(0.25, 2.1, 0.25)
# A variance of 2 is made of the samples at z = 2 mu: of one in 30 000 for mu = 2.
NUM_SAMPLES = 1_000_000


def draw(seed):
    """The picture."""
    with reporting.progress("Sampling gradients", len(COSTS)) as advance:
        costs = []
        for name in COSTS:
            sampled = sampled_gradients(name, SAMPLED, NUM_SAMPLES, seed)
            costs.append(
                plots.GeneratorCost(
                    *(name, cost(name, SCORES)), expected_gradients(name), sampled
                )
            )
            advance()
    return {"costs.png": plots.generator_costs(costs)}


def cost(name, scores):
    """Rows of D and the cost of a sample that is given D, by the library's loss."""
    loss, _ = COSTS[name]
    logits = np.log(scores) - np.log1p(-scores)
    return np.array(
        [
            (score, HALF * float(loss.generator_loss(None, ops.reshape(logit, (1, 1)))))
            for score, logit in zip(scores, logits, strict=True)
        ]
    )


def expected_gradients(name, distances=DISTANCES):
    """Rows of mu, E g and Var(g)/(E g)^2, by quadrature over z."""
    _, slope = COSTS[name]
    z = np.linspace(-12, 12, 4801)
    weights = np.exp(-(z**2) / 2)
    weights /= weights.sum()
    rows = []
    for mu in distances:
        a = -mu * z - mu**2 / 2
        g = -mu * slope(a, 1 / (1 + np.exp(-a)))
        mean = weights @ g
        rows.append((mu, mean, weights @ (g - mean) ** 2 / mean**2))
    return np.array(rows)


def sampled_gradients(name, distances, num_samples, seed):
    """Rows of mu, E g and Var(g)/(E g)^2, from the library's loss and a tape."""
    loss, _ = COSTS[name]
    rows = []
    for index, mu in enumerate(distances):
        draw_seed = randomness.seed_of(seed, "costs", index)
        x = mu + randomness.normal((num_samples, 1), draw_seed)

        def sum_of_costs(x, mu=mu):
            logits = mu**2 / 2 - mu * x
            return HALF * num_samples * loss.generator_loss(None, logits)

        g = np.asarray(gradients.by_inputs(sum_of_costs, x), np.float64)  # dx/dmu = 1
        rows.append((mu, g.mean(), g.var() / g.mean() ** 2))
    return np.array(rows)
