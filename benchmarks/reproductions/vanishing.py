"""Vanishing gradients of the first GAN's generator loss (Goodfellow et al., 2014).

Data N(0, I) in the plane, and a generator G(z) = z + b that starts far away, at
|b| = 6. The generator is fixed while the discriminator is trained. The optimal logit is
linear here, log p_data(x)/p_model(x) = |b|^2/2 - b . x, so a discriminator of one
layer, with the logit a = w . x + c, can reach it: w = -b, c = |b|^2/2.

    python benchmarks/reproductions/vanishing.py

prints, as the discriminator trains, the gradient of each generator loss by b. By the
logit, the minimax loss log(1 - D(G(z))) (MMGAN) has the slope -D(G(z)), and the
non-saturating loss -log D(G(z)) (NSGAN) the slope -(1 - D(G(z))), so by the chain rule

    |dMMGAN/db| = |w| E D(G(z)),    |dNSGAN/db| = |w| E (1 - D(G(z))).

"measured" is the gradient of this package's own objectives, "expected" these formulas
in NumPy. A few seconds. It fails if the two disagree, if the discriminator does not
come near its optimum, or if MMGAN's gradient has not vanished beside NSGAN's there.
"""

import argparse
import sys
from typing import NamedTuple

import keras
import numpy as np
import results

import keras_gan
from keras_gan import datasets, networks, training
from keras_gan.core import gradients, randomness

START = np.array([6.0, 0.0])  # b
STEPS = (0, 10, 100, 1000, 3000)  # of the discriminator, at each row of the table
RATE = keras.optimizers.schedules.CosineDecay(1.0, STEPS[-1])  # Adam's: 6 is far
ROWS = 4000  # of a minibatch
LATENTS = 10_000  # that the pulls are means over
COSTS = ("minimax", "non_saturating")
TOLERANCE = 1e-3  # of float32 means of 10 000 terms, and of D = exp(-18 or so)


def games(start=START):
    """A game by each cost, of the same two networks; the generator does not move."""
    keras.utils.set_random_seed(0)
    generator = networks.MLPGenerator((2,), latent_dim=2, widths=())
    generator.set_weights([np.eye(2), start])
    discriminator = networks.MLPDiscriminator((2,), widths=())
    both = []
    for cost in COSTS:
        gan = keras_gan.models.GAN(generator, discriminator, keras_gan.priors.Normal(2))
        gan.compile(
            loss=cost,
            generator_optimizer=keras.optimizers.SGD(0.0),
            discriminator_optimizer=keras.optimizers.Adam(RATE),
            jit_compile=True,
            steps_per_execution=10,
        )
        both.append(gan)
    return both


def place(gan, w, c):
    """Give the discriminator the logit w . x + c."""
    gan.discriminator.set_weights([np.reshape(w, (2, 1)), np.reshape(c, (1,))])


def pull(gan, latents):
    """|d generator's objective / db|, through the game's own objective."""
    seed = randomness.seed_of(0, "generator")
    _, position = gan.generator_variables
    tape = gradients.tape_of([position])
    with tape:
        fake = gan.generate(latents, None, training=True)
        round = training.Round(fake, fake, latents, seed=seed)
        objective, _ = gan.generator_objective(round)
    [found] = gradients.by_variables(tape, objective, [position])
    return float(np.linalg.norm(found))


class Row(NamedTuple):
    """A row of the table: what the generator could learn from a discriminator.

    Attributes:
        step: how often the discriminator has moved.
        w: |w|, at the optimum |b|.
        score: E D(G(z)).
        measured, expected: MMGAN's and NSGAN's pull.
    """

    step: int
    w: float
    score: float
    measured: tuple
    expected: tuple

    @property
    def agrees(self):
        return np.allclose(self.measured, self.expected, rtol=TOLERANCE, atol=0)

    def written(self):
        pulls = zip(self.measured, self.expected, strict=True)
        numbers = [number for pair in pulls for number in pair]
        shown = [f"{number:.4g}" for number in numbers]
        ratio = f"{self.measured[0] / self.measured[1]:.3g}"
        return f"{self.step}", f"{self.w:.2f}", f"{self.score:.3g}", *shown, ratio


def row(both, step=0):
    """Measure both games' pulls, and what theory says of them."""
    latents = keras_gan.priors.Normal(2)(LATENTS, randomness.seed_of(0, "vanishing"))
    weights = [v.astype(float) for v in both[0].discriminator.get_weights()]
    kernel, position = (v.astype(float) for v in both[0].generator.get_weights())
    logits = (latents.numpy().astype(float) @ kernel + position) @ weights[0]
    logits += weights[1]
    w = float(np.linalg.norm(weights[0]))
    score = float(np.mean(1 / (1 + np.exp(-logits))))
    rest = float(np.mean(1 / (1 + np.exp(logits))))  # 1 - score keeps fewer digits
    measured = tuple(pull(gan, latents) for gan in both)
    return Row(step, w, score, measured, (w * score, w * rest))


def rows(steps=STEPS):
    """Train the discriminator, and measure on the way: a `Row` for each of `steps`."""
    both = games()
    data = datasets.GaussianMixture([[0.0, 0.0]], scales=1.0).stream(ROWS)
    found = []
    for step in steps:
        ahead = step - int(both[0].step.numpy())
        if ahead:
            both[0].fit(data, steps_per_epoch=ahead, verbose=0)
        found.append(row(both, step))
    return found


def missed(found):
    """The misses of the rows, as sentences."""
    end, optimum = found[-1], np.linalg.norm(START)
    misses = []
    if not all(each.agrees for each in found):
        misses.append("A gradient is not the one of theory.")
    if abs(end.w - optimum) > 0.05 * optimum:
        misses.append(
            f"The discriminator has |w| = {end.w:.3g}; its optimum is {optimum}."
        )
    if end.measured[0] > 0.01 * end.measured[1] or end.measured[1] < 0.9 * optimum:
        misses.append("MMGAN's gradient has not vanished beside NSGAN's.")
    return misses


def claims(found):
    """The claim that MMGAN's gradient vanishes before a good discriminator."""
    minimax, non_saturating = found[-1].measured
    return [
        results.Claim(
            "Minimax saturates, non-saturating does not (Goodfellow et al., 2014)",
            "the gradient of log(1 - D) vanishes, that of -log D does not",
            f"{non_saturating / minimax:.0f} times stronger, {non_saturating:.2f}",
            1,
            not missed(found),
        )
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    results.add_option(parser)
    arguments = parser.parse_args()
    table = results.Table(
        *("updates of D", "w", "E D(G(z))", "MMGAN measured", "expected"),
        *("NSGAN measured", "expected", "MMGAN / NSGAN"),
    )
    found = rows()
    for each in found:
        table.add(*each.written())
    if arguments.record:
        table.record("vanishing", claims(found))
    misses = missed(found)
    if misses:
        sys.exit(" ".join(misses))


if __name__ == "__main__":
    main()
