"""The distance of the square roots of two densities."""

import numpy as np

from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.exponential import tangent_exp


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

    def f(self, ratio):
        return np.square(np.sqrt(ratio) - 1)

    def derivative(self, ratio):
        return 1 - 1 / np.sqrt(ratio)

    def conjugate(self, t):
        return t / np.subtract(1, t)

    def activation(self, logits):
        return 1 - tangent_exp(-logits)

    def conjugate_of_activation(self, logits):
        return tangent_exp(logits) - 1
