"""The Kullback-Leibler divergence as an f-divergence."""

import math

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.exponential import tangent_exp
from keras_gan.core.typing import Array, Tensor
from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.divergences.mass import kl_terms


class KL(Divergence):
    """KL divergence KL(p || q), f(u) = u log u: the model must cover the data.

    f*(t) = exp(t - 1), T = logit.

    Example:

    >>> round(KL()([1.0, 0.0], [0.5, 0.5]), 4)  # log 2
    0.6931
    """

    threshold = 1.0
    at_zero = 0.0
    at_infinity = math.inf

    def f(self, ratio: ArrayLike) -> Array:
        ratio = self.ratio(ratio)
        return ratio * np.log(ratio)

    def derivative(self, ratio: ArrayLike) -> Array:
        return 1 + np.log(self.ratio(ratio))

    def conjugate(self, t: ArrayLike) -> Array:
        return np.exp(self.slope(t) - 1)

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return kl_terms(p, q)

    def activation(self, logits: Tensor) -> Tensor:
        return logits

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        return tangent_exp(logits - 1)
