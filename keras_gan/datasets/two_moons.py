"""Two moons: two half circles, each of which reaches into the other."""

import math

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core import randomness
from keras_gan.core.covariance import as_floats

from .known_distribution import KnownDistribution
from .noise import check_noise


class TwoMoons(KnownDistribution):
    """Two moons: (cos a, sin a) or (1 - cos a, 1/2 - sin a), each half the time.

    Noise is added; a ~ U[0, pi). The curves of `sklearn.datasets.make_moons`, which
    puts its points at equal angles; here they are independent, as samples of a
    distribution are.

    Args:
        noise: float >= 0, the standard deviation of N(0, I) added to each point.

    Raises:
        ValueError: if `noise` is no such number.

    Example:

    >>> TwoMoons(noise=0.05).sample(4, seed=0).shape
    (4, 2)
    """

    dim = 2

    def __init__(self, noise: float = 0.0) -> None:
        self.noise = check_noise(noise)

    def density(self, points: ArrayLike) -> np.ndarray:
        """Density p(x): float64 array (n,), the mean of N(x; curve(a), noise^2 I).

        Over a by the midpoint rule, in steps along the curve of at most noise/10.

        Args:
            points: array (n, 2).

        Raises:
            ValueError: without noise, when there is no density, or for other points.

        Example:

        >>> moons = TwoMoons(noise=0.1)
        >>> moons.density([[0.0, 1.0], [-1.0, -1.0]]).round(2).tolist()
        [0.64, 0.0]
        """
        if not self.noise:
            raise ValueError(
                "Without noise the moons are curves and have no density. Pass a noise "
                "above 0. Received: noise=0."
            )
        points = as_floats(points, "points")
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"points has the shape (n, 2). Received: {points.shape}.")
        steps = math.ceil(10 * math.pi / self.noise)
        total = np.zeros(len(points))
        for angle in math.pi * (np.arange(steps) + 0.5) / steps:
            x, y = math.cos(angle), math.sin(angle)
            for center in ((x, y), (1 - x, 0.5 - y)):
                square = np.square(points - center).sum(axis=1)
                total += np.exp(-square / (2 * self.noise**2))
        return total / (2 * steps * 2 * math.pi * self.noise**2)

    def draw(self, rows: int | tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        where, away = randomness.derived(seed, 0), randomness.derived(seed, 1)
        share = tf.cast(randomness.uniform((rows, 2), where), tf.float64)
        angle = math.pi * share[:, 0]
        upper = tf.stack([tf.cos(angle), tf.sin(angle)], axis=1)
        lower = tf.constant([1.0, 0.5], tf.float64) - upper
        points = tf.where(share[:, 1:] < 0.5, upper, lower)
        z = tf.cast(randomness.normal((rows, 2), away), tf.float64)
        return tf.cast(points + self.noise * z, tf.float32)
