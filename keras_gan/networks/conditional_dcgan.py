"""Conditional DCGANs: networks that are told the class."""

from collections.abc import Sequence

import keras

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.networks import conditioning as told
from keras_gan.networks import convolutions
from keras_gan.networks.network import Network
from keras_gan.networks.shapes import check_depth, check_image_shape


@register
class ConditionalDCGANGenerator(Network):
    """Conditional DCGAN generator: from latents and classes to images.

    Latents (batch, latent_dim), labels (batch,) -> images (batch, *image_shape).

    The layers of `DCGANGenerator`, told the class in one of three ways:

    - "concatenation": the one-hot class beside the latents (Mirza and Osindero, 2014);
    - "embedding": the latents times a learned vector of the class;
    - "batch_normalization": a scale and a shift for each class in each normalization
      (`layers.ConditionalBatchNormalization`), and the latents as they are.

    Args:
        image_shape: (height, width, channels), sides as for `DCGANGenerator`.
        latent_dim: int >= 1.
        num_classes: int >= 1; labels are ints from 0 to num_classes - 1.
        filters: int >= 1, channels at the largest hidden resolution.
        conditioning: one of the three.
        synchronized: bool, as for `DCGANGenerator`.
        upsampling: "transposed" or "nearest", as for `DCGANGenerator`.

    Raises:
        ValueError: for a size that does not fit, or another conditioning.

    Example:

    >>> generator = ConditionalDCGANGenerator((28, 28, 1), 64, num_classes=10)
    >>> generator([keras.ops.ones((2, 64)), keras.ops.array([3, 7])]).shape
    TensorShape([2, 28, 28, 1])
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_dim: int,
        num_classes: int,
        filters: int = 64,
        conditioning: str = "batch_normalization",
        synchronized: bool = False,
        upsampling: str = "transposed",
        name: str | None = None,
    ):
        network = "ConditionalDCGANGenerator"
        image_shape = check_image_shape(image_shape, network)
        check_depth(image_shape, network)
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        num_classes = check_integer(num_classes, "num_classes", 1)
        filters = check_integer(filters, "filters", 1)
        ways = ("concatenation", "embedding", "batch_normalization")
        told.check(conditioning, ways, network)
        convolutions.check_upsampling(upsampling, network)

        latents = keras.Input((latent_dim,), name="latents")
        labels = told.labels_input()

        def normalize(x, name):
            if conditioning != "batch_normalization":
                return convolutions.normalized(x, "batch", synchronized, name)
            return told.normalized(x, labels, num_classes, synchronized, name)

        images = convolutions.upsampling_stack(
            told.conditioned(latents, labels, num_classes, conditioning),
            image_shape,
            filters,
            normalize,
            use_bias=False,
            upsampling=upsampling,
        )
        super().__init__(
            [latents, labels],
            images,
            name=name,
            image_shape=image_shape,
            latent_dim=latent_dim,
            num_classes=num_classes,
            filters=filters,
            conditioning=conditioning,
            synchronized=synchronized,
            upsampling=upsampling,
        )


@register
class ConditionalDCGANDiscriminator(Network):
    """Conditional DCGAN discriminator: from images and classes to logits.

    Images (batch, *image_shape), labels (batch,) -> logits (batch, 1).

    The layers of `DCGANDiscriminator`, told the class in one of two ways:

    - "projection": to the logit of the features phi(x) comes v_y . phi(x), with a
      learned vector v_y of each class (Miyato and Koyama, 2018);
    - "concatenation": the one-hot class in further channels of the image (Mirza and
      Osindero, 2014).

    Args:
        image_shape: (height, width, channels), sides as for `DCGANGenerator`.
        num_classes: int >= 1; labels are ints from 0 to num_classes - 1.
        filters: int >= 1, channels at half the image's size.
        conditioning: one of the two.
        normalization: "batch", "layer", "spectral" or None, as for
            `DCGANDiscriminator`; the vectors v_y are normalized with the logit's.
        synchronized, depth: as for `DCGANDiscriminator`.

    Raises:
        ValueError: for a size that does not fit, or another conditioning or
            normalization.

    Example:

    >>> discriminator = ConditionalDCGANDiscriminator((28, 28, 1), num_classes=10)
    >>> images, labels = keras.ops.ones((2, 28, 28, 1)), keras.ops.array([3, 7])
    >>> discriminator([images, labels]).shape
    TensorShape([2, 1])
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        num_classes: int,
        filters: int = 64,
        conditioning: str = "projection",
        normalization: str | None = None,
        synchronized: bool = False,
        depth: int | None = None,
        name: str | None = None,
    ):
        network = "ConditionalDCGANDiscriminator"
        image_shape = check_image_shape(image_shape, network, None)
        check_depth(image_shape, network)
        num_classes = check_integer(num_classes, "num_classes", 1)
        filters = check_integer(filters, "filters", 1)
        told.check(conditioning, ("projection", "concatenation"), network)
        convolutions.check_normalization(
            normalization, ("batch", "layer", "spectral", None), network
        )

        if depth is not None:
            depth = check_integer(depth, "depth", 1)

        images = keras.Input(image_shape, name="images")
        labels = told.labels_input()
        x = images
        if conditioning == "concatenation":
            x = told.beside(images, labels, num_classes)
        x = convolutions.downsampling_stack(
            x, filters, normalization, synchronized, depth
        )
        logits = convolutions.logits(x, 1, normalization)
        if conditioning == "projection":
            projections = convolutions.logits(
                x, num_classes, normalization, use_bias=False, name="projections"
            )
            logits += told.chosen(projections, labels, num_classes)
        super().__init__(
            [images, labels],
            logits,
            name=name,
            image_shape=image_shape,
            num_classes=num_classes,
            filters=filters,
            conditioning=conditioning,
            normalization=normalization,
            synchronized=synchronized,
            depth=depth,
        )
