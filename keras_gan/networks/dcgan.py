"""DCGAN's networks (Radford et al., 2016), for sizes of m * 2^n pixels."""

from collections.abc import Sequence

import keras

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.networks import convolutions
from keras_gan.networks.network import Network
from keras_gan.networks.shapes import check_depth, check_image_shape


@register
class DCGANGenerator(Network):
    """DCGAN generator: from latents to images in [-1, 1].

    Latents (batch, latent_dim) -> images (batch, *image_shape).

    A dense layer makes the start side of 4 to 7 pixels (7 x 7 for 28 x 28), then
    transposed convolutions of stride 2 double it; normalization and ReLU after each but
    the last, which ends in tanh. Weights start from N(0, 0.02).

    Args:
        image_shape: (height, width, channels) with 1 to 4 channels; the sides halve,
            while both are even and the smaller is above 7, to a smaller side of 4 to 7:
            8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 96, 128 ..., not always square.
        latent_dim: int >= 1.
        filters: int >= 1, channels at the largest hidden resolution; they double with
            every halving.
        normalization: "batch", "layer" or None.
        synchronized: bool, whether batch normalization takes the statistics of the
            global batch when several replicas train (each its own by default).
        upsampling: "transposed", the paper's, or "nearest": each pixel four times, then
            a 3 x 3 convolution (Odena et al., 2016; `layers.UpsampledConv2D`).

    Raises:
        ValueError: for a size that does not fit, naming the nearest ones.

    Example:

    >>> DCGANGenerator((28, 28, 1), latent_dim=64).output_shape
    (None, 28, 28, 1)
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_dim: int,
        filters: int = 64,
        normalization: str | None = "batch",
        synchronized: bool = False,
        upsampling: str = "transposed",
        name: str | None = None,
    ):
        image_shape = check_image_shape(image_shape, "DCGANGenerator")
        check_depth(image_shape, "DCGANGenerator")
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        filters = check_integer(filters, "filters", 1)
        convolutions.check_normalization(
            normalization, ("batch", "layer", None), "DCGANGenerator"
        )
        convolutions.check_upsampling(upsampling, "DCGANGenerator")
        inputs = keras.Input((latent_dim,), name="latents")
        outputs = convolutions.upsampling_stack(
            inputs,
            image_shape,
            filters,
            lambda x, name: convolutions.normalized(
                x, normalization, synchronized, name
            ),
            use_bias=normalization is None,
            upsampling=upsampling,
        )
        super().__init__(
            inputs,
            outputs,
            name=name,
            image_shape=image_shape,
            latent_dim=latent_dim,
            filters=filters,
            normalization=normalization,
            synchronized=synchronized,
            upsampling=upsampling,
        )


@register
class DCGANDiscriminator(Network):
    """DCGAN discriminator: images (batch, *image_shape) -> logits (batch, 1).

    The generator's mirror: convolutions of stride 2 (no pooling) with leaky ReLU, and
    normalization after each but the first. Weights start from N(0, 0.02).

    With `normalization="batch"`, the paper's, a logit depends on the rest of its batch
    and is no density ratio; WGAN-GP's discriminator must not have it. With "spectral"
    the weights of every layer are divided by their spectral norm instead (Miyato et
    al., 2018; `layers.SpectralNormalization`); a logit then is its sample's own.

    Args:
        image_shape: (height, width, channels), sides as for `DCGANGenerator`, with any
            number of channels (`Packed` samples have many).
        filters: int >= 1, channels at half the image's size; they double with every
            further halving.
        normalization: "batch", "layer", "spectral" or None.
        synchronized: bool, whether batch normalization takes the statistics of the
            global batch when several replicas train (each its own by default).
        depth: int >= 1, how many convolutions halve the sides, or None: as many as the
            generator doubles them. After the mirror's 2 of a 28 x 28 image a feature
            has seen 10 x 10 pixels, and the logit is a sum over them; after 4 it has
            seen the whole image.

    Raises:
        ValueError: for a size that does not fit, naming the nearest ones.

    Example:

    >>> DCGANDiscriminator((28, 28, 1), filters=32).output_shape
    (None, 1)
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        filters: int = 64,
        normalization: str | None = "batch",
        synchronized: bool = False,
        depth: int | None = None,
        name: str | None = None,
    ):
        image_shape = check_image_shape(image_shape, "DCGANDiscriminator", None)
        check_depth(image_shape, "DCGANDiscriminator")
        filters = check_integer(filters, "filters", 1)
        convolutions.check_normalization(
            normalization, ("batch", "layer", "spectral", None), "DCGANDiscriminator"
        )
        if depth is not None:
            depth = check_integer(depth, "depth", 1)

        inputs = keras.Input(image_shape, name="images")
        x = convolutions.downsampling_stack(
            inputs, filters, normalization, synchronized, depth
        )
        outputs = convolutions.logits(x, 1, normalization)
        super().__init__(
            inputs,
            outputs,
            name=name,
            image_shape=image_shape,
            filters=filters,
            normalization=normalization,
            synchronized=synchronized,
            depth=depth,
        )
