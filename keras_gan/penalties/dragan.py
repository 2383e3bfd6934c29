"""DRAGAN's gradient penalty: a slope of one, around the data."""

import functools
from collections.abc import Callable

import tensorflow as tf
from keras import ops

from keras_gan.core import distribution, randomness
from keras_gan.core.randomness import derived
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Discriminate, Nest, Tensor
from keras_gan.penalties import slope
from keras_gan.penalties.penalty import Penalty
from keras_gan.schedules import Schedule
from keras_gan.schedules.schedule import config_of


@register
class DRAGAN(Penalty):
    """DRAGAN penalty, on the slope around the data: w E(|grad D(y)|/target - 1)^2.

    y = x + eps spread s u with s the standard deviation of all numbers of the (global)
    batch, u uniform in [0, 1) for each number and eps uniform in [0, 1) for each sample
    (Kodali et al., 2017; the noise is that of the authors' code); of a nest of tensors
    each has a deviation of its own. Nothing becomes NaN
    at a zero gradient, see `GradientPenalty`.

    Args:
        weight: float >= 0, or a schedule of such; the paper's is 10.
        target: float > 0, the wanted slope.
        spread: float >= 0, how far the noise reaches, in standard deviations.
        every: int >= 1, see `Penalty`.
        name: str, its log key.

    Raises:
        ValueError: if `weight` or `spread` is negative or `target` is not positive.

    Example:

    >>> import keras
    >>> from keras_gan.core.randomness import seed_of
    >>> x = keras.ops.ones((4, 2))
    >>> penalty = DRAGAN()  # 10 (3 - 1)^2
    >>> float(penalty(lambda x: 3 * x[:, :1], x, None, seed_of(0, "docs")))
    40.0
    """

    at = "real"

    def __init__(
        self,
        weight: float | Schedule = 10.0,
        target: float = 1.0,
        spread: float = 0.5,
        every: int = 1,
        name: str | None = None,
    ):
        super().__init__(every, name)
        self.weight = slope.checked_weight(weight, "weight")
        self.target = slope.checked_target(target)
        if not spread >= 0:
            raise ValueError(
                "spread is a distance from the data and is at least 0. "
                f"Received: spread={spread}."
            )
        self.spread = float(spread)

    def prepared(self, real: Nest) -> Callable[..., Tensor]:
        deviations = tf.nest.map_structure(_deviation, real)
        return functools.partial(self._with_deviations, deviations)

    def __call__(
        self, discriminate: Discriminate, real: Nest, fake: Nest | None, seed: Tensor
    ) -> Tensor:
        return self.prepared(real)(discriminate, real, fake, seed)

    def _with_deviations(self, deviations, discriminate, real, fake, seed):
        shares = tf.nest.flatten(slope.share_of_each(real, derived(seed, 0)))
        parts = zip(
            tf.nest.flatten(real), tf.nest.flatten(deviations), shares, strict=True
        )
        around = [
            part
            + share
            * self.spread
            * deviation
            * slope.drawn_like(part, randomness.uniform, derived(seed, 1 + i))
            for i, (part, deviation, share) in enumerate(parts)
        ]
        around = tf.nest.pack_sequence_as(real, around)
        away = slope.distance(discriminate, around, self.target)
        return slope.weight_now(self.weight) * ops.mean(ops.square(away))

    def get_config(self) -> Config:
        return {
            "weight": config_of(self.weight),
            "target": self.target,
            "spread": self.spread,
            **super().get_config(),
        }


def _deviation(samples):
    away = samples - distribution.mean_of_step(samples)
    return ops.sqrt(distribution.mean_of_step(ops.square(away)))
