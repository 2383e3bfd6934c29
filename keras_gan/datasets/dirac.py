"""The Dirac distribution: a point, on which games can be worked out by hand."""

import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core.covariance import as_floats

from .known_distribution import KnownDistribution


class Dirac(KnownDistribution):
    """Dirac distribution: it gives one point only.

    With the point 0 it is the data of the Dirac-GAN (Mescheder et al., 2018).

    Args:
        point: float, or vector (dim,).

    Raises:
        ValueError: if `point` is none of these, or not finite.

    Example:

    >>> Dirac([1.0, -2.0]).sample(2).tolist()
    [[1.0, -2.0], [1.0, -2.0]]
    """

    def __init__(self, point: ArrayLike = 0.0) -> None:
        self.point = as_floats(point, "point").reshape(-1)
        if as_floats(point, "point").ndim > 1 or len(self.point) < 1:
            raise ValueError(
                f"point is a number or a vector (dim,). Received: {point!r}."
            )
        self.dim = len(self.point)

    def draw(self, rows: int | tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        return tf.tile(tf.constant(self.point[None], tf.float32), [rows, 1])
