"""Neyman's chi squared: relative to the data."""

import math

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.exponential import tangent_exp
from keras_gan.core.typing import Array, Tensor
from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.divergences.mass import square_over


class Neyman(Divergence):
    """Neyman's chi squared, sum (p - q)^2/p, f(u) = (1 - u)^2/u.

    f*(t) = 2 - 2 sqrt(1 - t) for t < 1, T = 1 - exp(-logit).

    Example:

    >>> Neyman()([0.5, 0.5], [0.75, 0.25])  # 2 * 0.25^2 / 0.5
    0.25
    """

    threshold = 0.0
    at_zero = math.inf
    at_infinity = 1.0

    def f(self, ratio: ArrayLike) -> Array:
        return square_over(1 - self.ratio(ratio), ratio)

    def derivative(self, ratio: ArrayLike) -> Array:
        return 1 - np.square(1 / self.ratio(ratio))

    def conjugate(self, t: ArrayLike) -> Array:
        return 2 - 2 * np.sqrt(1 - self.slope(t))

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return square_over(p - q, p)

    def activation(self, logits: Tensor) -> Tensor:
        return 1 - tangent_exp(-logits)

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        return 2 - 2 * tangent_exp(-logits / 2)
