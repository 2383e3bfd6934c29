"""The base of flows: bijections one after another, between data and a base density."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import KerasTensor

from keras_gan.core.typing import Tensor
from keras_gan.densities.density import Density, standard_normal


class Flow(Density):
    """Flow: log p(x) = log p_base(f(x)) + log |det df/dx| (Dinh et al., 2017, eq. 3).

    Args:
        dim: int >= 1.
        bijections: layers x -> (z, log determinant) with an `inverse`; f is all of them
            in this order.
        base_density: the log density of z, (batch, dim) -> (batch,).
        name: str, or None.
        **arguments: further arguments of the subclass's constructor.
    """

    def __init__(
        self,
        dim: int,
        bijections: Sequence[keras.layers.Layer],
        base_density: Callable[[KerasTensor], KerasTensor] = standard_normal,
        name: str | None = None,
        **arguments: Any,
    ):
        inputs = keras.Input((dim,), name="samples")
        z, total = inputs, 0.0
        for bijection in bijections:
            z, change = bijection(z)
            total += change
        super().__init__(
            inputs, base_density(z) + total, name=name, dim=dim, **arguments
        )
        self.bijections = list(bijections)

    def generate(self, latents: Tensor) -> Tensor:
        """Latents of the base density (rows, dim) -> samples x = f^-1(z)."""
        x = latents
        for bijection in reversed(self.bijections):
            x = bijection.inverse(x)
        return x
