"""The cosine schedule: half a cosine from one number to another."""

import math

from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.schedules.schedule import Schedule


@register
class Cosine(Schedule):
    """A cosine schedule: start + (end - start) (1 - cos(pi t))/2 at the share t.

    The decay without restarts of Loshchilov and Hutter (2017, "SGDR", eq. 5), of which
    `keras.optimizers.schedules.CosineDecay` wants the number of steps.

    Args:
        start, end, until: as for `Schedule`.

    Example:

    >>> rate = Cosine(2e-4, 0.0)
    >>> [round(float(rate.at(progress)), 6) for progress in (0.0, 0.5, 1.0)]
    [0.0002, 0.0001, 0.0]
    """

    def shape(self, share: Tensor) -> Tensor:
        return (1.0 - ops.cos(math.pi * share)) / 2.0
