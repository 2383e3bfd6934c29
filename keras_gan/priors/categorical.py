"""The categorical prior: one of K classes, as a one-hot row."""

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.priors.prior import Prior

ROUNDING = 1e-6  # what a sum of float32 probabilities may be away from 1


@register
class Categorical(Prior):
    """Categorical prior: one of K classes, one-hot, c = e_k with probability p_k.

    Args:
        num_classes: int >= 2, K; the width of a row too.
        probabilities: None (each 1/K), or K positive numbers whose sum is 1.

    Raises:
        ValueError: for fewer than 2 classes, or what are no probabilities of them.

    Example:

    >>> from keras_gan.core.randomness import seed_of
    >>> codes = Categorical(3)(4, seed_of(0, "docs")).numpy()
    >>> codes.sum(axis=1).tolist(), sorted(set(codes.ravel().tolist()))
    ([1.0, 1.0, 1.0, 1.0], [0.0, 1.0])
    >>> round(Categorical(10).entropy, 4)  # log 10
    2.3026
    """

    def __init__(self, num_classes: int, probabilities: ArrayLike | None = None):
        self.num_classes = check_integer(num_classes, "num_classes", 1)
        if self.num_classes == 1:
            raise ValueError(
                "A categorical prior chooses between classes: num_classes >= 2. "
                "Received: num_classes=1."
            )
        super().__init__(self.num_classes)
        self.probabilities = None
        if probabilities is not None:
            self.probabilities = self._checked(probabilities)

    def _checked(self, probabilities):
        vector = as_floats(probabilities, "probabilities")
        if vector.shape != (self.num_classes,) or not (vector > 0).all():
            raise ValueError(
                f"probabilities are num_classes={self.num_classes} positive numbers. "
                f"Received: {probabilities!r}."
            )
        if abs(vector.sum() - 1) > ROUNDING:
            raise ValueError(
                f"probabilities have the sum 1. Received: {probabilities!r}, with the "
                f"sum {vector.sum():.6g}. Divide them by it."
            )
        return vector.tolist()

    def _shares(self):
        if self.probabilities is None:
            return np.full(self.num_classes, 1 / self.num_classes)
        return np.array(self.probabilities)

    def __call__(self, batch_size: int | Tensor, seed: Tensor) -> Tensor:
        uniform = randomness.uniform((batch_size, 1), seed)
        # As many as there are classes whose cumulated probability is not above it.
        ends = tf.constant(np.cumsum(self._shares())[:-1], tf.float32)
        classes = tf.reduce_sum(tf.cast(uniform >= ends, tf.int32), axis=1)
        return tf.one_hot(classes, self.num_classes)

    @property
    def entropy(self) -> float:
        """H(c) = -sum p_k log p_k, a float in nats."""
        shares = self._shares()
        return float(-np.sum(shares * np.log(shares)))

    def get_config(self) -> Config:
        return {"num_classes": self.num_classes, "probabilities": self.probabilities}
