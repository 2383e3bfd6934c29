"""The reverse KL divergence: KL with its arguments exchanged."""

import math

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.exponential import tangent_exp
from keras_gan.core.typing import Array, Tensor
from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.divergences.mass import kl_terms


class ReverseKL(Divergence):
    """Reverse KL divergence KL(q || p), f(u) = -log u: the model stays in the data.

    f*(t) = -1 - log(-t) for t < 0, T = -exp(-logit).

    Example:

    >>> round(ReverseKL()([0.5, 0.5], [1.0, 0.0]), 4)  # log 2
    0.6931
    """

    threshold = -1.0
    at_zero = math.inf
    at_infinity = 0.0

    def f(self, ratio: ArrayLike) -> Array:
        return -np.log(self.ratio(ratio))

    def derivative(self, ratio: ArrayLike) -> Array:
        return -1 / self.ratio(ratio)

    def conjugate(self, t: ArrayLike) -> Array:
        with np.errstate(divide="ignore"):  # Inf at the end of the domain
            return -1 - np.log(-self.slope(t))

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return kl_terms(q, p)

    def activation(self, logits: Tensor) -> Tensor:
        return -tangent_exp(-logits)

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        return logits - 1  # -1 - log exp(-logit)
