"""Precision and recall by nearest neighbours."""

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


class PrecisionAndRecall(NamedTuple):
    """Precision and recall: two shares in [0, 1].

    Attributes:
        precision: the share of fakes that could be real.
        recall: the share of reals that could be fake.
    """

    precision: float
    recall: float


def precision_recall(
    real_features: ArrayLike, fake_features: ArrayLike, k: int = 3
) -> PrecisionAndRecall:
    """Precision and recall of fakes by nearest neighbours (Kynkaanniemi et al., 2019).

    The region of a set is the union of balls around its points, each as large as the
    distance to the k-th nearest other point of the set; precision is the share of fakes
    in the region of the reals, recall the share of reals in that of the fakes. A
    generator that shows one good sample again and again has the precision 1 and a
    recall near 0. An outlier has a large ball, so one bad real raises precision;
    `density_coverage` does not have this.

    Args:
        real_features, fake_features: arrays (n, dim) and (m, dim), n and m > k. The
            shares depend on both numbers: compare at the same ones.
        k: int >= 1, which neighbour.

    Returns:
        `PrecisionAndRecall`.

    Raises:
        ValueError: for arrays that are no features, of different dimensions, or of k
            rows or fewer.

    Example:

    >>> real = np.arange(10.0)[:, None]
    >>> precision_recall(real, real[:5] + 0.5, k=1)  # the fakes cover 0 to 5
    PrecisionAndRecall(precision=1.0, recall=0.6)
    """
    check_integer(k, "k", 1)
    real, fake = same_features(
        (real_features, "real_features"),
        (fake_features, "fake_features"),
        at_least=k + 1,
    )
    (real, fake), _ = distances.to_unit(real, fake)
    middle = distances.mean(real)
    around_real, around_fake = (
        radii + distances.rounding(points, radii, middle)
        for points in (real, fake)
        for radii in [distances.to_kth_neighbor(points, k)]
    )
    like_real, like_fake = np.zeros(len(fake), bool), np.zeros(len(real), bool)
    for rows, columns, block in distances.blocks(real, fake):
        like_real[columns] |= (block <= around_real[rows, np.newaxis]).any(axis=0)
        like_fake[rows] |= (block <= around_fake[columns]).any(axis=1)
    return PrecisionAndRecall(float(like_real.mean()), float(like_fake.mean()))


@register
class PrecisionRecall(KeptFeatures):
    """Precision and recall of all batches, as `precision_recall`: two logs.

    Args:
        k: int >= 1, which neighbour.
        features, num_samples, name: see `KeptFeatures`.

    Example:

    >>> metric = PrecisionRecall(k=1, num_samples=100)
    >>> real = np.arange(10.0)[:, None]
    >>> metric.update_state(real[:5], real[:5])
    >>> metric.update_state(real[5:], real[:5])
    >>> metric.result()
    {'precision': 1.0, 'recall': 0.5}
    """

    best = {"precision": "the real data's", "recall": "the real data's"}

    def __init__(
        self,
        k: int = 3,
        features: Extractor | str | None = None,
        num_samples: int = 10_000,
        name: str = "precision_recall",
    ):
        super().__init__(features, num_samples, name)
        self.k = check_integer(k, "k", 1)

    def statistic(self, real: np.ndarray, fake: np.ndarray) -> PrecisionAndRecall:
        return precision_recall(real, fake, self.k)

    def get_config(self) -> Config:
        return {**super().get_config(), "k": self.k}
