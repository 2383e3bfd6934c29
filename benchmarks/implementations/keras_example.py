"""The loop of Keras' own example, a `Model` with a `train_step`.

See keras.io/examples/generative/dcgan_overriding_train_step. What is the example's is
kept: fakes are labelled 1 and concatenated with the reals, labels get noise, and each
turn draws fresh latents (two generator passes a step). Three things are not: the
networks and optimizers are those of the other implementations, `training=True` is
spelled out (Keras 3 would skip batch statistics and dropout, and so do less work), and
the data are read as `keras_gan` reads them.

Labels above 1 and mixed minibatches make another game: its losses may be negative and,
with batch normalization, are not comparable with those of the others.
"""

import keras
import tensorflow as tf
from keras import ops
from networks import keras_networks

from .fitted import Fitted


class KerasExample(Fitted):
    """The example's game, compiled and fitted as there."""

    def __init__(self, workload, steps):
        keras.utils.set_random_seed(0)
        game = ExampleGAN(*keras_networks.build(workload), workload.latent_dim)
        game.compile(
            d_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
            g_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
            loss_fn=keras.losses.BinaryCrossentropy(from_logits=True),
        )
        super().__init__(game, workload, steps, "fresh")

    def play(self, steps):
        d_loss, g_loss = super().play(steps)
        return 2 * d_loss, g_loss  # the example's is a mean over reals and fakes


class ExampleGAN(keras.Model):
    """A generator and a discriminator that move in turn."""

    def __init__(self, generator, discriminator, latent_dim):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.latent_dim = latent_dim
        self.d_loss_tracker = keras.metrics.Mean(name="d_loss")
        self.g_loss_tracker = keras.metrics.Mean(name="g_loss")

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    @property
    def metrics(self):
        return [self.d_loss_tracker, self.g_loss_tracker]

    def train_step(self, real):
        batch_size = ops.shape(real)[0]
        latents = keras.random.normal((batch_size, self.latent_dim))
        fake = self.generator(latents, training=True)
        samples = ops.concatenate([fake, real], axis=0)
        labels = ops.concatenate(
            [ops.ones((batch_size, 1)), ops.zeros((batch_size, 1))], axis=0
        )
        labels += 0.05 * keras.random.uniform(ops.shape(labels))
        with tf.GradientTape() as tape:
            logits = self.discriminator(samples, training=True)
            d_loss = self.loss_fn(labels, logits)
        weights = self.discriminator.trainable_weights
        self.d_optimizer.apply_gradients(
            zip(tape.gradient(d_loss, weights), weights, strict=True)
        )

        latents = keras.random.normal((batch_size, self.latent_dim))
        misleading = ops.zeros((batch_size, 1))  # "all real"
        with tf.GradientTape() as tape:
            fake = self.generator(latents, training=True)
            logits = self.discriminator(fake, training=True)
            g_loss = self.loss_fn(misleading, logits)
        weights = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(
            zip(tape.gradient(g_loss, weights), weights, strict=True)
        )
        self.d_loss_tracker.update_state(d_loss)
        self.g_loss_tracker.update_state(g_loss)
        return {m.name: m.result() for m in self.metrics}
