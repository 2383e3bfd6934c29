"""Small games for tests."""

import keras
import numpy as np

import keras_gan

SHAPE = (8, 8, 1)
LARGER = (16, 16, 1)


def mlp(ema_decay=0.9, dropout=0.0, shape=SHAPE, seed=3, compiled=True, **rules):
    """An MLP game on images of 8 x 8."""
    gan = keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator(shape, latent_dim=5, widths=(12,)),
        keras_gan.networks.MLPDiscriminator(shape, widths=(10,), dropout=dropout),
        keras_gan.priors.Uniform(5, -2.0, 2.0),
        ema_decay=ema_decay,
        seed=seed,
    )
    if compiled:
        gan.compile(**rules)
    return gan


def dcgan(normalization="batch", ema_decay=0.9, **rules):
    """A DCGAN on images of 16 x 16: the smallest with a normalization in D."""
    gan = keras_gan.models.GAN(
        keras_gan.networks.DCGANGenerator(LARGER, latent_dim=5, filters=4),
        keras_gan.networks.DCGANDiscriminator(
            LARGER, filters=4, normalization=normalization
        ),
        keras_gan.priors.Normal(5),
        ema_decay=ema_decay,
    )
    gan.compile(**rules)
    return gan


def semi_supervised(ema_decay=0.9, **rules):
    """A semi-supervised game on images of 8 x 8: two averages, no noise in D.

    As of a Dropout, the position of noise is in checkpoints, not in a saved model.
    """
    networks = keras_gan.networks
    gan = keras_gan.models.SemiSupervisedGAN(
        networks.SemiSupervisedGenerator(SHAPE, latent_dim=5, widths=(12,)),
        networks.SemiSupervisedDiscriminator(
            SHAPE, 2, widths=(10, 8), input_noise=0.0, noise=0.0
        ),
        keras_gan.priors.Uniform(5, 0.0, 1.0),
        ema_decay=ema_decay,
    )
    gan.compile(**rules)
    return gan


def images(count=64, shape=SHAPE, seed=0):
    """Random float images in [-1, 1]."""
    return np.random.default_rng(seed).uniform(-1, 1, (count, *shape)).astype("float32")


def weights(gan):
    return [np.asarray(v) for v in gan.get_weights()]


def assert_equal(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def revive(thing):
    """An object through its config, as loading does."""
    return keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(thing)
    )
