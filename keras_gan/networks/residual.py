"""Residual networks of SNGAN, with classes and without (Miyato et al., 2018)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from keras import KerasTensor, layers, ops
from keras.initializers import VarianceScaling

from keras_gan.core.arguments import ArgumentError, check_integer, is_integer
from keras_gan.layers import (
    FastConv2D,
    MeanPooledConv2D,
    SelfAttention,
    SpectralNormalization,
    UpsampledConv2D,
)
from keras_gan.networks.convolutions import normalized
from keras_gan.networks.shapes import check_image_shape


class Layout(NamedTuple):
    """The authors' networks for images of one size.

    Args:
        generator: times `filters`, the channels of the start and after each block.
        discriminator: times `filters`, the channels after each block.
        halvings: how many of the discriminator's blocks halve the sides: the first.
        filters: (generator's, discriminator's), the authors'.
    """

    generator: tuple[int, ...]
    discriminator: tuple[int, ...]
    halvings: int
    filters: tuple[int, int]


LAYOUTS = {  # by the side of the images, in ascending order
    32: Layout((1, 1, 1, 1), (1, 1, 1, 1), 2, (256, 128)),
    48: Layout((8, 4, 2, 1), (1, 2, 4, 8, 16), 4, (64, 64)),
    64: Layout((16, 8, 4, 2, 1), (1, 2, 4, 8, 16), 5, (64, 64)),
    128: Layout((16, 16, 8, 4, 2, 1), (1, 2, 4, 8, 16, 16), 5, (64, 64)),
}


def check_generator(
    network: str, image_shape: Sequence[int], filters: int | None, attention: int | None
) -> tuple[tuple[int, ...], int, int | None]:
    """Return a generator's (image_shape, filters, attention) as checked, or raise."""
    shape = _check_side(check_image_shape(image_shape, network), network)
    layout, blocks = LAYOUTS[shape[0]], len(LAYOUTS[shape[0]].generator) - 1
    sides = [shape[0] >> halvings for halvings in reversed(range(blocks))]
    return (
        shape,
        _check_filters(filters, layout.filters[0]),
        _check_attention(attention, sides, network),
    )


def check_discriminator(
    network: str, image_shape: Sequence[int], filters: int | None, attention: int | None
) -> tuple[tuple[int, ...], int, int | None]:
    """Return a discriminator's arguments, as `check_generator`, or raise."""
    shape = _check_side(check_image_shape(image_shape, network, None), network)
    layout = LAYOUTS[shape[0]]
    sides = [shape[0] >> block for block in range(1, layout.halvings + 1)]
    return (
        shape,
        _check_filters(filters, layout.filters[1]),
        _check_attention(attention, sides, network),
    )


def _check_side(shape, network):
    """Return an image shape that has a layout, or raise naming the nearest ones."""
    height, width, _ = shape
    if height == width and height in LAYOUTS:
        return shape
    middle = (height + width) / 2
    below = [side for side in LAYOUTS if side <= middle]
    above = [side for side in LAYOUTS if side >= middle]
    near = sorted({*below[-1:], *above[:1]})
    verb = "are the nearest sizes" if len(near) > 1 else "is the nearest size"
    raise ArgumentError(
        f"{network} has image_shape=(side, side, channels) with a side of "
        f"{_listed(LAYOUTS, 'or')} pixels. Received: image_shape={shape}. "
        f"{_listed(near, 'and')} {verb}: resize the images, or pass "
        f"image_size={near[0]} to datasets.load.",
        "image_shape",
    )


def _check_filters(filters, authors):
    return authors if filters is None else check_integer(filters, "filters", 1)


def _check_attention(attention, sides, network):
    """Return the side at which self-attention stands, one that blocks end with."""
    fit = [side for side in sides if side % 2 == 0 and side >= 4]
    if attention is None:
        return None
    if not is_integer(attention) or int(attention) not in fit:
        raise ArgumentError(
            f"{network} takes attention=None or the side in pixels of the feature maps "
            f"in which positions attend to each other: {_listed(fit, 'or')} here. "
            f"Received: attention={attention!r}.",
            "attention",
        )
    return int(attention)


def _listed(names, conjunction):
    *first, last = [str(name) for name in names]
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def upsampling_stack(
    latents: KerasTensor,
    image_shape: Sequence[int],
    filters: int,
    attention: int | None,
    normalize: Callable[[KerasTensor, str], KerasTensor],
    synchronized: bool,
) -> KerasTensor:
    """Latents (batch, latent_dim) -> images (batch, *image_shape) in [-1, 1].

    Args:
        latents: symbolic tensor.
        image_shape: (side, side, channels).
        filters: int, channels at the image's size, behind the last block.
        attention: the side at which self-attention stands, or None.
        normalize: function of a tensor and the name of a layer, called before each ReLU
            in a block.
        synchronized: bool, of the batch normalization behind the last block.
    """
    side, _, channels = image_shape
    widths = [filters * times for times in LAYOUTS[side].generator]
    start = side >> (len(widths) - 1)
    units = start * start * widths[0]
    x = layers.Dense(units, kernel_initializer=_glorot(), name="start")(latents)
    x = layers.Reshape((start, start, widths[0]), name="start_shaped")(x)
    for block, width in enumerate(widths[1:], start=1):
        x = _up_block(x, width, normalize, f"up_{block}")
        if x.shape[1] == attention:
            x = SelfAttention(name="attention")(x)
    x = normalized(x, "batch", synchronized, "last")
    x = layers.ReLU(name="last_relu")(x)
    x = _convolution(channels, 3, "last")(x)
    return layers.Activation("tanh", dtype="float32", name="images")(x)


def downsampling_stack(
    images: KerasTensor, filters: int, attention: int | None
) -> KerasTensor:
    """Images (batch, side, side, channels) -> features (batch, n).

    Args:
        images: symbolic tensor.
        filters: int, channels behind the first block.
        attention: the side at which self-attention stands, or None.
    """
    x, layout = images, LAYOUTS[images.shape[1]]
    for block, times in enumerate(layout.discriminator, start=1):
        halves = block <= layout.halvings
        x = _down_block(x, filters * times, halves, f"down_{block}", first=block == 1)
        if halves and x.shape[1] == attention:
            x = SelfAttention("spectral", name="attention")(x)
    x = layers.ReLU(dtype="float32", name="features_relu")(x)
    return ops.sum(x, axis=(1, 2))


def logits(
    features: KerasTensor, units: int, use_bias: bool = True, name: str = "logits"
) -> KerasTensor:
    """Features (batch, n) -> numbers (batch, units), a last layer in float32."""
    dense = layers.Dense(
        units,
        use_bias=use_bias,
        kernel_initializer=_glorot(),
        dtype="float32",
        name=name,
    )
    return SpectralNormalization(dense, name=name)(features)


def _up_block(x, width, normalize, name):
    """x doubled + its residual. The 1 x 1 convolution of a doubled map is the doubled
    one of the map: a quarter of the arithmetic.
    """
    h = layers.ReLU(name=f"{name}_relu_1")(normalize(x, f"{name}_1"))
    h = _convolution(width, 3, f"{name}_1", 2.0, UpsampledConv2D)(h)
    h = layers.ReLU(name=f"{name}_relu_2")(normalize(h, f"{name}_2"))
    h = _convolution(width, 3, f"{name}_2", gain=2.0)(h)
    x = _convolution(width, 1, f"{name}_shortcut")(x)
    x = layers.UpSampling2D(interpolation="nearest", name=f"{name}_shortcut_doubled")(x)
    return layers.Add(name=name)([h, x])


def _down_block(x, width, halves, name, first):
    """x, halved or not, + its residual. The mean of a 1 x 1 convolution is that of the
    mean: a quarter of the arithmetic. The first block begins without a ReLU, as it sees
    an image, and is wide from its first layer.
    """
    narrow = width if first else x.shape[-1]
    h = x if first else layers.ReLU(name=f"{name}_relu_1")(x)
    h = _spectral(_convolution(narrow, 3, f"{name}_1", gain=2.0))(h)
    h = layers.ReLU(name=f"{name}_relu_2")(h)
    kind = MeanPooledConv2D if halves else FastConv2D
    h = _spectral(_convolution(width, 3, f"{name}_2", 2.0, kind))(h)
    keeps_shape = not halves and width == x.shape[-1]
    if halves:
        x = layers.AveragePooling2D(2, name=f"{name}_shortcut_halved")(x)
    if not keeps_shape:
        x = _spectral(_convolution(width, 1, f"{name}_shortcut"))(x)
    return layers.Add(name=name)([h, x])


def _glorot(gain=1.0):
    """Uniform with the variance 2 gain/(inputs + outputs); a new object each time, as
    one draws the same numbers.
    """
    return VarianceScaling(gain, "fan_avg", "uniform")


def _convolution(width, kernel, name, gain=1.0, kind=FastConv2D):
    padding = {"padding": "same"} if kind is FastConv2D else {}
    return kind(width, kernel, kernel_initializer=_glorot(gain), name=name, **padding)


def _spectral(layer):
    return SpectralNormalization(layer, name=layer.name)
