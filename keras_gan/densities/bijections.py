"""Bijections: layers that know their inverse and their log determinant."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from keras_gan.core.typing import BatchShape, Tensor
from keras_gan.densities.density import solved, triangular


class Triangular(keras.layers.Layer):
    """Affine map z = A (x - mu), A lower triangular with a positive diagonal.

    Called on x (batch, dim) it gives z and log |det A| (batch,).
    """

    def __init__(self, dim: int, name: str | None = None):
        super().__init__(name=name, dtype="float32")
        self.dim = dim
        self.mean = self.add_weight((dim,), "zeros", name="mean")
        numbers = dim * (dim + 1) // 2
        self.numbers = self.add_weight((numbers,), "zeros", name="factor")
        self.built = True

    def factor(self) -> Tensor:
        """A, (dim, dim)."""
        return triangular(ops.convert_to_tensor(self.numbers), self.dim)

    def call(self, x: Tensor) -> tuple[Tensor, Tensor]:
        z = ops.matmul(x - self.mean, ops.transpose(self.factor()))
        return z, ops.sum(self.numbers[: self.dim]) + ops.zeros_like(x[:, 0])

    def inverse(self, z: Tensor) -> Tensor:
        return self.mean + solved(self.factor(), z)


class UnitUpper(keras.layers.Layer):
    """Linear map z = U x, U upper triangular with a diagonal of ones: det U = 1."""

    def __init__(self, dim: int, name: str | None = None):
        super().__init__(name=name, dtype="float32")
        self.dim = dim
        numbers = dim * (dim - 1) // 2
        self.numbers = self.add_weight((numbers,), "zeros", name="factor")
        self.built = True

    def factor(self) -> Tensor:
        """U, (dim, dim)."""
        numbers = ops.convert_to_tensor(self.numbers)
        flat = ops.concatenate([ops.zeros((self.dim,)), numbers])
        return ops.transpose(triangular(flat, self.dim))

    def call(self, x: Tensor) -> tuple[Tensor, Tensor]:
        z = ops.matmul(x, ops.transpose(self.factor()))
        return z, ops.zeros_like(x[:, 0])

    def inverse(self, z: Tensor) -> Tensor:
        return solved(self.factor(), z, lower=False)


class Coupling(keras.layers.Layer):
    """Affine coupling (Dinh et al., 2017, eqs. 4, 5): z_b = x_b exp(s(x_a)) + t(x_a).

    x_a stays as it is, so that x_b = (z_b - t(x_a)) exp(-s(x_a)) inverts it whatever s
    and t are: a network of dense layers, whose last one begins at 0. s is kept within
    (-2, 2) by 2 tanh(./2), where the paper has a learned scale.

    Args:
        dim: int >= 2.
        parity: 0 or 1: whether x_a are the coordinates of even or of odd index.
        widths: of the hidden layers.
        name: str.
    """

    def __init__(
        self, dim: int, parity: int, widths: Sequence[int], name: str | None = None
    ):
        super().__init__(name=name, dtype="float32")
        self.kept = np.arange(parity, dim, 2)
        self.moved = np.arange(1 - parity, dim, 2)
        self.order = np.argsort(np.concatenate([self.kept, self.moved]))
        self.hidden = [
            keras.layers.Dense(width, "tanh", name=f"hidden_{number}")
            for number, width in enumerate(widths, 1)
        ]
        self.last = keras.layers.Dense(
            2 * len(self.moved),
            kernel_initializer="zeros",
            dtype="float32",
            name="scale_and_shift",
        )

    def build(self, input_shape: BatchShape) -> None:
        width = len(self.kept)
        for layer in [*self.hidden, self.last]:
            layer.build((None, width))
            width = layer.units
        self.built = True

    def scale_and_shift(self, kept: Tensor) -> tuple[Tensor, Tensor]:
        """s and t, (batch, moved coordinates) each."""
        x = kept
        for layer in self.hidden:
            x = layer(x)
        scale, shift = ops.split(self.last(x), 2, axis=-1)
        return 2 * ops.tanh(scale / 2), shift

    def call(self, x: Tensor) -> tuple[Tensor, Tensor]:
        kept, moved = (ops.take(x, part, axis=1) for part in (self.kept, self.moved))
        scale, shift = self.scale_and_shift(kept)
        z = ops.concatenate([kept, moved * ops.exp(scale) + shift], axis=1)
        return ops.take(z, self.order, axis=1), ops.sum(scale, axis=1)

    def inverse(self, z: Tensor) -> Tensor:
        kept, moved = (ops.take(z, part, axis=1) for part in (self.kept, self.moved))
        scale, shift = self.scale_and_shift(kept)
        x = ops.concatenate([kept, (moved - shift) * ops.exp(-scale)], axis=1)
        return ops.take(x, self.order, axis=1)
