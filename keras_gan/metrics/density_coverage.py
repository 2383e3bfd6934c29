"""Density and coverage by nearest neighbours."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import Config
from keras_gan.metrics import distances
from keras_gan.metrics.checks import same_features
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.kept_features import KeptFeatures


class DensityAndCoverage(NamedTuple):
    """Density and coverage: two numbers, near 1 for equal distributions.

    Attributes:
        density: >= 0, how many reals' balls a fake lies in, over k.
        coverage: in [0, 1], the share of reals with a fake in their ball.
    """

    density: float
    coverage: float


def density_coverage(
    real_features: ArrayLike, fake_features: ArrayLike, k: int = 5
) -> DensityAndCoverage:
    """Density and coverage of the reals' balls by fakes (Naeem et al., 2020).

    The ball around a real is as large as the distance to its k-th nearest other real,
    without the rim. Density counts the balls that a fake lies in, over k; coverage is
    the share of balls with a fake inside. Only reals have balls, so that scattered
    fakes gain nothing, and a real outlier's large ball counts once, not for all.

    Args:
        real_features, fake_features: arrays (n, dim) and (m, dim), n > k.
        k: int >= 1, which neighbour. Independent sets of one distribution, of n each,
            have a coverage of about 1 - 2^-k.

    Returns:
        `DensityAndCoverage`.

    Raises:
        ValueError: for arrays that are no features, of different dimensions, or of k
            rows or fewer.

    Example:

    >>> real = np.arange(10.0)[:, None]
    >>> density_coverage(real, real[:5] + 0.5, k=1)  # each fake is in two balls
    DensityAndCoverage(density=2.0, coverage=0.6)
    """
    check_integer(k, "k", 1)
    real, fake = same_features(
        (real_features, "real_features"), (fake_features, "fake_features")
    )
    same_features((real, "real_features"), at_least=k + 1)
    (real, fake), _ = distances.to_unit(real, fake)
    radii = distances.to_kth_neighbor(real, k)
    within = radii - distances.rounding(real, radii, distances.mean(real))
    inside, covered = 0, np.zeros(len(real), bool)
    for rows, _, block in distances.blocks(real, fake):
        balls = block < within[rows, np.newaxis]
        inside += int(np.count_nonzero(balls))
        covered[rows] |= balls.any(axis=1)
    return DensityAndCoverage(inside / (k * len(fake)), float(covered.mean()))


@register
class DensityCoverage(KeptFeatures):
    """Density and coverage of all batches, as `density_coverage`: two logs.

    Args:
        k: int >= 1, which neighbour.
        features, num_samples, name: see `KeptFeatures`.

    Example:

    >>> metric = DensityCoverage(k=1, num_samples=100)
    >>> real = np.arange(10.0)[:, None]
    >>> metric.update_state(real, real)
    >>> metric.result()
    {'density': 1.0, 'coverage': 1.0}
    """

    best = {"density": "1", "coverage": "1"}

    def __init__(
        self,
        k: int = 5,
        features: Extractor | str | None = None,
        num_samples: int = 10_000,
        name: str = "density_coverage",
    ):
        super().__init__(features, num_samples, name)
        self.k = check_integer(k, "k", 1)

    def statistic(self, real: np.ndarray, fake: np.ndarray) -> DensityAndCoverage:
        return density_coverage(real, fake, self.k)

    def get_config(self) -> Config:
        return {**super().get_config(), "k": self.k}
