"""Twice the Jensen-Shannon divergence, as the f-GAN paper has it."""

import math

import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.typing import Array, Tensor
from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.divergences.js import js_terms

LOG2 = math.log(2)


class JensenShannon(Divergence):
    """Jensen-Shannon divergence, twice: KL(p || m) + KL(q || m), m = (p + q)/2.

    f(u) = u log u - (u + 1) log((u + 1)/2), f*(t) = -log(2 - exp t) for t < log 2,
    T = log 2 - log(1 + exp(-logit)). Twice `divergences.js`: the f-GAN paper leaves
    out the weights 1/2.

    Example:

    >>> round(JensenShannon()([1.0, 0.0], [0.0, 1.0]), 4)  # 2 log 2
    1.3863
    """

    threshold = 0.0
    at_zero = LOG2
    at_infinity = LOG2

    def f(self, ratio: ArrayLike) -> Array:
        ratio = self.ratio(ratio)
        return ratio * self.derivative(ratio) - (np.log1p(ratio) - LOG2)

    def derivative(self, ratio: ArrayLike) -> Array:
        # log(2u/(u + 1)), without the 1/u that may be Inf
        return LOG2 - np.logaddexp(0, -np.log(self.ratio(ratio)))

    def conjugate(self, t: ArrayLike) -> Array:
        with np.errstate(divide="ignore"):  # Inf at the end of the domain
            return -np.log(2 - np.exp(self.slope(t)))

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return js_terms(p, q)

    def activation(self, logits: Tensor) -> Tensor:
        return LOG2 - ops.softplus(-logits)

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        return ops.softplus(logits) - LOG2  # -log(2 - 2 sigmoid)
