"""Nearest neighbours: whether samples are copies of the training data."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.registry import register
from keras_gan.metrics import distances
from keras_gan.metrics.checks import same_features
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.kept_features import KeptFeatures
from keras_gan.metrics.score import Score
from keras_gan.metrics.sets import Sets


class Neighbors(NamedTuple):
    """Nearest neighbours of samples in two sets.

    Attributes:
        to_training, to_held_out: medians over the samples of the distance to the
            nearest training sample and to the nearest held-out one.
        memorization_rate: share of the samples whose nearest is a training sample.
        expected: that share for a generator that remembers nothing.
    """

    to_training: float
    to_held_out: float
    memorization_rate: float
    expected: float


def nearest_neighbors(
    training_features: ArrayLike, held_out_features: ArrayLike, fake_features: ArrayLike
) -> Neighbors:
    """Nearest neighbors of fakes in training and in held-out data: memorization.

    Training and held-out data are of one distribution, so a fake that is made without
    looking at single training samples has its nearest neighbour among the training data
    with the chance n/(n + m): above it is memorisation, and a generator that copies
    comes to 1. The medians compare only for n = m. Ties count half.

    Args:
        training_features: array (n, dim), what the generator was trained on.
        held_out_features: array (m, dim), of the same source, best with m = n.
        fake_features: array (fakes, dim).

    Returns:
        `Neighbors`.

    Raises:
        ValueError: for arrays that are no features, of different dimensions, or empty.

    Example:

    >>> training, held_out = [[0.0], [4.0]], [[2.0], [6.0]]
    >>> nearest_neighbors(training, held_out, [[0.0], [4.5]])
    Neighbors(to_training=0.25, to_held_out=1.75, memorization_rate=1.0, expected=0.5)
    """
    training, held_out, fake = same_features(
        (training_features, "training_features"),
        (held_out_features, "held_out_features"),
        (fake_features, "fake_features"),
    )
    near, far = (to_nearest(fake, rows) for rows in (training, held_out))
    expected = len(training) / (len(training) + len(held_out))
    nearer = np.where(near == far, 0.5, near < far)
    return Neighbors(
        float(np.median(near)), float(np.median(far)), float(nearer.mean()), expected
    )


def to_nearest(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The distance of each point to the nearest of the others: (n,), in float64."""
    (points, others), unit = distances.to_unit(points, others)
    nearest, which = np.full(len(points), np.inf), np.zeros(len(points), int)
    for rows, columns, block in distances.blocks(points, others):
        best = block.argmin(axis=1)
        values = np.take_along_axis(block, best[:, np.newaxis], axis=1)[:, 0]
        which[rows] = np.where(
            values < nearest[rows], columns.start + best, which[rows]
        )
        nearest[rows] = np.minimum(values, nearest[rows])
    # Of the nearest one without the rounding of the product: a copy is 0 away.
    away = np.subtract(points, others[which], dtype=np.float64)
    return np.sqrt(np.square(away).sum(axis=1)) * unit


@register
class NearestNeighbors(KeptFeatures):
    """Nearest neighbors: the median distance of a fake to the nearest real.

    `evaluate` on training data and on as many held-out data, and compare: a clearly
    smaller distance to the training data is memorisation. `nearest_neighbors` does both
    at once.

    Args:
        features, num_samples, name: see `KeptFeatures`.

    Example:

    >>> metric = NearestNeighbors(num_samples=100)
    >>> metric.update_state([[0.0], [4.0]], [[1.0], [9.0]])
    >>> metric.result()  # of 1 and 5
    3.0
    """

    best = {"memorization_rate": "0.5"}
    measured_on = "training"

    def __init__(
        self,
        features: Extractor | str | None = None,
        num_samples: int = 10_000,
        name: str = "nearest_neighbors",
    ):
        super().__init__(features, num_samples, name)

    @classmethod
    def measure(cls, sets: Sets) -> dict[str, Score]:
        """The share of fakes nearer to a training sample than to a held-out one."""
        near = nearest_neighbors(sets.training, sets.real, sets.fake)
        name = "memorization_rate"
        return {name: sets.share(name, near.memorization_rate)}

    def statistic(self, real: np.ndarray, fake: np.ndarray) -> float:
        real, fake = same_features((real, "real"), (fake, "fake"))
        return float(np.median(to_nearest(fake, real)))
