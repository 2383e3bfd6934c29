"""The swiss roll: a sheet of two dimensions rolled up in three."""

import math

import tensorflow as tf

from keras_gan.core import randomness

from .known_distribution import KnownDistribution
from .noise import check_noise


class SwissRoll(KnownDistribution):
    """Swiss roll: (t cos t, h, t sin t) + noise, t ~ U[1.5 pi, 4.5 pi), h ~ U[0, 21).

    The sheet of `sklearn.datasets.make_swiss_roll`, in its units: t is the distance
    from the axis, h the place along it. Drawn statelessly, so the numbers are not
    those of scikit-learn.

    Args:
        noise: float >= 0, the standard deviation of N(0, I) added to each point.

    Raises:
        ValueError: if `noise` is no such number.

    Example:

    >>> SwissRoll(noise=0.1).sample(4, seed=0).shape
    (4, 3)
    """

    dim = 3

    def __init__(self, noise: float = 0.0) -> None:
        self.noise = check_noise(noise)

    def draw(self, rows: int | tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        where, away = randomness.derived(seed, 0), randomness.derived(seed, 1)
        share = tf.cast(randomness.uniform((rows, 2), where), tf.float64)
        t = 1.5 * math.pi * (1 + 2 * share[:, 0])
        height = 21 * share[:, 1]
        points = tf.stack([t * tf.cos(t), height, t * tf.sin(t)], axis=1)
        z = tf.cast(randomness.normal((rows, 3), away), tf.float64)
        return tf.cast(points + self.noise * z, tf.float32)
