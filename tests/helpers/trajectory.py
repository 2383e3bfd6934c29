"""The run of the one-trajectory test; as a script, one that a test kills and resumes.

An MLP without batch normalization, SGD, R1 on every second move, EMA, fresh latents and
three discriminator moves a step, on data in an order of their own in each epoch.
"""

import argparse
import itertools
import os
import signal
import time

import keras
import numpy as np
import tensorflow as tf

import keras_gan
from helpers import toys
from helpers.families import make_gan
from keras_gan.core import files

SAMPLES, BATCH, STEPS, EPOCHS = 208, 16, 4, 3
FAMILIES = {
    "conditional": "ConditionalGAN",
    "acgan": "ACGAN",
    "infogan": "InfoGAN",
    "semi_supervised": "SemiSupervisedGAN",
}


def data(batch_size=BATCH):
    """13 minibatches of 16 noisy vectors: an epoch is floor(13 / 3) = 4 steps."""
    rows = np.random.default_rng(7).normal(size=(SAMPLES, 6)).astype("float32")
    return keras_gan.datasets.load(rows, batch_size, seed=3)


def game(strategy=None, loss="non_saturating", dropout=0.0, **rules):
    """The game, with the same first weights in every process."""
    defaults = {
        "penalties": [keras_gan.penalties.R1(gamma=0.5, every=2)],
        "latents": "fresh",
        "discriminator_steps": 3,
    }
    return make_gan(
        strategy=strategy,
        dropout=dropout,
        loss=loss,
        generator_optimizer=keras.optimizers.SGD(0.05),
        discriminator_optimizer=keras.optimizers.SGD(0.05),
        **{**defaults, **rules},
    )


def image_data(kind, source, batch_size):
    """An epoch of images; with labels, or few of them, for families that want them."""
    labels = kind in ("conditional", "acgan", "semi_supervised")
    dataset = keras_gan.datasets.load(source, batch_size, labels=labels, seed=2)
    if kind == "semi_supervised":
        return keras_gan.datasets.few_labels(dataset, 3)
    return dataset


def state(gan):
    """All weights as one list of arrays."""
    return [np.asarray(v) for v in gan.get_weights()]


class Slow(keras.callbacks.Callback):
    """Makes a run slow enough to be killed in the middle."""

    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.02)


def image_game(kind, shape):
    """An MLP with dropout, a DCGAN, an R3GAN, or a family, trained by Adam."""
    keras.utils.set_random_seed(11)
    family, players = keras_gan.models.GAN, _players(shape)
    if kind in FAMILIES:
        family = getattr(keras_gan.models, FAMILIES[kind])
        players |= _players_of(kind, shape)
    elif kind == "dcgan":
        networks = keras_gan.networks
        players["generator"] = networks.DCGANGenerator(shape, 8, filters=4)
        players["discriminator"] = networks.DCGANDiscriminator(shape, filters=4)
    elif kind == "r3gan":
        sizes = {"widths": (8, 8), "blocks": 1, "group_size": 4}
        players["generator"] = keras_gan.networks.R3GANGenerator(shape, 8, **sizes)
        players["discriminator"] = keras_gan.networks.R3GANDiscriminator(shape, **sizes)
    gan = family(**players, ema_decay=0.99)
    gan.compile(
        penalties=[keras_gan.penalties.R1(gamma=0.1, every=4)],
        latents="fresh",
        discriminator_steps=3,
    )
    return gan


def _players(shape):
    networks = keras_gan.networks
    return {
        "generator": networks.MLPGenerator(shape, latent_dim=8, widths=(32,)),
        "discriminator": networks.MLPDiscriminator(shape, widths=(32,), dropout=0.25),
        "prior": keras_gan.priors.Normal(8),
    }


def _players_of(kind, shape):
    """The arguments that a family wants in place of `_players`, and beside them."""
    networks, priors = keras_gan.networks, keras_gan.priors
    if kind == "semi_supervised":
        return {
            "generator": networks.SemiSupervisedGenerator(shape, 8, widths=(16,)),
            "discriminator": networks.SemiSupervisedDiscriminator(shape, 10, (24, 12)),
        }
    if kind == "infogan":
        parts = [priors.Normal(4), priors.Categorical(3), priors.Uniform(1)]
        return {
            "prior": priors.Joint(parts),
            "recognition": networks.InfoGANRecognition(32, 5, width=8),
            "code_indices": (1, 2),
        }
    told = {
        "generator": networks.ConditionalDCGANGenerator(shape, 8, 10, filters=4),
        "num_classes": 10,
    }
    if kind == "acgan":
        return {**told, "head": networks.ClassHead(32, 10)}
    discriminator = networks.ConditionalDCGANDiscriminator(shape, 10, filters=4)
    return {**told, "discriminator": discriminator}


def kill_in_save(number):
    """SIGKILL this process in its save of that number, when half of it is written."""
    saves = itertools.count(1)
    sync = files._sync_tree

    def sync_or_die(folder):
        if next(saves) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        sync(folder)

    files._sync_tree = sync_or_die


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--kind", default="vectors")
    parser.add_argument("--source")
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--kill-in-save", type=int)
    parser.add_argument("--dropout", type=float, default=0.25)
    parser.add_argument("--out", help="where the last weights and the history go")
    arguments = parser.parse_args()
    tf.config.experimental.enable_op_determinism()
    strategy = None
    if "TF_CONFIG" in os.environ:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
    if arguments.kind == "vectors":
        gan, dataset = game(strategy, dropout=arguments.dropout), data()
    elif arguments.kind in toys.TOYS:
        gan = toys.make(arguments.kind, strategy, optimizer="adam")
        dataset = toys.data(arguments.kind)
    else:
        dataset = image_data(arguments.kind, arguments.source, arguments.batch_size)
        gan = image_game(arguments.kind, dataset.sample_shape)
    if arguments.kill_in_save:
        kill_in_save(arguments.kill_in_save)
    backup = keras_gan.callbacks.BackupAndRestore(arguments.directory, save_freq=1)
    callbacks = [backup, Slow()]
    fitted = gan.fit(dataset, epochs=arguments.epochs, verbose=0, callbacks=callbacks)
    if arguments.out:
        weights = {f"weight{i:02d}": w for i, w in enumerate(gan.get_weights())}
        np.savez(arguments.out, **weights, **fitted.history)


if __name__ == "__main__":
    main()
