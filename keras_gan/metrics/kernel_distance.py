"""The kernel distance of two sets of features."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import Config
from keras_gan.metrics.checks import same_features
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.kept_features import KeptFeatures
from keras_gan.metrics.score import Estimate, spread
from keras_gan.metrics.sets import Sets


def kernel_distance(
    real_features: ArrayLike, fake_features: ArrayLike, block_size: int = 1000
) -> Estimate:
    """Kernel distance: squared MMD with a cubic kernel (Binkowski et al., 2018).

    E k(x, x') + E k(y, y') - 2 E k(x, y) with k(x, y) = (x.y/dim + 1)^3, unbiased: no
    sample is compared with itself. For equal distributions the expectation is 0, so
    that the estimate is negative about half of the time. Called KID where the features
    are those of the Inception network of 2015, and only there.

    The sets are cut, in their order, into equally many blocks; the value is the mean
    over the blocks, its standard error their deviation over the root of their number.
    Blocks share no samples, so they are independent (the paper draws overlapping
    subsets, whose deviation says nothing of the sampling error). The rows have to be in
    random order, not sorted by class.

    Args:
        real_features, fake_features: arrays (n, dim) and (m, dim), n and m >= 2.
        block_size: int >= 2, at least so many samples of each kind in a block; all
            samples are in one where the smaller set has fewer than twice as many.

    Returns:
        `Estimate` (value, standard_error): standard_error is None for one block.

    Raises:
        ValueError: for arrays that are no features, of different dimensions, or of
            fewer than 2 rows.

    Example:

    >>> real, fake = [[0.0], [0.0]], [[1.0], [1.0]]  # k = 1, 8 and 1 across
    >>> kernel_distance(real, fake)
    Estimate(value=7.0, standard_error=None)
    """
    check_integer(block_size, "block_size", 2)
    real, fake = same_features(
        (real_features, "real_features"), (fake_features, "fake_features"), at_least=2
    )
    blocks = max(1, min(len(real), len(fake)) // block_size)
    pairs = zip(np.array_split(real, blocks), np.array_split(fake, blocks), strict=True)
    values = [_of_block(*(rows.astype(np.float64) for rows in pair)) for pair in pairs]
    error = None
    if blocks > 1:
        error = float(spread(np.std, values, ddof=1) / np.sqrt(blocks))
    return Estimate(float(np.mean(values)), error)


def _of_block(x, y):
    return _mean_of_pairs(x) + _mean_of_pairs(y) - 2 * _kernel(x, y).mean()


def _kernel(x, y):
    return (x @ y.T / x.shape[1] + 1) ** 3


def _mean_of_pairs(x):
    """The mean of k over pairs of different rows."""
    kernel = _kernel(x, x)
    return (kernel.sum() - np.trace(kernel)) / (len(x) * (len(x) - 1))


@register
class KernelDistance(KeptFeatures):
    """Kernel distance (squared maximum mean discrepancy) of all batches.

    A block's samples come from several batches and replicas, so features are kept.

    Args:
        block_size: int >= 2, see `kernel_distance`.
        features, num_samples, name: see `KeptFeatures`.

    Example:

    >>> metric = KernelDistance(num_samples=100)
    >>> metric.update_state([[0.0], [0.0]], [[1.0], [1.0]])
    >>> metric.result()
    7.0
    """

    best = {"kernel_distance": "0"}

    def __init__(
        self,
        block_size: int = 1000,
        features: Extractor | str | None = None,
        num_samples: int = 10_000,
        name: str = "kernel_distance",
    ):
        super().__init__(features, num_samples, name)
        self.block_size = check_integer(block_size, "block_size", 2)

    @classmethod
    def measured_with(cls, sets: Sets) -> dict[str, Any]:
        """Ten blocks at least, so that there is a standard error."""
        return {"block_size": min(1000, max(2, sets.smaller // 10))}

    def statistic(self, real: np.ndarray, fake: np.ndarray) -> Estimate:
        return kernel_distance(real, fake, self.block_size)

    def get_config(self) -> Config:
        return {**super().get_config(), "block_size": self.block_size}
