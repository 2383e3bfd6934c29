"""Multilayer perceptrons: the networks of the first GAN paper, and of small data."""

import math

import keras
from keras import layers

from keras_gan.arguments import check_positive
from keras_gan.networks.shapes import check_sample_shape, check_widths
from keras_gan.registry import register


@register
class MLPGenerator(keras.Model):
    """Latents (batch, latent_dim) -> samples (batch, *image_shape), through ReLUs.

    Images (a shape of three) end in tanh, in [-1, 1]; plain vectors (a shape of one)
    end linearly. With `widths=()` it is the affine map z -> W z + b of the theory
    (under tanh for images).

    Args:
        image_shape: (height, width, channels), or (features,) for plain vectors.
        latent_dim: int >= 1.
        widths: units of the hidden layers.

    Raises:
        ValueError: for a shape that is not one of these, or a width below 1.

    Example:

    >>> generator = MLPGenerator((8, 8, 1), latent_dim=16, widths=(32,))
    >>> generator.output_shape
    (None, 8, 8, 1)
    """

    def __init__(self, image_shape, latent_dim, widths=(256, 512), name=None):
        image_shape = check_sample_shape(image_shape, "MLPGenerator")
        latent_dim = check_positive(latent_dim, "latent_dim")
        widths = check_widths(widths)
        inputs = keras.Input((latent_dim,), name="latents")
        x = inputs
        for width in widths:
            x = layers.Dense(width, activation="relu", kernel_initializer="he_normal")(
                x
            )
        x = layers.Dense(math.prod(image_shape))(x)
        x = layers.Reshape(image_shape)(x)
        last = "tanh" if len(image_shape) == 3 else "linear"
        outputs = layers.Activation(last, dtype="float32", name="samples")(x)
        super().__init__(inputs, outputs, name=name)
        self.image_shape = image_shape
        self.latent_dim = latent_dim
        self.widths = widths

    def get_config(self):
        return {
            "image_shape": self.image_shape,
            "latent_dim": self.latent_dim,
            "widths": self.widths,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@register
class MLPDiscriminator(keras.Model):
    """Samples (batch, *image_shape) -> logits (batch, 1), through leaky ReLU layers.

    No layer mixes samples, so its logit can be read as log p_data/p_model.

    Args:
        image_shape: (height, width, channels), or (features,) for plain vectors.
        widths: units of the hidden layers.
        dropout: float in [0, 1), the share of units dropped after each hidden layer.

    Raises:
        ValueError: for a shape that is not one of these, a width below 1, or a
            `dropout` outside [0, 1).

    Example:

    >>> discriminator = MLPDiscriminator((8, 8, 1), widths=(32,))
    >>> discriminator.output_shape
    (None, 1)
    """

    def __init__(self, image_shape, widths=(512, 256), dropout=0.0, name=None):
        image_shape = check_sample_shape(image_shape, "MLPDiscriminator", None)
        widths = check_widths(widths)
        if not 0 <= dropout < 1:
            raise ValueError(
                "dropout is the share of units left out and lies in [0, 1). "
                f"Received: dropout={dropout}."
            )
        inputs = keras.Input(image_shape, name="samples")
        x = layers.Flatten()(inputs)
        for width in widths:
            x = layers.Dense(width, kernel_initializer="he_normal")(x)
            x = layers.LeakyReLU(0.2)(x)
            if dropout:
                x = layers.Dropout(dropout)(x)
        outputs = layers.Dense(1, dtype="float32", name="logits")(x)
        super().__init__(inputs, outputs, name=name)
        self.image_shape = image_shape
        self.widths = widths
        self.dropout = float(dropout)

    def get_config(self):
        return {
            "image_shape": self.image_shape,
            "widths": self.widths,
            "dropout": self.dropout,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)
