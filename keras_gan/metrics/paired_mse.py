"""The mean squared error of paired samples, times two."""

import keras
from numpy.typing import ArrayLike

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor, TensorLike
from keras_gan.metrics.paired import (
    finite,
    squared_distances,
    squared_distances_of_batch,
)


def paired_mse(real: ArrayLike, fake: ArrayLike) -> float:
    """Paired mean squared error, times two (`paired_mse`): 2 E||x - x'||^2 over pairs.

    EMC is its older name. It is 0 only if every fake is its real counterpart. For
    independent samples of one distribution it is 4 tr Cov(x), not 0: it tells how well
    samples are *reproduced* (by an autoencoder, a translation between domains), not
    whether distributions agree.

    Args:
        real, fake: arrays (n, ...) of the same shape; row i of one is paired with row i
            of the other. Their unit squared is that of the result.

    Returns:
        float >= 0.

    Raises:
        ValueError: for shapes that are not equal, no pairs, or values not finite.

    Example:

    >>> paired_mse([[0.0, 0.0], [1.0, 1.0]], [[3.0, 4.0], [1.0, 1.0]])  # 2 (25 + 0)/2
    25.0
    """
    return float(2 * squared_distances(real, fake).mean())


@register
class PairedMSE(keras.metrics.Mean):
    """Paired mean squared error of all batches (`paired_mse`), for `evaluate`.

    In a game, which draws latents without looking at the reals, the pairs are those of
    independent draws.

    Args:
        name: str, its log key.
        dtype: as in `keras.metrics.Mean`.

    Example:

    >>> import numpy as np
    >>> metric = PairedMSE()
    >>> metric.update_state(np.zeros((2, 2)), np.array([[3.0, 4.0], [0.0, 0.0]]))
    >>> float(metric.result())
    25.0
    """

    def __init__(self, name: str = "paired_mse", dtype: str | None = None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, real: TensorLike, fake: TensorLike) -> None:
        super().update_state(2 * squared_distances_of_batch(real, fake))

    def result(self) -> Tensor:
        return finite(super().result(), self.name)
