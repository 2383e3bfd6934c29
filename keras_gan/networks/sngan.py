"""SNGAN's residual networks (Miyato et al., 2018), for 32 to 128 pixels."""

from collections.abc import Sequence

import keras

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.networks import residual
from keras_gan.networks.convolutions import normalized
from keras_gan.networks.network import Network


@register
class SNGANGenerator(Network):
    """SNGAN generator: from latents to images in [-1, 1], by residual blocks.

    Latents (batch, latent_dim) -> images (batch, *image_shape).

    A dense layer makes 4 x 4 pixels (6 x 6 for 48), then each block doubles the sides:
    x doubled, by a convolution of 1 x 1, + (batch normalization, ReLU, doubling,
    convolution, normalization, ReLU, convolution)(x), of 3 x 3. At last normalization,
    ReLU, a convolution and tanh. Doubling repeats pixels. Layers and first weights are
    those of the authors' code (Glorot, times sqrt(2) within blocks).

    With `attention` one map attends to itself (Zhang et al., 2019;
    `layers.SelfAttention`), behind the block that ends with this side. SAGAN also has
    spectral normalization in its generator, this one none.

    Args:
        image_shape: (side, side, channels) with 1 to 4 channels and a side of 32, 48,
            64 or 128.
        latent_dim: int >= 1; the authors' 128.
        filters: int >= 1, channels at the image's size; or None, the authors': 256 for
            32 pixels, in all blocks; else 64, in earlier blocks up to 16 times as many.
        attention: None, or a side in pixels: 8, 16, ... up to the image's, of 48 pixels
            12, 24 or 48.
        synchronized: bool, whether batch normalization takes the statistics of the
            global batch when several replicas train (each its own by default).

    Raises:
        ValueError: for a size that does not fit, naming the nearest ones.

    Example:

    >>> generator = SNGANGenerator((32, 32, 3), latent_dim=128)
    >>> sum(v.numpy().size for v in generator.trainable_variables)
    4276739
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_dim: int = 128,
        filters: int | None = None,
        attention: int | None = None,
        synchronized: bool = False,
        name: str | None = None,
    ):
        image_shape, filters, attention = residual.check_generator(
            "SNGANGenerator", image_shape, filters, attention
        )
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        latents = keras.Input((latent_dim,), name="latents")
        images = residual.upsampling_stack(
            latents,
            image_shape,
            filters,
            attention,
            lambda x, name: normalized(x, "batch", synchronized, name),
            synchronized,
        )
        super().__init__(
            latents,
            images,
            name=name,
            image_shape=image_shape,
            latent_dim=latent_dim,
            filters=filters,
            attention=attention,
            synchronized=synchronized,
        )


@register
class SNGANDiscriminator(Network):
    """SNGAN discriminator: images (batch, *image_shape) -> logits (batch, 1).

    Residual blocks, the first of which halve the sides by means of 2 x 2 pixels: x, by
    a convolution of 1 x 1 where its shape changes, + (ReLU, convolution, ReLU,
    convolution)(x), of 3 x 3. At last ReLU, the sum over all positions and a dense
    layer. The weights of every layer are divided by their spectral norm
    (`layers.SpectralNormalization`), and nothing is normalized over a batch: a logit is
    its sample's own. The authors play it with the hinge loss, Adam (2e-4, beta_1 0,
    beta_2 0.9) and 5 moves a step.

    Args:
        image_shape: (side, side, channels), sides as for `SNGANGenerator`, with any
            number of channels (`Packed` samples have many).
        filters: int >= 1, channels after the first block; or None, the authors': 128
            for 32 pixels, in all blocks; else 64, in later blocks up to 16 times as
            many.
        attention: None, or a side in pixels at which a map attends to itself
            (`layers.SelfAttention`, spectral), behind the block that ends with it: the
            image's, halved once or more, if even and at least 4.

    Raises:
        ValueError: for a size that does not fit, naming the nearest ones.

    Example:

    >>> discriminator = SNGANDiscriminator((32, 32, 3))
    >>> sum(v.numpy().size for v in discriminator.trainable_variables)
    1053825
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        filters: int | None = None,
        attention: int | None = None,
        name: str | None = None,
    ):
        image_shape, filters, attention = residual.check_discriminator(
            "SNGANDiscriminator", image_shape, filters, attention
        )
        images = keras.Input(image_shape, name="images")
        features = residual.downsampling_stack(images, filters, attention)
        super().__init__(
            images,
            residual.logits(features, 1),
            name=name,
            image_shape=image_shape,
            filters=filters,
            attention=attention,
        )
