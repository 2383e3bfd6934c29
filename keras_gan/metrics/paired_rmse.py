"""The root mean squared error of paired samples."""

import keras
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor, TensorLike
from keras_gan.metrics.paired import (
    finite,
    squared_distances,
    squared_distances_of_batch,
)


def paired_rmse(real: ArrayLike, fake: ArrayLike) -> float:
    """Paired root mean squared error (RMSE): sqrt(mean ||x - x'||^2) over pairs.

    Its older name is EMC RMS. It is the root of half of `paired_mse`.

    Args:
        real, fake: arrays (n, ...) of the same shape; row i of one is paired with row i
            of the other.

    Returns:
        float >= 0.

    Raises:
        ValueError: for shapes that are not equal, no pairs, or values not finite.

    Example:

    >>> paired_rmse([[0.0, 0.0]], [[3.0, 4.0]])
    5.0
    """
    return float(squared_distances(real, fake).mean() ** 0.5)


@register
class PairedRMSE(keras.metrics.Mean):
    """Paired root mean squared error of all batches (`paired_rmse`), for `evaluate`.

    The root is taken once, of the mean over all pairs: it is not the mean of the
    batches' roots.

    Args:
        name: str, its log key.
        dtype: as in `keras.metrics.Mean`.

    Example:

    >>> import numpy as np
    >>> metric = PairedRMSE()
    >>> metric.update_state(np.zeros((1, 2)), np.array([[3.0, 4.0]]))
    >>> float(metric.result())
    5.0
    """

    def __init__(self, name: str = "paired_rmse", dtype: str | None = None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, real: TensorLike, fake: TensorLike) -> None:
        super().update_state(squared_distances_of_batch(real, fake))

    def result(self) -> Tensor:
        return ops.sqrt(finite(super().result(), self.name))
