"""Pearson's chi squared: relative to the model."""

import math

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.typing import Array, Tensor
from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.divergences.mass import square_over


class Pearson(Divergence):
    """Pearson's chi squared, sum (p - q)^2/q, f(u) = (u - 1)^2.

    f*(t) = t^2/4 + t, T = logit. As in the paper, f is taken on the whole line: for
    t < -2 this f* lies above the conjugate of f on u >= 0.

    Example:

    >>> Pearson()([0.75, 0.25], [0.5, 0.5])  # 2 * 0.25^2 / 0.5
    0.25
    """

    threshold = 0.0
    at_zero = 1.0
    at_infinity = math.inf

    def f(self, ratio: ArrayLike) -> Array:
        return np.square(self.ratio(ratio) - 1)

    def derivative(self, ratio: ArrayLike) -> Array:
        return 2 * (self.ratio(ratio) - 1)

    def conjugate(self, t: ArrayLike) -> Array:
        t = self.slope(t)
        return np.square(t) / 4 + t

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return square_over(p - q, q)

    def activation(self, logits: Tensor) -> Tensor:
        return logits

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        return logits * logits / 4 + logits
