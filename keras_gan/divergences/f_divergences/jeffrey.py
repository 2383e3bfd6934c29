"""Jeffrey's divergence: KL in both directions."""

import math

import numpy as np
from keras import ops
from numpy.typing import ArrayLike
from scipy.special import wrightomega

from keras_gan.core.exponential import LINEAR_ABOVE
from keras_gan.core.typing import Array, Tensor
from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.divergences.mass import kl_terms

NEWTON_STEPS = 6  # the error, at most 0.3 after one, is squared by each further one


class Jeffrey(Divergence):
    """Jeffrey's divergence KL(p || q) + KL(q || p), f(u) = (u - 1) log u: symmetric.

    f*(t) = w + 1/w + t - 2 with w + log w = 1 - t, that is w = W(exp(1 - t)) with
    Lambert's W; the best u is 1/w. T = logit.

    Example:

    >>> round(Jeffrey()([0.75, 0.25], [0.25, 0.75]), 4)  # log 3
    1.0986
    """

    threshold = 0.0
    at_zero = math.inf
    at_infinity = math.inf

    def f(self, ratio: ArrayLike) -> Array:
        ratio = self.ratio(ratio)
        return (ratio - 1) * np.log(ratio)

    def derivative(self, ratio: ArrayLike) -> Array:
        ratio = self.ratio(ratio)
        return np.log(ratio) + 1 - 1 / ratio

    def conjugate(self, t: ArrayLike) -> Array:
        w = wrightomega(1 - self.slope(t))
        with np.errstate(divide="ignore"):
            # w + t = 1 - log w, so that a large w and a large -t do not cancel
            return 1 / w - np.log(w) - 1

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return kl_terms(p, q) + kl_terms(q, p)

    def activation(self, logits: Tensor) -> Tensor:
        return logits

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        log_w = log_of_omega(1 - ops.minimum(logits, LINEAR_ABOVE))
        # w + t = 1 - log w, so that a large w and a large -t do not cancel
        value = ops.exp(-log_w) - log_w - 1
        slope = float(1 / wrightomega(1 - LINEAR_ABOVE))
        return value + slope * ops.maximum(logits - LINEAR_ABOVE, 0.0)


def log_of_omega(s: Tensor) -> Tensor:
    """The y of exp(y) + y = s, by Newton's method from above: tensor -> tensor."""
    y = ops.where(s > 1, ops.log(ops.maximum(s, 1.0)), s)
    for _ in range(NEWTON_STEPS):
        y = y - (ops.exp(y) + y - s) / (ops.exp(y) + 1)
    return y
