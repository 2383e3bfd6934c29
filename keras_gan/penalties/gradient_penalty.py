"""The gradient penalty of WGAN-GP: a slope of one, between real and fake."""

import keras
import tensorflow as tf
from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Discriminate, Nest, Tensor
from keras_gan.penalties import slope
from keras_gan.penalties.penalty import Penalty
from keras_gan.schedules import Schedule
from keras_gan.schedules.schedule import config_of


@register
class GradientPenalty(Penalty):
    """Gradient penalty (WGAN-GP), between real and fake: w E(|grad D(y)|/target - 1)^2.

    y = eps x + (1 - eps) G(z) with eps uniform in [0, 1), drawn for each sample, and
    |.| the Euclidean norm of each sample's gradient over all of its axes (WGAN-GP:
    Gulrajani et al., 2017, eq. 3). Where the gradient is exactly zero, the derivative
    of its norm is taken to be zero, so nothing becomes NaN.

    Args:
        weight: float >= 0, or a schedule of such; the paper's is 10.
        target: float > 0, the wanted slope.
        one_sided: whether only slopes above `target` cost: w E max(0, ...)^2.
        every: int >= 1, see `Penalty`.
        name: str, its log key.

    Raises:
        ValueError: if `weight` is negative or `target` is not positive.

    Example:

    >>> import keras
    >>> from keras_gan.core.randomness import seed_of
    >>> x = keras.ops.ones((4, 2))
    >>> penalty = GradientPenalty()  # 10 (3 - 1)^2
    >>> float(penalty(lambda x: 3 * x[:, :1], x, 0 * x, seed_of(0, "docs")))
    40.0
    """

    def __init__(
        self,
        weight: float | Schedule = 10.0,
        target: float = 1.0,
        one_sided: bool = False,
        every: int = 1,
        name: str | None = None,
    ):
        super().__init__(every, name)
        self.weight = slope.checked_weight(weight, "weight")
        self.target = slope.checked_target(target)
        self.one_sided = bool(one_sided)

    def __call__(
        self, discriminate: Discriminate, real: Nest, fake: Nest, seed: Tensor
    ) -> Tensor:
        real, fake = _of_one_dtype(real, fake), _of_one_dtype(fake, real)
        between = tf.nest.map_structure(
            lambda x, y, share: share * x + (1 - share) * y,
            *(real, fake, slope.share_of_each(real, seed)),
        )
        away = slope.distance(discriminate, between, self.target)
        if self.one_sided:
            away = ops.relu(away)
        return slope.weight_now(self.weight) * ops.mean(ops.square(away))

    def get_config(self) -> Config:
        return {
            "weight": config_of(self.weight),
            "target": self.target,
            "one_sided": self.one_sided,
            **super().get_config(),
        }


def _of_one_dtype(samples, others):
    def cast(part, other):
        return ops.cast(part, keras.backend.result_type(part.dtype, other.dtype))

    return tf.nest.map_structure(cast, samples, others)
