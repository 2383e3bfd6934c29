"""Approximate R1 and R2: slopes by finite differences, without second derivatives."""

import functools
import operator

import tensorflow as tf
from keras import ops

from keras_gan.core import randomness
from keras_gan.core.randomness import derived
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Nest, Tensor
from keras_gan.penalties import slope
from keras_gan.penalties.penalty import DifferencePenalty
from keras_gan.schedules import Schedule
from keras_gan.schedules.schedule import config_of


class _Approximate(DifferencePenalty):
    """gamma/2 E (D(x + sigma e) - D(x))^2 / sigma^2, e standard normal."""

    def __init__(
        self,
        gamma: float | Schedule = 10.0,
        sigma: float = 0.01,
        every: int = 1,
        name: str | None = None,
    ):
        super().__init__(every, name)
        self.gamma = slope.checked_weight(gamma, "gamma")
        if not 0 < sigma < float("inf"):
            raise ValueError(
                "sigma is the standard deviation of the steps by which differences "
                f"are taken, and is positive. Received: sigma={sigma}."
            )
        self.sigma = float(sigma)

    def near(self, samples: Nest, seed: Tensor) -> Nest:
        parts = tf.nest.flatten(samples)
        moved = [
            part
            + self.sigma * slope.drawn_like(part, randomness.noise, derived(seed, i))
            for i, part in enumerate(parts)
        ]
        return tf.nest.pack_sequence_as(samples, moved)

    def of_logits(self, logits: Nest, near: Nest) -> Tensor:
        rise = (_of_each(near) - _of_each(logits)) / self.sigma
        return 0.5 * slope.weight_now(self.gamma) * ops.mean(ops.square(rise))

    def get_config(self) -> Config:
        return {
            "gamma": config_of(self.gamma),
            "sigma": self.sigma,
            **super().get_config(),
        }


@register
class ApproximateR1(_Approximate):
    """Approximate R1 penalty, by finite differences at real data.

    gamma/2 E (D(x + sigma e) - D(x))^2 / sigma^2 with e standard normal: in expectation
    R1 up to terms of sigma^2, since E (grad D . e)^2 = |grad D|^2 (Lin et al., 2025,
    arXiv 2501.08316). It needs a pass more and no second derivative, and its draws add
    noise: of a linear discriminator on n samples, a relative standard deviation of
    sqrt(2/n).

    Differences of float32 logits are exact to some 1e-7 of the logits, so to some
    1e-5 of them over a sigma of 0.01; under mixed precision they are not.

    Args:
        gamma: float >= 0, or a schedule of such, the weight, that of `R1`.
        sigma: float > 0, in units of the samples; of images in [-1, 1] the paper's
            0.01.
        every: int >= 1, see `Penalty`.
        name: str, its log key.

    Raises:
        ValueError: if `gamma` is negative or `sigma` is not positive.

    Example:

    >>> import keras
    >>> from keras_gan.core.randomness import seed_of
    >>> x = keras.ops.ones((4000, 2))
    >>> penalty = ApproximateR1(gamma=2.0)  # 2/2 * 3^2, and 2 % of noise
    >>> value = penalty(lambda x: 3 * x[:, :1], x, x, seed_of(0, "docs"))
    >>> bool(abs(value - 9) < 0.6)
    True
    """

    at = "real"


@register
class ApproximateR2(_Approximate):
    """Approximate R2 penalty, by differences: `ApproximateR1`, at fakes.

    Args:
        gamma: float >= 0, or a schedule of such, the weight, that of `R2`.
        sigma: float > 0, in units of the samples.
        every: int >= 1, see `Penalty`.
        name: str, its log key.

    Raises:
        ValueError: if `gamma` is negative or `sigma` is not positive.

    Example:

    >>> ApproximateR2(gamma=1.0).name
    'approximate_r2'
    """

    at = "fake"


def _of_each(logits):
    """The sum of each sample's logits: nest of (batch, ...) -> (batch,)."""
    sums = [
        ops.sum(part, axis=tuple(range(1, len(part.shape))))
        for part in tf.nest.flatten(logits)
    ]
    return functools.reduce(operator.add, sums)
