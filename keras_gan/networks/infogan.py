"""The networks of InfoGAN on MNIST (Chen et al., 2016, appendix C.1).

Sizes are the paper's. What its text and the authors' code say differently, or only the
code, is as in the code: pixels in [0, 1] inside, and a leaky ReLU of slope 0.01 (0.1 in
the text).
"""

import math
from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.layers import FastConv2D, FastConv2DTranspose
from keras_gan.networks.convolutions import KERNEL, initial, normalized
from keras_gan.networks.network import Network
from keras_gan.networks.shapes import check_image_shape

LEAK = 0.01


def _normalize(x, name):
    return normalized(x, "batch", synchronized=False, name=name)


def _checked(image_shape, network, most_channels=4):
    shape = check_image_shape(image_shape, network, most_channels)
    if shape[0] % 4 or shape[1] % 4:
        near = tuple(max(4, 4 * round(side / 4)) for side in shape[:2])
        raise ValueError(
            f"{network} doubles a side twice, so sides are multiples of 4. Received: "
            f"image_shape={shape}. Resize the images to {near}."
        )
    return shape


@register
class InfoGANGenerator(Network):
    """InfoGAN generator: from latents to images in [-1, 1].

    Latents (batch, latent_dim) -> images (batch, *image_shape).

    Dense layers of `units` and of a quarter of each side with twice `filters` channels,
    then transposed convolutions to `filters` channels and to the image; batch
    normalization and ReLU after each but the last, which ends in a sigmoid, and
    2 x - 1.

    Args:
        image_shape: (height, width, channels), sides that are multiples of 4.
        latent_dim: int >= 1, noise and codes: 62 + 10 + 1 + 1 in the paper.
        units, filters: ints >= 1; the paper has 1024 and 64.

    Raises:
        ValueError: for other sizes.

    Example:

    >>> InfoGANGenerator((28, 28, 1), latent_dim=74).output_shape
    (None, 28, 28, 1)
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 74,
        units: int = 1024,
        filters: int = 64,
        name: str | None = None,
    ):
        image_shape = _checked(image_shape, "InfoGANGenerator")
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        units = check_integer(units, "units", 1)
        filters = check_integer(filters, "filters", 1)
        height, width, channels = image_shape
        start = (height // 4, width // 4, 2 * filters)

        inputs = keras.Input((latent_dim,), name="latents")
        x = layers.Dense(units, use_bias=False, name="hidden", **initial())(inputs)
        x = layers.ReLU(name="hidden_relu")(_normalize(x, "hidden"))
        size = math.prod(start)
        x = layers.Dense(size, use_bias=False, name="start", **initial())(x)
        x = layers.ReLU(name="start_relu")(_normalize(x, "start"))
        x = layers.Reshape(start, name="start_shaped")(x)
        doubling = {"strides": 2, "padding": "same"}
        x = FastConv2DTranspose(
            filters, KERNEL, use_bias=False, name="up_1", **doubling, **initial()
        )(x)
        x = layers.ReLU(name="up_1_relu")(_normalize(x, "up_1"))
        x = FastConv2DTranspose(channels, KERNEL, name="up_2", **doubling, **initial())(
            x
        )
        x = layers.Activation("sigmoid", dtype="float32", name="brightness")(x)
        outputs = layers.Rescaling(2.0, -1.0, dtype="float32", name="images")(x)
        super().__init__(
            inputs,
            outputs,
            name=name,
            image_shape=image_shape,
            latent_dim=latent_dim,
            units=units,
            filters=filters,
        )


@register
class InfoGANDiscriminator(Network):
    """InfoGAN discriminator: images (batch, *image_shape) -> logits (batch, 1).

    Pixels are brought to [0, 1]; then come convolutions of stride 2 to `filters` and
    twice as many channels and a dense layer of `units`, each with leaky ReLU of slope
    0.01, batch normalization in all but the first. The units are what
    `InfoGANRecognition` looks at.

    Args:
        image_shape: (height, width, channels), sides that are multiples of 4.
        units, filters: ints >= 1; the paper has 1024 and 64.

    Raises:
        ValueError: for other sizes.

    Example:

    >>> InfoGANDiscriminator((28, 28, 1)).output_shape
    (None, 1)
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        units: int = 1024,
        filters: int = 64,
        name: str | None = None,
    ):
        image_shape = _checked(image_shape, "InfoGANDiscriminator", None)
        units = check_integer(units, "units", 1)
        filters = check_integer(filters, "filters", 1)
        inputs = keras.Input(image_shape, name="images")
        x = layers.Rescaling(0.5, 0.5, name="brightness")(inputs)
        halving = {"strides": 2, "padding": "same"}
        x = FastConv2D(filters, KERNEL, name="down_1", **halving, **initial())(x)
        x = layers.LeakyReLU(LEAK, name="down_1_leaky")(x)
        x = FastConv2D(
            2 * filters, KERNEL, use_bias=False, name="down_2", **halving, **initial()
        )(x)
        x = layers.LeakyReLU(LEAK, name="down_2_leaky")(_normalize(x, "down_2"))
        x = layers.Flatten(name="flat")(x)
        x = layers.Dense(units, use_bias=False, name="hidden", **initial())(x)
        x = layers.LeakyReLU(LEAK, name="features")(_normalize(x, "hidden"))
        outputs = layers.Dense(1, dtype="float32", name="logits", **initial())(x)
        super().__init__(
            inputs,
            outputs,
            name=name,
            image_shape=image_shape,
            units=units,
            filters=filters,
        )


@register
class InfoGANRecognition(Network):
    """InfoGAN recognition head Q: the discriminator's features -> parameters of codes.

    A dense layer with batch normalization and leaky ReLU of slope 0.01, then the
    parameters: K logits for each categorical code, and d means and d log deviations for
    each uniform or normal one of width d, or the means alone in a game with a given
    `stddev`.

    Args:
        num_features: int >= 1, the `units` of the discriminator.
        num_parameters: int >= 1, of all codes: 10 + 2 + 2 in the paper.
        width: int >= 1, the units of the dense layer.
        normalization: "batch", the paper's, or None.

    Raises:
        ValueError: for a number below 1 or another normalization.

    Example:

    >>> InfoGANRecognition(num_features=1024, num_parameters=14).output_shape
    (None, 14)
    """

    def __init__(
        self,
        num_features: int = 1024,
        num_parameters: int = 14,
        width: int = 128,
        normalization: str | None = "batch",
        name: str | None = None,
    ):
        num_features = check_integer(num_features, "num_features", 1)
        num_parameters = check_integer(num_parameters, "num_parameters", 1)
        width = check_integer(width, "width", 1)
        if normalization not in ("batch", None):
            raise ValueError(
                "InfoGANRecognition takes normalization='batch' or None. "
                f"Received: normalization={normalization!r}."
            )
        inputs = keras.Input((num_features,), name="features")
        use_bias = normalization is None
        x = layers.Dense(width, use_bias=use_bias, name="hidden", **initial())(inputs)
        if normalization == "batch":
            x = _normalize(x, "hidden")
        x = layers.LeakyReLU(LEAK, name="hidden_leaky")(x)
        outputs = layers.Dense(
            num_parameters, dtype="float32", name="parameters", **initial()
        )(x)
        super().__init__(
            inputs,
            outputs,
            name=name,
            num_features=num_features,
            num_parameters=num_parameters,
            width=width,
            normalization=normalization,
        )
