"""The squared Hellinger distance: that of the square roots of two densities."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.exponential import tangent_exp
from keras_gan.core.typing import Array, Tensor
from keras_gan.divergences.f_divergences.divergence import Divergence


class SquaredHellinger(Divergence):
    """Squared Hellinger distance, sum (sqrt p - sqrt q)^2, f(u) = (sqrt u - 1)^2.

    Without the factor 1/2, so in [0, 2]. f*(t) = t/(1 - t) for t < 1,
    T = 1 - exp(-logit).

    Example:

    >>> SquaredHellinger()([1.0, 0.0], [0.0, 1.0])
    2.0
    """

    threshold = 0.0
    at_zero = 1.0
    at_infinity = 1.0

    def f(self, ratio: ArrayLike) -> Array:
        return np.square(np.sqrt(self.ratio(ratio)) - 1)

    def derivative(self, ratio: ArrayLike) -> Array:
        return 1 - 1 / np.sqrt(self.ratio(ratio))

    def conjugate(self, t: ArrayLike) -> Array:
        t = self.slope(t)
        with np.errstate(divide="ignore"):  # Inf at the end of the domain
            return t / (1 - t)

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        roots = np.sqrt(p) + np.sqrt(q)  # (p - q)/roots is the difference of the roots
        return np.square((p - q) / np.where(roots > 0, roots, 1.0))

    def activation(self, logits: Tensor) -> Tensor:
        return 1 - tangent_exp(-logits)

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        return tangent_exp(logits) - 1
