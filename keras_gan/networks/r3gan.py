"""R3GAN's networks (Huang et al., 2024), for sizes of m * 2^n pixels."""

import math
from collections.abc import Sequence

import keras
from keras import layers
from keras.initializers import RandomNormal

from keras_gan.core.arguments import ArgumentError, check_integer
from keras_gan.core.registry import register
from keras_gan.layers import (
    FastConv2D,
    FilteredDownsampling,
    FilteredUpsampling,
    GroupedConvolution,
    LearnedMaps,
)
from keras_gan.networks import conditioning as told
from keras_gan.networks.network import Network
from keras_gan.networks.shapes import check_depth, check_image_shape, check_widths

SLOPE = 0.2  # of the leaky ReLU below 0


@register
class R3GANGenerator(Network):
    """R3GAN generator: from latents to images, by blocks without normalization.

    Latents (batch, latent_dim) -> images (batch, *image_shape), with classes from
    [latents, labels (batch,)].

    Learned maps of the start side, 4 to 7 pixels, are weighed by a linear function of
    the latents. Each stage doubles the sides of the one before by a filter
    (`layers.FilteredUpsampling`), and has residual blocks of grouped convolutions. At
    the start of training each block is the identity, x + 0. **The end is linear**: no
    tanh keeps the images in [-1, 1], and what lies beyond is clipped when they are
    shown or measured.

    Args:
        image_shape: (height, width, channels) with 1 to 4 channels, sides as for
            `DCGANGenerator`.
        latent_dim: int >= 1; with classes, also how many numbers a class is embedded
            in, beside the latents.
        widths: tuple of int >= 1, the channels of each stage, that of the smallest
            images first: of 4, 8, 16 and 32 pixels for images of 32.
        blocks: int >= 1, residual blocks in a stage.
        group_size: int >= 1, channels of a group in the 3 x 3 convolutions, which have
            twice the stage's width.
        num_classes: int >= 1, or None for a generator that is told no class.

    Raises:
        ValueError: for a size that does not fit, naming the nearest ones, for another
            number of widths than the size has stages, for groups that do not divide
            the widths, and under the policy mixed_float16, in which it does not train
            (mixed_bfloat16 does, with the smallest stage in float32).

    Example:

    >>> network = R3GANGenerator((28, 28, 1), widths=(128, 64, 32))
    >>> network.output_shape, network.count_params()
    ((None, 28, 28, 1), 327584)
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_dim: int = 64,
        widths: Sequence[int] = (768, 768, 768, 768),
        blocks: int = 2,
        group_size: int = 16,
        num_classes: int | None = None,
        name: str | None = None,
    ):
        image_shape = check_image_shape(image_shape, "R3GANGenerator")
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        arguments = _checked(
            "R3GANGenerator", image_shape, widths, blocks, group_size, num_classes
        )
        widths = arguments["widths"]
        start = _start(image_shape, widths)

        inputs = x = keras.Input((latent_dim,), name="latents")
        if num_classes is not None:
            labels = told.labels_input()
            inputs = [x, labels]
            vectors = _class_vectors(latent_dim, labels, num_classes, x)
            x = layers.Concatenate(dtype="float32", name="told")([x, vectors])
        x = _linear(widths[0], x, "start", dtype="float32")
        x = LearnedMaps(*start, dtype="float32", name="start_maps")(x)
        for stage, width in enumerate(widths):
            part, policy = f"stage_{stage + 1}", _policy(stage)
            if stage:
                if width != widths[stage - 1]:
                    x = _pointwise(width, x, f"{part}_width", policy)
                x = FilteredUpsampling(dtype=policy, name=f"{part}_up")(x)
            x = _residual_blocks(x, part, arguments, policy)
        outputs = _pointwise(image_shape[-1], x, "images", "float32")
        super().__init__(
            inputs,
            outputs,
            name=name,
            image_shape=image_shape,
            latent_dim=latent_dim,
            **arguments,
        )


@register
class R3GANDiscriminator(Network):
    """R3GAN discriminator: images (batch, *image_shape) -> logits (batch, 1).

    The generator's mirror: residual blocks, then half the sides by a filter
    (`layers.FilteredDownsampling`), stage by stage; at last a learned weight of each
    position and channel, a sum over the positions, and a linear function of the
    channels. With classes, [images, labels (batch,)], the logit is the product of as
    many features as channels with a learned vector of the class (Miyato and Koyama,
    2018).

    At the start of training each block is the identity, so that the logit is linear in
    the image and its slope the same everywhere. The authors play it with the
    relativistic loss, R1 and R2 in each update, and Adam without momentum (beta_1 = 0).

    Args:
        image_shape: (height, width, channels), sides as for `DCGANGenerator`, with any
            number of channels (`Packed` samples have many).
        widths: tuple of int >= 1, the channels of each stage, that of the smallest
            images first, as for `R3GANGenerator`.
        blocks: int >= 1, residual blocks in a stage.
        group_size: int >= 1, channels of a group in the 3 x 3 convolutions.
        num_classes: int >= 1, or None for a discriminator that is told no class.

    Raises:
        ValueError: as `R3GANGenerator`.

    Example:

    >>> network = R3GANDiscriminator((28, 28, 1), widths=(128, 64, 32))
    >>> network.output_shape, network.count_params()
    ((None, 1), 319520)
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        widths: Sequence[int] = (768, 768, 768, 768),
        blocks: int = 2,
        group_size: int = 16,
        num_classes: int | None = None,
        name: str | None = None,
    ):
        image_shape = check_image_shape(image_shape, "R3GANDiscriminator", None)
        arguments = _checked(
            "R3GANDiscriminator", image_shape, widths, blocks, group_size, num_classes
        )
        widths = arguments["widths"]
        start = _start(image_shape, widths)

        inputs = images = keras.Input(image_shape, name="images")
        last = len(widths) - 1
        x = _pointwise(widths[last], images, "seen", _policy(last))
        for stage in reversed(range(len(widths))):
            part, policy = f"stage_{stage + 1}", _policy(stage)
            x = _residual_blocks(x, part, arguments, policy)
            if stage:
                x = FilteredDownsampling(dtype=policy, name=f"{part}_down")(x)
                if widths[stage - 1] != widths[stage]:
                    x = _pointwise(widths[stage - 1], x, f"{part}_width", policy)
        x = layers.DepthwiseConv2D(
            start,
            use_bias=False,
            depthwise_initializer=_normal(math.prod(start)),
            dtype="float32",
            name="positions",
        )(x)
        x = layers.Flatten(dtype="float32", name="features")(x)
        if num_classes is None:
            outputs = _linear(1, x, "logits", dtype="float32")
        else:
            labels = told.labels_input()
            inputs = [images, labels]
            width = widths[0]
            x = _linear(width, x, "projected", dtype="float32")
            vectors = _class_vectors(width, labels, num_classes, x, width**-0.5)
            outputs = layers.Dot(1, dtype="float32", name="logits")([x, vectors])
        super().__init__(
            inputs, outputs, name=name, image_shape=image_shape, **arguments
        )


def _checked(network, image_shape, widths, blocks, group_size, num_classes):
    """The arguments that both networks have, as checked."""
    depth = check_depth(image_shape, network)
    widths = check_widths(widths)
    if len(widths) != depth + 1:
        side = min(image_shape[:2]) >> depth
        sides = ", ".join(str(side << level) for level in range(depth + 1))
        raise ArgumentError(
            f"{network} has a width for each side of image_shape={image_shape}, "
            f"{sides} pixels, so {depth + 1} of them. Received: widths={widths}, "
            f"which are {len(widths)}.{_made_by(len(widths), side)}",
            "widths",
        )
    group_size = check_integer(group_size, "group_size", 1)
    for width in widths:
        if 2 * width % group_size:
            raise ArgumentError(
                f"{network} has 3 x 3 convolutions of twice each width, in groups of "
                f"group_size channels. Received: group_size={group_size}, which does "
                f"not divide 2 * {width}. Use {2 * math.gcd(*widths)} or a divisor of "
                "it, or other widths.",
                "group_size",
            )
    if num_classes is not None:
        num_classes = check_integer(num_classes, "num_classes", 1)
    if keras.config.dtype_policy().compute_dtype == "float16":
        raise ValueError(
            f"{network} does not train in float16, whose range is too small for it "
            "(Huang et al., 2024). Received: the policy "
            f"{keras.config.dtype_policy().name!r}. Use 'mixed_bfloat16' or 'float32'."
        )
    return {
        "widths": widths,
        "blocks": check_integer(blocks, "blocks", 1),
        "group_size": group_size,
        "num_classes": num_classes,
    }


def _made_by(stages, side):
    """A sentence on the size that so many stages make of a smallest side."""
    if stages < 2:
        return ""
    return f" {stages} widths are of images of {side << (stages - 1)} pixels."


def _start(image_shape, widths):
    """The sides of the smallest stage, each other stage being twice the one before."""
    return tuple(side >> (len(widths) - 1) for side in image_shape[:2])


def _policy(stage):
    """float32 for the smallest images, of which the start and the logit are made."""
    return None if stage else "float32"


def _normal(fan_in, gain=1.0):
    """N(0, gain / sqrt(fan_in)); a new object each time: one draws the same numbers."""
    return RandomNormal(0.0, gain / math.sqrt(fan_in))


def _linear(units, x, name, gain=1.0, dtype=None):
    initial = _normal(x.shape[-1], gain)
    return layers.Dense(
        units, use_bias=False, kernel_initializer=initial, dtype=dtype, name=name
    )(x)


def _pointwise(filters, x, name, dtype, initial=None, use_bias=False):
    return FastConv2D(
        filters,
        1,
        use_bias=use_bias,
        kernel_initializer=initial or _normal(x.shape[-1]),
        dtype=dtype,
        name=name,
    )(x)


def _class_vectors(width, labels, num_classes, like, gain=1.0):
    """A learned vector (batch, width) of the class, linear in the one-hot class."""
    one_hot = told.one_hot(labels, num_classes, like)
    return _linear(width, one_hot, "classes", gain, "float32")


def _residual_blocks(x, name, arguments, dtype):
    """The blocks of one stage."""
    in_all = arguments["blocks"] * len(arguments["widths"])
    for number in range(1, arguments["blocks"] + 1):
        block = f"{name}_block_{number}"
        x = _residual_block(x, block, arguments["group_size"], in_all, dtype)
    return x


def _residual_block(x, name, group_size, in_all, dtype):
    """x + W3 f(W2 * f(W1 x)), of widths w, 2w, 2w, w, W2 grouped.

    f adds a bias and is a leaky ReLU. W3 is 0 at the start; the gain of the others
    keeps a variance of 1 through f, times L^(-1/4), of L blocks in the network.
    """
    width = x.shape[-1]
    gain = math.sqrt(2 / (1 + SLOPE**2)) * in_all**-0.25

    def activated(y, part):
        return layers.LeakyReLU(SLOPE, dtype=dtype, name=f"{name}_{part}_leaky")(y)

    y = _pointwise(
        2 * width, x, f"{name}_expand", dtype, _normal(width, gain), use_bias=True
    )
    y = GroupedConvolution(
        2 * width,
        3,
        2 * width // group_size,
        kernel_initializer=_normal(9 * group_size, gain),
        dtype=dtype,
        name=f"{name}_grouped",
    )(activated(y, "expand"))
    y = activated(y, "grouped")
    y = _pointwise(width, y, f"{name}_contract", dtype, "zeros")
    return layers.Add(dtype=dtype, name=name)([x, y])
