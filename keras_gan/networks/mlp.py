"""Multilayer perceptrons: the networks of the first GAN paper, and of small data."""

import math
from collections.abc import Sequence

import keras
from keras import KerasTensor, layers

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.layers import ReproducibleDropout
from keras_gan.networks.network import Network
from keras_gan.networks.shapes import check_sample_shape, check_widths

# The range that each last activation can reach.
RANGES = {
    "linear": "(-inf, inf)",
    "tanh": "(-1, 1)",
    "sigmoid": "(0, 1)",
    "softplus": "(0, inf)",
}


@register
class MLPGenerator(Network):
    """MLP generator: from latents to samples, through ReLUs.

    Latents (batch, latent_dim) -> samples (batch, *sample_shape).

    With `widths=()` it is the affine generator of the theory, x = f(W z + b), where f
    is the last activation: of z ~ N(0, I) a linear f makes N(b, W W^T).

    Args:
        sample_shape: (height, width, channels), or (features,) for plain vectors.
        latent_dim: int >= 1. The samples fill no more than this many dimensions.
        widths: units of the hidden layers.
        activation: the last activation f. Images, which lie in [-1, 1], end in "tanh".
            Vectors end in "linear", range (-inf, inf), the default; "tanh", (-1, 1);
            "sigmoid", (0, 1); or "softplus", (0, inf).

    Raises:
        ValueError: for a shape that is not one of these, a width below 1, or an
            activation whose range is not that of the samples.

    Example:

    >>> generator = MLPGenerator((8, 8, 1), latent_dim=16, widths=(32,))
    >>> generator.output_shape
    (None, 8, 8, 1)
    """

    def __init__(
        self,
        sample_shape: Sequence[int],
        latent_dim: int,
        widths: Sequence[int] = (256, 512),
        activation: str | None = None,
        name: str | None = None,
    ):
        sample_shape = check_sample_shape(sample_shape, "MLPGenerator")
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        widths = check_widths(widths)
        last = last_activation(activation, sample_shape)
        inputs = keras.Input((latent_dim,), name="latents")
        x = inputs
        x = hidden(x, widths)
        x = layers.Dense(math.prod(sample_shape), name="last")(x)
        x = layers.Reshape(sample_shape, name="shaped")(x)
        outputs = layers.Activation(last, dtype="float32", name="samples")(x)
        super().__init__(
            inputs,
            outputs,
            name=name,
            sample_shape=sample_shape,
            latent_dim=latent_dim,
            widths=widths,
            activation=activation,
        )


def hidden(x: KerasTensor, widths: Sequence[int]) -> KerasTensor:
    """Dense layers of the given widths with ReLU."""
    for level, width in enumerate(widths, 1):
        x = layers.Dense(
            width,
            activation="relu",
            kernel_initializer="he_normal",
            name=f"hidden_{level}",
        )(x)
    return x


def last_activation(activation: str | None, sample_shape: Sequence[int]) -> str:
    """The activation that the samples end in, or a ValueError for another range."""
    is_image = len(sample_shape) == 3
    if activation is None:
        return "tanh" if is_image else "linear"
    if not isinstance(activation, str) or activation not in RANGES:
        ranges = ", ".join(f"{name!r} {reach}" for name, reach in RANGES.items())
        raise ValueError(
            f"activation is None or one of {ranges}. Received: {activation!r}."
        )
    if is_image and activation != "tanh":
        raise ValueError(
            f"Images lie in [-1, 1], so sample_shape={sample_shape} ends in 'tanh'. "
            f"Received: activation={activation!r}, of range {RANGES[activation]}. "
            "Leave it out, or make vectors: sample_shape=(features,)."
        )
    return activation


def leaky_hidden(
    x: KerasTensor, widths: Sequence[int], dropout: float = 0.0
) -> KerasTensor:
    """Dense layers of the given widths with leaky ReLU, and Dropout after each."""
    for level, width in enumerate(widths, 1):
        name = f"hidden_{level}"
        x = layers.Dense(width, kernel_initializer="he_normal", name=name)(x)
        x = layers.LeakyReLU(0.2, name=f"{name}_leaky")(x)
        if dropout:
            x = ReproducibleDropout(dropout, name=f"{name}_dropout")(x)
    return x


@register
class MLPDiscriminator(Network):
    """MLP discriminator: from samples to logits, through leaky ReLU layers.

    Samples (batch, *sample_shape) -> logits (batch, 1).

    No layer mixes samples, so its logit can be read as log p_data/p_model.

    Args:
        sample_shape: (height, width, channels), or (features,) for plain vectors.
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

    def __init__(
        self,
        sample_shape: Sequence[int],
        widths: Sequence[int] = (512, 256),
        dropout: float = 0.0,
        name: str | None = None,
    ):
        sample_shape = check_sample_shape(sample_shape, "MLPDiscriminator", None)
        widths = check_widths(widths)
        if not 0 <= dropout < 1:
            raise ValueError(
                "dropout is the share of units left out and lies in [0, 1). "
                f"Received: dropout={dropout}."
            )
        inputs = keras.Input(sample_shape, name="samples")
        x = leaky_hidden(layers.Flatten(name="flat")(inputs), widths, dropout)
        outputs = layers.Dense(1, dtype="float32", name="logits")(x)
        super().__init__(
            inputs,
            outputs,
            name=name,
            sample_shape=sample_shape,
            widths=widths,
            dropout=float(dropout),
        )
