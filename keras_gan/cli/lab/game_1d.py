"""`keras-gan lab game-1d`: a generator of numbers learns a mixture of two Gaussians.

The game of Goodfellow et al. (2014), figure 1, played by `models.GAN`. z ~ N(0, 1); the
networks are smooth (tanh), so that the model has a smooth density too.
"""

from functools import partial
from statistics import NormalDist

import keras
import numpy as np

from keras_gan import datasets, models, penalties, plots, priors
from keras_gan.cli import reporting
from keras_gan.cli.lab.pushforward import pushforward_density
from keras_gan.cli.lab.snapshots import Snapshots

DATA = datasets.GaussianMixture.line(modes=2, spacing=3.0, scale=0.7)
BLOCK = 25  # steps between two looks
STEPS = 3000
X = np.linspace(-5, 5, 401)
SIDE_BY_SIDE = (25, 75, 200, STEPS)
# A game moves fast first: every look, every second one, every fourth one.
FILM = (*range(0, 500, 25), *range(500, 1500, 50), *range(1500, STEPS + 1, 100))


def quantiles(count):
    """Latents at equal steps of probability: array (count,) from N(0, 1)."""
    return np.array([NormalDist().inv_cdf((k + 0.5) / count) for k in range(count)])


LINES, FINE = quantiles(25), quantiles(4000)


def draw(seed):
    """The picture, and the frames of the film as functions that draw one."""
    moments = {moment.step: moment for moment in played(seed)}
    picture = plots.one_dimensional_game
    return {
        "game-1d.png": picture([moments[step] for step in SIDE_BY_SIDE]),
        "game-1d.gif": [partial(picture, [moments[step]]) for step in FILM],
    }


def played(seed, steps=STEPS):
    """Play the game: its `plots.Moment1D` at the steps of both pictures."""
    gan = game(seed, steps)
    looks = sorted({step // BLOCK for step in (*SIDE_BY_SIDE, *FILM) if step <= steps})
    with reporting.progress("Playing", steps // BLOCK) as advance:
        snapshots = Snapshots(moment, looks, advance)
        gan.fit(
            DATA.stream(512, seed).take(steps),  # a stream without end delays the exit
            epochs=steps // BLOCK,
            steps_per_epoch=BLOCK,
            verbose=0,
            callbacks=[snapshots],
        )
    return snapshots.seen


def moment(gan):
    """The game as it is now: a `plots.Moment1D`."""
    samples = gan.generator(FINE[:, np.newaxis], training=False)
    borders = np.append(X - (X[1] - X[0]) / 2, X[-1] + (X[1] - X[0]) / 2)
    logits = gan.discriminator(X[:, np.newaxis], training=False)
    return plots.Moment1D(
        step=int(gan.step),
        x=X,
        data=DATA.density(X),
        model=pushforward_density(np.ravel(samples), borders),
        discriminator=np.ravel(keras.ops.sigmoid(logits)),
        latents=LINES,
        samples=np.ravel(gan.generator(LINES[:, np.newaxis], training=False)),
    )


def game(seed, steps=STEPS):
    """The game before its first step: the generator's samples lie left of the data.

    R1 and learning rates that fall to 0 let the players come to rest. Without them
    they circle around the solution.
    """
    keras.utils.set_random_seed(seed)
    gan = models.GAN(_generator(), _discriminator(), priors.Normal(1), seed=seed)
    gan.compile(
        penalties=[penalties.R1(gamma=0.05)],
        generator_optimizer=_adam(1e-3, steps),
        discriminator_optimizer=_adam(3e-3, steps),
        jit_compile=True,
        steps_per_execution=BLOCK,
    )
    return gan


def _adam(rate, steps):
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    return keras.optimizers.Adam(falling, beta_1=0.0, beta_2=0.9)


def _generator():
    """Smooth, and at first x = z/2 - 2."""
    latents = keras.Input((1,))
    straight = keras.layers.Dense(
        *(1,),
        kernel_initializer=keras.initializers.Constant(0.5),
        bias_initializer=keras.initializers.Constant(-2.0),
    )
    bent = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    samples = straight(latents) + bent(_hidden(latents))
    return keras.Model(latents, samples)


def _discriminator():
    numbers = keras.Input((1,))
    return keras.Model(numbers, keras.layers.Dense(1)(_hidden(numbers)))


def _hidden(x):
    spread = keras.initializers.RandomUniform(-1, 1)  # kinks all over the data
    x = keras.layers.Dense(32, activation="tanh", bias_initializer=spread)(x)
    return keras.layers.Dense(32, activation="tanh")(x)
