"""The run of the one-trajectory test; as a script, one that a test kills and resumes.

An MLP without batch normalization, SGD, R1 on every second move, EMA, fresh latents and
three discriminator moves a step, on data in an order of their own in each epoch.
"""

import argparse
import contextlib
import time

import keras
import numpy as np
import tensorflow as tf

import keras_gan

SAMPLES, BATCH, STEPS, EPOCHS = 208, 16, 4, 3


def data(batch_size=BATCH):
    """13 minibatches of 16 noisy vectors: an epoch is floor(13 / 3) = 4 steps."""
    rows = np.random.default_rng(7).normal(size=(SAMPLES, 6)).astype("float32")
    return keras_gan.datasets.load(rows, batch_size, seed=3)


def game(strategy=None, loss="non_saturating", dropout=0.0, **rules):
    """The game, with the same first weights in every process."""
    keras.utils.set_random_seed(11)
    scope = strategy.scope() if strategy else contextlib.nullcontext()
    with scope:
        gan = keras_gan.models.GAN(
            keras_gan.networks.MLPGenerator((6,), latent_dim=4, widths=(16,)),
            keras_gan.networks.MLPDiscriminator((6,), widths=(16,), dropout=dropout),
            keras_gan.priors.Normal(4),
            ema_decay=0.9,
            seed=5,
        )
        defaults = {
            "penalties": [keras_gan.penalties.R1(gamma=0.5, every=2)],
            "latents": "fresh",
            "discriminator_steps": 3,
        }
        gan.compile(
            loss=loss,
            generator_optimizer=keras.optimizers.SGD(0.05),
            discriminator_optimizer=keras.optimizers.SGD(0.05),
            **{**defaults, **rules},
        )
    return gan


def state(gan):
    """All weights as one list of arrays."""
    return [np.asarray(v) for v in gan.get_weights()]


class Slow(keras.callbacks.Callback):
    """Makes a run slow enough to be killed in the middle."""

    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.02)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    arguments = parser.parse_args()
    tf.config.experimental.enable_op_determinism()
    gan = game(dropout=0.25)
    for player in ("generator_optimizer", "discriminator_optimizer"):
        assert getattr(gan, player).iterations == 0
    backup = keras_gan.callbacks.BackupAndRestore(arguments.directory, save_freq=1)
    gan.fit(data(), epochs=arguments.epochs, verbose=0, callbacks=[backup, Slow()])


if __name__ == "__main__":
    main()
