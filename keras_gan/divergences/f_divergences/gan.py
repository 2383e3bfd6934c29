"""The f-divergence of the first GAN's game."""

import math

import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.typing import Array, Tensor
from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.divergences.js import js_terms


class GAN(Divergence):
    """GAN divergence 2 JS(p, q) - log 4: the minimax game's value at its optimal D.

    f(u) = u log u - (u + 1) log(u + 1), f*(t) = -log(1 - exp t) for t < 0,
    T = -log(1 + exp(-logit)) = log D. As a loss it is `Minimax`.

    Example:

    >>> round(GAN()([0.5, 0.5], [0.5, 0.5]), 4)  # -log 4
    -1.3863
    """

    threshold = -math.log(2)
    at_zero = 0.0
    at_infinity = 0.0

    def f(self, ratio: ArrayLike) -> Array:
        ratio = self.ratio(ratio)
        return ratio * self.derivative(ratio) - np.log1p(ratio)

    def derivative(self, ratio: ArrayLike) -> Array:
        # log(u/(u + 1)) = log D*, without the 1/u that may be Inf
        return -np.logaddexp(0, -np.log(self.ratio(ratio)))

    def conjugate(self, t: ArrayLike) -> Array:
        with np.errstate(divide="ignore"):  # Inf at the end of the domain
            return -np.log(-np.expm1(self.slope(t)))

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return js_terms(p, q) - math.log(2) * (p + q)

    def activation(self, logits: Tensor) -> Tensor:
        return -ops.softplus(-logits)

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        return ops.softplus(logits)  # -log(1 - sigmoid)
