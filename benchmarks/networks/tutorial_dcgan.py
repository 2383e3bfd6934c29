"""The DCGAN of TensorFlow's tutorial (tensorflow.org/tutorials/generative/dcgan).

Layers are Keras', or `keras_gan`'s where it has the same one, with the same weights and
results, and a Dropout of other draws.
"""

import keras
from keras import layers

from keras_gan.layers import (
    FastBatchNormalization,
    FastConv2D,
    FastConv2DTranspose,
    ReproducibleDropout,
)

LATENT_DIM = 100


def generator():
    """Latents (batch, 100) -> images (batch, 28, 28, 1) in [-1, 1]."""
    inputs = keras.Input((LATENT_DIM,))
    x = layers.Dense(7 * 7 * 256, use_bias=False)(inputs)
    x = layers.LeakyReLU()(FastBatchNormalization()(x))
    x = layers.Reshape((7, 7, 256))(x)
    x = _transposed(128, 1)(x)
    x = layers.LeakyReLU()(FastBatchNormalization()(x))
    x = _transposed(64, 2)(x)
    x = layers.LeakyReLU()(FastBatchNormalization()(x))
    x = _transposed(1, 2, activation="tanh")(x)
    return keras.Model(inputs, x)


def discriminator():
    """Images (batch, 28, 28, 1) -> logits (batch, 1)."""
    inputs = keras.Input((28, 28, 1))
    x = FastConv2D(64, 5, strides=2, padding="same")(inputs)
    x = ReproducibleDropout(0.3)(layers.LeakyReLU()(x))
    x = FastConv2D(128, 5, strides=2, padding="same")(x)
    x = ReproducibleDropout(0.3)(layers.LeakyReLU()(x))
    return keras.Model(inputs, layers.Dense(1)(layers.Flatten()(x)))


def _transposed(filters, stride, activation=None):
    return FastConv2DTranspose(
        filters,
        5,
        strides=stride,
        padding="same",
        use_bias=False,
        activation=activation,
    )
