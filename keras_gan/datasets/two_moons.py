"""Two moons: two half circles, each of which reaches into the other."""

import math

import tensorflow as tf

from keras_gan.core import randomness

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

    def draw(self, rows: int | tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        where, away = randomness.derived(seed, 0), randomness.derived(seed, 1)
        share = tf.cast(randomness.uniform((rows, 2), where), tf.float64)
        angle = math.pi * share[:, 0]
        upper = tf.stack([tf.cos(angle), tf.sin(angle)], axis=1)
        lower = tf.constant([1.0, 0.5], tf.float64) - upper
        points = tf.where(share[:, 1:] < 0.5, upper, lower)
        z = tf.cast(randomness.normal((rows, 2), away), tf.float64)
        return tf.cast(points + self.noise * z, tf.float32)
