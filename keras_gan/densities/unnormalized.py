"""The unnormalised density: any network, and a learned constant."""

from typing import Self

import keras
from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.densities.density import Density


@register
class Unnormalized(Density):
    """Unnormalised density: samples -> f(x) + c, f a network and c a learned constant.

    c stands for -log Z, Z the integral of exp f(x), which nobody knows (Gutmann and
    Hyvarinen, 2012). By maximum likelihood it would grow for ever;
    `relatives.NCE` learns it. It does not draw.

    Args:
        network: built `keras.Model`, samples (batch, dim) -> f(x) (batch, 1), such as
            `networks.MLPDiscriminator((dim,))`.

    Raises:
        ValueError: for a network of other inputs or outputs.

    Example:

    >>> from keras_gan.networks import MLPDiscriminator
    >>> density = Unnormalized(MLPDiscriminator((3,), widths=(8,)))
    >>> density.log_prob([[0.0, 1.0, 2.0]]).shape, density.log_constant
    ((1,), 0.0)
    """

    def __init__(self, network: keras.Model, name: str | None = None):
        taken = [x.shape for x in getattr(network, "inputs", None) or ()]
        made = [x.shape for x in getattr(network, "outputs", None) or ()]
        if [len(shape) for shape in taken] != [2] or made != [(None, 1)]:
            raise ValueError(
                "network is a built keras.Model from samples (batch, dim) to f(x) "
                "(batch, 1), such as networks.MLPDiscriminator((dim,)). Received: one "
                f"of inputs {taken} and outputs {made}."
            )
        inputs = keras.Input(taken[0][1:], name="samples")
        constant = _Constant(name="log_constant")
        outputs = constant(network(inputs))
        super().__init__(inputs, outputs, name=name, network=network)
        self.dim, self.constant = taken[0][1], constant

    @property
    def log_constant(self) -> float:
        """c, the estimate of -log Z, in nats."""
        return float(self.constant.value_of.numpy())

    def generate(self, latents: Tensor) -> Tensor:
        """Refuses: nobody knows how to draw from an unnormalised density.

        Raises:
            ValueError: always.
        """
        raise ValueError(
            "An Unnormalized density does not draw: it tells the height of each x, and "
            "not where x come from. Use a density that draws, such as "
            "densities.GaussianMixture."
        )

    def get_config(self) -> Config:
        inner = keras.saving.serialize_keras_object(self.network)
        return {**super().get_config(), "network": inner}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        inner = keras.saving.deserialize_keras_object(config["network"])
        return super().from_config({**config, "network": inner})


class _Constant(keras.layers.Layer):
    """f(x) (batch, 1) -> f(x) + c (batch,), in float32."""

    def __init__(self, name=None) -> None:
        super().__init__(name=name, dtype="float32")
        self.value_of = self.add_weight((), "zeros", name="constant")
        self.built = True

    def call(self, logits):
        return ops.squeeze(logits, axis=-1) + self.value_of
