"""The linear schedule: a straight line from one number to another."""

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.schedules.schedule import Schedule


@register
class Linear(Schedule):
    """A linear schedule: start + (end - start) t at the share t of the run.

    Args:
        start, end, until: as for `Schedule`.

    Example:

    >>> rate = Linear(2e-4, 0.0, until=0.5)
    >>> [round(float(rate.at(progress)), 6) for progress in (0.0, 0.25, 0.5, 1.0)]
    [0.0002, 0.0001, 0.0, 0.0]
    """

    def shape(self, share: Tensor) -> Tensor:
        return share
