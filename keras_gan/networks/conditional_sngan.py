"""SNGAN's residual networks that are told the class (Miyato and Koyama, 2018)."""

from collections.abc import Sequence

import keras

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.networks import conditioning as told
from keras_gan.networks import residual
from keras_gan.networks.network import Network


@register
class ConditionalSNGANGenerator(Network):
    """Conditional SNGAN generator: from latents and classes to images.

    Latents (batch, latent_dim), labels (batch,) -> images (batch, *image_shape).

    The layers of `SNGANGenerator`, with a scale and a shift for each class in each
    normalization within a block (`layers.ConditionalBatchNormalization`). As in the
    authors' code the one behind the last block is the same for all classes.

    Args:
        image_shape: (side, side, channels), sides as for `SNGANGenerator`.
        latent_dim: int >= 1.
        num_classes: int >= 1; labels are ints from 0 to num_classes - 1.
        filters, attention, synchronized: as for `SNGANGenerator`.

    Raises:
        ValueError: for a size that does not fit, naming the nearest ones.

    Example:

    >>> generator = ConditionalSNGANGenerator((32, 32, 3), 128, 10, filters=16)
    >>> generator([keras.ops.ones((2, 128)), keras.ops.array([3, 7])]).shape
    TensorShape([2, 32, 32, 3])
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_dim: int,
        num_classes: int,
        filters: int | None = None,
        attention: int | None = None,
        synchronized: bool = False,
        name: str | None = None,
    ):
        image_shape, filters, attention = residual.check_generator(
            "ConditionalSNGANGenerator", image_shape, filters, attention
        )
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        num_classes = check_integer(num_classes, "num_classes", 1)
        latents = keras.Input((latent_dim,), name="latents")
        labels = told.labels_input()

        def normalize(x, name):
            return told.normalized(x, labels, num_classes, synchronized, name)

        images = residual.upsampling_stack(
            latents, image_shape, filters, attention, normalize, synchronized
        )
        super().__init__(
            [latents, labels],
            images,
            name=name,
            image_shape=image_shape,
            latent_dim=latent_dim,
            num_classes=num_classes,
            filters=filters,
            attention=attention,
            synchronized=synchronized,
        )


@register
class ConditionalSNGANDiscriminator(Network):
    """Conditional SNGAN discriminator: from images and classes to logits.

    Images (batch, *image_shape), labels (batch,) -> logits (batch, 1).

    The layers of `SNGANDiscriminator`; to the logit of the features phi(x) comes
    v_y . phi(x), with a learned vector v_y of each class (projection). The vectors v_y
    together are one matrix, which is divided by its spectral norm too.

    Args:
        image_shape: (side, side, channels), sides as for `SNGANGenerator`.
        num_classes: int >= 1; labels are ints from 0 to num_classes - 1.
        filters, attention: as for `SNGANDiscriminator`.

    Raises:
        ValueError: for a size that does not fit, naming the nearest ones.

    Example:

    >>> discriminator = ConditionalSNGANDiscriminator((32, 32, 3), 10, filters=16)
    >>> images, labels = keras.ops.ones((2, 32, 32, 3)), keras.ops.array([3, 7])
    >>> discriminator([images, labels]).shape
    TensorShape([2, 1])
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        num_classes: int,
        filters: int | None = None,
        attention: int | None = None,
        name: str | None = None,
    ):
        image_shape, filters, attention = residual.check_discriminator(
            "ConditionalSNGANDiscriminator", image_shape, filters, attention
        )
        num_classes = check_integer(num_classes, "num_classes", 1)
        images = keras.Input(image_shape, name="images")
        labels = told.labels_input()
        features = residual.downsampling_stack(images, filters, attention)
        projections = residual.logits(
            features, num_classes, use_bias=False, name="projections"
        )
        super().__init__(
            [images, labels],
            residual.logits(features, 1)
            + told.chosen(projections, labels, num_classes),
            name=name,
            image_shape=image_shape,
            num_classes=num_classes,
            filters=filters,
            attention=attention,
        )
