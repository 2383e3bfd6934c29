"""The Dirac-GAN: networks of one weight each, data at 0 (Mescheder et al., 2018)."""

import keras
import numpy as np
import tensorflow as tf

import keras_gan

H = float(np.float32(0.2))  # the learning rate; Keras holds it in float32
START = (1.0, -1.0)  # theta, psi


@keras.saving.register_keras_serializable("tests")
class Location(keras.layers.Layer):
    """Every latent is mapped to theta."""

    def build(self, input_shape):
        self.theta = self.add_weight((), "zeros", name="theta")

    def call(self, latents):
        return self.theta + 0 * latents


def game(start=START, **rules):
    """The real game, in float64: G(z) = theta, D(x) = psi x."""
    latents = keras.Input((1,), dtype="float64")
    generator = keras.Model(latents, Location(dtype="float64")(latents))
    samples = keras.Input((1,), dtype="float64")
    slope = keras.layers.Dense(1, use_bias=False, dtype="float64")
    discriminator = keras.Model(samples, slope(samples))
    gan = keras_gan.models.GAN(generator, discriminator, keras_gan.priors.Normal(1))
    place(gan, start)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(H),
        discriminator_optimizer=keras.optimizers.SGD(H),
        **rules,
    )
    return gan


def place(gan, start):
    theta, psi = start
    gan.generator.trainable_variables[0].assign(theta)
    gan.discriminator.trainable_variables[0].assign([[psi]])


def position(gan):
    theta = gan.generator.trainable_variables[0].numpy()
    psi = gan.discriminator.trainable_variables[0].numpy()
    return np.array([float(theta), float(psi[0, 0])])


class Path(keras.callbacks.Callback):
    """Where the game was before each step and after the last."""

    def on_train_begin(self, logs=None):
        self.positions = [position(self.model)]

    def on_train_batch_end(self, batch, logs=None):
        self.positions.append(position(self.model))


def play(steps=500, **rules):
    """The positions (steps + 1, 2) of a game played by `fit`."""
    gan = game(**rules)
    moves = rules.get("discriminator_steps", 1)
    zeros = np.zeros((steps * moves, 1))
    data = tf.data.Dataset.from_tensor_slices(zeros).batch(1, drop_remainder=True)
    path = Path()
    gan.fit(data, epochs=1, verbose=0, callbacks=[path])
    return np.array(path.positions)


def jacobian(gan, at=(0.0, 0.0), width=1e-4):
    """Central differences of one step of the game, at a position."""
    columns = []
    for direction in np.eye(2):
        ends = []
        for sign in (1, -1):
            place(gan, np.array(at) + sign * width * direction)
            gan.train_on_batch(np.zeros((1, 1)))
            ends.append(position(gan))
        columns.append((ends[0] - ends[1]) / (2 * width))
    return np.array(columns).T
