"""The first GAN's game as an f-divergence."""

import math

import numpy as np
from keras import ops

from keras_gan.divergences.f_divergences.divergence import Divergence


class GAN(Divergence):
    """2 JS(p, q) - log 4: the value of the minimax game at its optimal discriminator.

    f(u) = u log u - (u + 1) log(u + 1), f*(t) = -log(1 - exp t) for t < 0,
    T = -log(1 + exp(-logit)) = log D. As a loss it is `Minimax`.

    Example:

    >>> round(GAN()([0.5, 0.5], [0.5, 0.5]), 4)  # -log 4
    -1.3863
    """

    threshold = -math.log(2)
    at_zero = 0.0
    at_infinity = 0.0

    def f(self, ratio):
        ratio = np.asarray(ratio)
        return ratio * np.log(ratio) - (ratio + 1) * np.log1p(ratio)

    def derivative(self, ratio):
        return -np.log1p(1 / np.asarray(ratio))  # log(u/(u + 1)) = log D*

    def conjugate(self, t):
        return -np.log(-np.expm1(t))

    def activation(self, logits):
        return -ops.softplus(-logits)

    def conjugate_of_activation(self, logits):
        return ops.softplus(logits)  # -log(1 - sigmoid)
