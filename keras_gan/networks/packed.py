"""The packed discriminator (Lin et al., 2018: PacGAN): several samples at once."""

from typing import Self

import keras

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import Config
from keras_gan.layers import Pack
from keras_gan.networks.network import Network


@register
class Packed(Network):
    """Packed discriminator: one logit for each m successive samples.

    Samples (batch, ...) -> logits (batch / m, 1).

    The discriminator inside sees m samples side by side, in the channels of an image or
    the features of a vector. m samples of a generator that lost modes look less diverse
    than m of the data, which one sample does not show (Lin et al., 2018, PacGAN).

    Losses and scores are means over packs. A penalty sees the slope of a pack's logit
    by each of its samples: R1 takes the mean over samples of |dD/dx_i|^2, which is 1/m
    of the squared slope by the whole pack. A logit belongs to no single sample: it is
    no density ratio, and `evaluate` leaves accuracies out.

    Every batch, that of each replica and the last one too, must hold a multiple of m
    samples; replicas then see the packs that one device would.

    Args:
        discriminator: built `keras.Model` with one input whose last side is m times the
            samples', such as `DCGANDiscriminator((28, 28, 2))` for m = 2 and images
            (28, 28, 1).
        pack_size: int >= 1, m, the degree of packing.

    Raises:
        ValueError: for a discriminator with several inputs, or whose last side is no
            multiple of m.

    Example:

    >>> from keras_gan.networks import MLPDiscriminator
    >>> packed = Packed(MLPDiscriminator((6,), widths=(8,)), pack_size=3)
    >>> packed.input_shape, packed(keras.ops.ones((12, 2))).shape
    ((None, 2), TensorShape([4, 1]))
    """

    def __init__(
        self, discriminator: keras.Model, pack_size: int, name: str | None = None
    ):
        pack_size = check_integer(pack_size, "pack_size", 1)
        if not getattr(discriminator, "inputs", None) or len(discriminator.inputs) != 1:
            raise ValueError(
                "Packed takes a discriminator with one input, started with "
                f"keras.Input(shape). Received: {discriminator!r}."
            )
        *sides, channels = discriminator.inputs[0].shape[1:]
        if channels % pack_size:
            raise ValueError(
                f"A discriminator of packs of {pack_size} samples takes {pack_size} "
                f"times their channels (features). Received: one that takes {channels}."
            )
        inputs = keras.Input((*sides, channels // pack_size), name="samples")
        super().__init__(
            inputs,
            discriminator(Pack(pack_size, name="packs")(inputs)),
            name=name,
            discriminator=discriminator,
            pack_size=pack_size,
        )

    def get_config(self) -> Config:
        inner = keras.saving.serialize_keras_object(self.discriminator)
        return {**super().get_config(), "discriminator": inner}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        inner = keras.saving.deserialize_keras_object(config["discriminator"])
        return super().from_config({**config, "discriminator": inner})
