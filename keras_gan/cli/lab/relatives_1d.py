"""`keras-gan lab relatives-1d`: NCE, maximum likelihood and a GAN, one value function.

V(D) = E_data log D + E_noise log(1 - D) (Goodfellow, 2015, "On distinguishability
criteria for estimating generative models"; 2016, figure 20):

- noise-contrastive estimation: D = p/(p + p_noise) is made of the model, the noise is
  fixed, and the model maximises V;
- maximum likelihood: the same with the model's own samples as noise, taken anew in each
  step: then the gradient of V is half that of the likelihood, and D is 1/2 everywhere;
- GAN: D is a network of its own, the noise is the model, which minimises V.
"""

from functools import partial
from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from keras_gan import densities, divergences, plots, priors, relatives
from keras_gan.cli import reporting
from keras_gan.cli.lab import game_1d
from keras_gan.cli.lab.pushforward import pushforward_density

DATA = game_1d.DATA
X = np.linspace(-12, 12, 2401)  # Z is an integral over all of it
CELL, P = X[1] - X[0], DATA.density(X)
NOISE_SCALE = 2.0  # the data's standard deviation is 1.66
STEPS, BLOCK = 3000, 25


class Fitted(NamedTuple):
    """A fit: its density, what it told data from, D, and its log Z if it has one.

    `constants` are c, which stands for -log Z, and log Z by quadrature, or None.
    """

    name: str
    model: np.ndarray
    noise: np.ndarray
    discriminator: np.ndarray
    constants: tuple[float, float] | None = None


def draw(seed):
    """The picture; the table is printed."""
    with reporting.progress("Fitting", 3) as advance:
        fits = []
        for fit in (by_nce, by_likelihood, by_game):
            fits.append(fit(seed))
            advance()
    for line in table(fits):
        reporting.say(line)
    seen = abs(X) <= 5
    contrasts = []
    for fit in fits:
        model = fit.model[seen]
        noise = model if fit.noise is fit.model else fit.noise[seen]
        js = divergences.js(P, fit.model, CELL)
        contrasts.append(
            plots.Contrast(fit.name, model, noise, fit.discriminator[seen], js)
        )
    return {"relatives-1d.png": plots.value_functions(X[seen], P[seen], contrasts)}


def table(fits):
    """Lines: divergences from the data, V as it is, and V of the best D."""
    yield f"{'':20s}{'KL(data||model)':>16s}{'JS':>10s}{'V(D)':>9s}{'max V':>9s}"
    for name, kl, js, value, best in rows(fits):
        yield f"{name:20s}{kl:16.1e}{js:10.1e}{value:9.4f}{best:9.4f}"
    for fit in fits:
        if fit.constants:
            c, log_z = fit.constants
            ratio = np.exp(-c - log_z)
            yield f"{fit.name}: -c {-c:.4f}, log Z {log_z:.4f}, ratio {ratio:.4f}"


def rows(fits):
    """(name, KL, JS, V, max V) of each fit, in nats."""
    for fit in fits:
        kl = divergences.kl(P, fit.model, CELL)
        js = divergences.js(P, fit.model, CELL)
        value = divergences.value_function(fit.discriminator, P, fit.noise, CELL)
        best = 2 * divergences.js(P, fit.noise, CELL) - np.log(4)
        yield fit.name, kl, js, value, best


def by_nce(seed, steps=STEPS):
    """A network and a constant, told from noise N(0, NOISE_SCALE^2)."""
    keras.utils.set_random_seed(seed)
    noise = priors.Normal(1, covariance=[NOISE_SCALE**2])
    model = relatives.NCE(densities.Unnormalized(_network()), noise, seed=seed)
    _fit(model, seed, steps)
    logarithm = np.float64(model.log_prob(X[:, np.newaxis]))
    constant = model.density.log_constant
    total = np.exp(logarithm).sum() * CELL
    discriminator = keras.ops.sigmoid(model.log_ratio(X[:, np.newaxis]))
    return Fitted(
        "NCE",
        np.exp(logarithm) / total,
        np.exp(np.float64(noise.log_prob(X[:, np.newaxis]))),
        np.float64(discriminator),
        (constant, np.log(total) - constant),
    )


def by_likelihood(seed, steps=STEPS):
    """A mixture of two Gaussians, the data's own kind."""
    keras.utils.set_random_seed(seed)
    model = relatives.DensityModel(densities.GaussianMixture(1, 2, spread=1.5))
    _fit(model, seed, steps)
    density = np.exp(np.float64(model.log_prob(X[:, np.newaxis])))
    return Fitted("maximum likelihood", density, density, np.full(len(X), 0.5))


def by_game(seed, steps=STEPS):
    """The GAN of `keras-gan lab game-1d`."""
    gan = game_1d.game(seed, steps)
    data = DATA.stream(512, seed)
    gan.fit(data, epochs=1, steps_per_epoch=steps, verbose=0)
    samples = np.ravel(gan.generator(game_1d.FINE[:, np.newaxis], training=False))
    borders = np.append(X - CELL / 2, X[-1] + CELL / 2)
    logits = np.float64(gan.discriminator(X[:, np.newaxis], training=False))[:, 0]
    density = pushforward_density(samples, borders)
    return Fitted("GAN", density, density, 1 / (1 + np.exp(-logits)))


def _fit(model, seed, steps):
    falling = keras.optimizers.schedules.CosineDecay(5e-3, steps)
    model.compile(
        keras.optimizers.Adam(falling), jit_compile=True, steps_per_execution=BLOCK
    )
    model.fit(DATA.stream(512, seed), epochs=1, steps_per_epoch=steps, verbose=0)


def _network():
    """f(x) = -x^2/(2 NOISE_SCALE^2) + a smooth bounded network: exp f has an integral.

    At first the shape of the noise, so that data and noise are not told apart.
    """
    numbers = keras.Input((1,))
    spread = keras.initializers.RandomUniform(-1, 1)
    hidden = partial(keras.layers.Dense, 32, "tanh", bias_initializer=spread)
    bent = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    added = bent(hidden()(hidden()(numbers)))
    return keras.Model(numbers, added - ops.square(numbers) / (2 * NOISE_SCALE**2))
