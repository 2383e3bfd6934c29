"""The Dirac-GAN of Mescheder et al. (2018): the game of two numbers.

Data at 0, a generator G(z) = theta and a discriminator D(x) = psi x: networks of one
weight each, in float64, which play by this package's own losses, penalties and train
step. `keras-gan lab dirac` draws it, benchmarks/reproductions/dirac.py makes a table.
"""

import keras
import numpy as np
import tensorflow as tf

import keras_gan

H = float(np.float32(0.2))  # the learning rate; Keras holds it in float32
START = (1.0, -1.0)  # theta, psi
STEPS = 500


@keras.saving.register_keras_serializable("dirac")
class Location(keras.layers.Layer):
    """Every latent is mapped to theta."""

    def build(self, input_shape):
        self.theta = self.add_weight((), "zeros", name="theta")

    def call(self, latents):
        return self.theta + 0 * latents


def game(start=START, family=keras_gan.models.GAN, noise=0.0, **rules):
    """The real game, in float64: G(z) = theta, D(x) = psi (x + noise e)."""
    latents = keras.Input((1,), dtype="float64")
    generator = keras.Model(latents, Location(dtype="float64")(latents))
    samples = keras.Input((1,), dtype="float64")
    slope = keras.layers.Dense(1, use_bias=False, dtype="float64")
    blur = keras_gan.layers.InstanceNoise(noise, seed=1, dtype="float64")
    discriminator = keras.Model(samples, slope(blur(samples) if noise else samples))
    gan = family(generator, discriminator, keras_gan.priors.Normal(1))
    place(gan, start)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(H),
        discriminator_optimizer=keras.optimizers.SGD(H),
        **rules,
    )
    return gan


def place(gan, at):
    theta, psi = at
    gan.generator.trainable_variables[0].assign(theta)
    gan.discriminator.trainable_variables[0].assign([[psi]])


def position(gan):
    theta = gan.generator.trainable_variables[0].numpy()
    psi = gan.discriminator.trainable_variables[0].numpy()
    return np.array([float(theta), float(psi[0, 0])])


class Path(keras.callbacks.Callback):
    """The path of a game: where it was before each step and after the last."""

    def on_train_begin(self, logs=None):
        self.positions = [position(self.model)]

    def on_train_batch_end(self, batch, logs=None):
        self.positions.append(position(self.model))


def play(steps=STEPS, rows=1, **rules):
    """The positions (steps + 1, 2) of a game played by `fit` on batches of `rows`."""
    return path_of(game(**rules), steps, rows)


def path_of(gan, steps=STEPS, rows=1):
    """The positions (steps + 1, 2) of `gan` from where it is, played by `fit`."""
    data = tf.data.Dataset.from_tensors(np.zeros((rows, 1)))
    data = data.repeat(steps * gan.discriminator_steps)
    path = Path()
    gan.fit(data, epochs=1, verbose=0, callbacks=[path])
    return np.array(path.positions)


def radius(path):
    """The distance from the equilibrium of each position."""
    return np.hypot(*path.T)
