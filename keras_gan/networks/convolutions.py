"""The layers that DCGANs with and without classes are made of."""

from collections.abc import Callable, Sequence

from keras import KerasTensor, layers
from keras.initializers import RandomNormal

from keras_gan.layers import (
    FastBatchNormalization,
    FastConv2D,
    FastConv2DTranspose,
    SpectralNormalization,
    SynchronizedBatchNormalization,
    UpsampledConv2D,
)
from keras_gan.networks.shapes import halvings

KERNEL = 4  # a multiple of the stride, so that no checkerboard is built in
UPSAMPLING = ("transposed", "nearest")


def initial() -> dict[str, RandomNormal]:
    """N(0, 0.02) weights; a new object each time, as one draws the same numbers."""
    return {"kernel_initializer": RandomNormal(0.0, 0.02)}


def check_normalization(
    normalization: str | None, known: Sequence[str | None], network: str
) -> None:
    """Raise a ValueError unless `normalization` is among `known`, with None at last."""
    if normalization not in known:
        names = ", ".join(repr(name) for name in known[:-1])
        raise ValueError(
            f"{network} takes normalization={names} or None. "
            f"Received: normalization={normalization!r}."
        )


def check_upsampling(upsampling: str, network: str) -> None:
    """Raise a ValueError unless `upsampling` is one of `UPSAMPLING`."""
    if upsampling not in UPSAMPLING:
        names = " or ".join(repr(name) for name in UPSAMPLING)
        raise ValueError(
            f"{network} takes upsampling={names}. Received: upsampling={upsampling!r}."
        )


def normalized(
    x: KerasTensor, normalization: str | None, synchronized: bool, name: str
) -> KerasTensor:
    """x by "batch", "layer", or as it is; `name` is that of the layer before."""
    name = f"{name}_normalized"
    if normalization == "batch":
        kind = (
            SynchronizedBatchNormalization if synchronized else FastBatchNormalization
        )
        return kind(momentum=0.9, epsilon=1e-5, name=name)(x)
    if normalization == "layer":  # over all positions and channels of one sample
        return layers.GroupNormalization(groups=1, name=name)(x)
    return x


def upsampling_stack(
    latents: KerasTensor,
    image_shape: Sequence[int],
    filters: int,
    normalize: Callable[[KerasTensor, str], KerasTensor],
    use_bias: bool,
    upsampling: str = "transposed",
) -> KerasTensor:
    """Latents (batch, width) -> images (batch, *image_shape) in [-1, 1].

    Args:
        latents: symbolic tensor.
        image_shape: (height, width, channels).
        filters: int, channels at the largest hidden resolution.
        normalize: function of a tensor and the name of the layer that made it, called
            before each ReLU.
        use_bias: bool, whether the layers before `normalize` have a bias.
        upsampling: of `UPSAMPLING`, by which layers the sides are doubled.
    """
    height, width, channels = image_shape
    depth = halvings(height, width)
    start = (height >> depth, width >> depth, filters << (depth - 1))
    units = start[0] * start[1] * start[2]
    x = layers.Dense(units, use_bias=use_bias, name="start", **initial())(latents)
    x = layers.Reshape(start, name="start_shaped")(x)
    x = layers.ReLU(name="start_relu")(normalize(x, "start"))
    for level in reversed(range(depth - 1)):
        name = f"up_{depth - 1 - level}"
        x = _doubling(filters << level, upsampling, name, use_bias)(x)
        x = layers.ReLU(name=f"{name}_relu")(normalize(x, name))
    x = _doubling(channels, upsampling, f"up_{depth}", use_bias=True)(x)
    return layers.Activation("tanh", dtype="float32", name="images")(x)


def _doubling(filters, upsampling, name, use_bias):
    """A convolution that doubles the sides."""
    options = {"use_bias": use_bias, "name": name, **initial()}
    if upsampling == "nearest":
        return UpsampledConv2D(filters, 3, **options)
    return FastConv2DTranspose(filters, KERNEL, strides=2, padding="same", **options)


def downsampling_stack(
    images: KerasTensor,
    filters: int,
    normalization: str | None,
    synchronized: bool,
    depth: int | None = None,
) -> KerasTensor:
    """Images (batch, height, width, channels) -> features (batch, n).

    Args:
        images: symbolic tensor.
        filters: int, channels at half the image's size.
        normalization: "batch", "layer", "spectral" or None, of all layers but the
            first; "spectral" of the first too.
        synchronized: bool, for "batch".
        depth: int, how many convolutions; None: as many as `upsampling_stack` has.
    """
    depth = depth or halvings(*images.shape[1:3])
    use_bias = normalization in ("spectral", None)
    x = images
    for level in range(depth):
        name = f"down_{level + 1}"
        convolution = FastConv2D(
            filters << level,
            KERNEL,
            strides=2,
            padding="same",
            use_bias=use_bias or level == 0,
            name=name,
            **initial(),
        )
        x = _weighed(convolution, normalization)(x)
        if level:
            x = normalized(x, normalization, synchronized, name)
        x = layers.LeakyReLU(0.2, name=f"{name}_leaky")(x)
    return layers.Flatten(name="features")(x)


def logits(
    features: KerasTensor,
    units: int,
    normalization: str | None,
    use_bias: bool = True,
    name: str = "logits",
) -> KerasTensor:
    """Features (batch, n) -> numbers (batch, units), a last layer in float32."""
    layer = layers.Dense(
        units, use_bias=use_bias, dtype="float32", name=name, **initial()
    )
    return _weighed(layer, normalization)(features)


def _weighed(layer, normalization):
    if normalization == "spectral":
        return SpectralNormalization(layer, name=layer.name)
    return layer
