"""Kullback-Leibler as an f-divergence."""

import math

import numpy as np

from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.exponential import tangent_exp


class KL(Divergence):
    """KL(p || q), f(u) = u log u: the model must cover the data.

    f*(t) = exp(t - 1), T = logit.

    Example:

    >>> round(KL()([1.0, 0.0], [0.5, 0.5]), 4)  # log 2
    0.6931
    """

    threshold = 1.0
    at_zero = 0.0
    at_infinity = math.inf

    def f(self, ratio):
        return ratio * np.log(ratio)

    def derivative(self, ratio):
        return 1 + np.log(ratio)

    def conjugate(self, t):
        return np.exp(np.subtract(t, 1))

    def activation(self, logits):
        return logits

    def conjugate_of_activation(self, logits):
        return tangent_exp(logits - 1)
