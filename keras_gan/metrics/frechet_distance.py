"""The Frechet distance of two sets of features."""

import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.covariance import LARGEST
from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.datasets import notices
from keras_gan.metrics import distances, score
from keras_gan.metrics.checks import chunks, same_features
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.on_features import OnFeatures, as_number
from keras_gan.metrics.score import Score
from keras_gan.metrics.sets import Sets

# Up to this side singular values are computed as such. Beyond, as roots of the
# eigenvalues of the square, in a fifth of the time or less; it loses half of the digits
# of those that are small against the largest.
SMALL = 512


def frechet_distance(real_features: ArrayLike, fake_features: ArrayLike) -> float:
    """Frechet distance of two sets, as normal distributions (Heusel et al., 2017).

    |mu - mu'|^2 + tr(S + S' - 2 (S S')^(1/2)), with the unbiased covariances S and S'.
    It is the square of the 2-Wasserstein distance of N(mu, S) and N(mu', S'). Called
    FID where the features are those of the Inception network of 2015, and only there.

    With S = A A^T and S' = B B^T, tr (S S')^(1/2) is the sum of the singular values of
    A^T B: real for all S and S', and much cheaper than a root of S S'. The distance has
    no unbiased estimator: fewer samples give larger distances (about in proportion to
    1/n), so compare at equal numbers.

    Args:
        real_features, fake_features: arrays (n, dim) and (m, dim), n and m >= 2.

    Returns:
        float >= 0, in the unit of the features squared.

    Raises:
        ValueError: for arrays that are no features, of different dimensions, or of
            fewer than 2 rows.

    Warns:
        UserWarning: where a covariance is singular, with the reason; of one kind once
            in a process, unless Python's filters ask for every warning.

    Example:

    >>> frechet_distance([[0.0], [2.0]], [[3.0], [7.0]])  # (5-1)^2 + (8^0.5 - 2^0.5)^2
    18.0
    """
    real, fake = same_features(
        (real_features, "real_features"), (fake_features, "fake_features"), at_least=2
    )
    mean, factor = _mean_and_factor(real, "real")
    other_mean, other_factor = _mean_and_factor(fake, "fake")
    return _distance(mean, other_mean, factor, other_factor)


@register
class FrechetDistance(OnFeatures):
    """Frechet distance of all batches, from running sums, in float64.

    The sums of the features and of their products are all it keeps: 67 MB for 2048
    features, however many samples. They are taken around 0, so features whose mean is
    10^k deviations away lose 2k of 16 digits. A streamed distance has no standard
    error; `metrics.scores(metrics.frechet_distance, ...)` of kept features has.

    Args:
        features: an extractor of `keras_gan.metrics.features`, or None: the samples
            themselves, flattened.
        name: str, its log key.

    Example:

    >>> metric = FrechetDistance()
    >>> metric.update_state([[0.0]], [[3.0]])
    >>> metric.update_state([[2.0]], [[7.0]])
    >>> round(metric.result(), 6)
    18.0
    """

    best = {"frechet_distance": "less"}

    def __init__(
        self, features: Extractor | str | None = None, name: str = "frechet_distance"
    ):
        super().__init__(features, name)

    @classmethod
    def measure(cls, sets: Sets) -> dict[str, Score]:
        """The distance by its function: what is not streamed has a standard error."""
        found = sets.real, sets.fake, sets.features, sets.seed
        return score.scores(frechet_distance, *found)

    def make_variables(self, dim: int) -> None:
        self._sums, self._products, self._counters = [], [], []
        for kind in ("real", "fake"):
            double = {"initializer": "zeros", "dtype": "float64"}
            self._sums.append(self.add_variable((dim,), name=f"{kind}_sum", **double))
            self._products.append(
                self.add_variable((dim, dim), name=f"{kind}_products", **double)
            )
            self._counters.append(self.add_counter(f"{kind}_count"))

    def add_batch(self, real: Tensor, fake: Tensor) -> None:
        for number, rows in enumerate((real, fake)):
            self.position(self._counters[number], rows)
            rows = tf.cast(rows, tf.float64)
            self._sums[number].assign_add(tf.reduce_sum(rows, axis=0))
            self._products[number].assign_add(tf.matmul(rows, rows, transpose_a=True))

    def counts(self) -> list[int]:
        """The numbers of samples of each kind it has seen."""
        return [as_number(counter) for counter in self._counters]

    def values(self) -> dict[str, float]:
        means, factors = [], []
        for number, kind in enumerate(("real", "fake")):
            count = self.counts()[number]
            if count < 2:
                raise ValueError(
                    f"{self.name} needs at least 2 samples of each kind. Received: "
                    f"{count} {kind}."
                )
            mean = ops.convert_to_numpy(self._sums[number]) / count
            covariance = ops.convert_to_numpy(self._products[number])
            covariance = (covariance - count * np.outer(mean, mean)) / (count - 1)
            if not (abs(covariance) <= LARGEST**2).all():  # True of no NaN
                raise ValueError(
                    f"{self.name} saw {kind} features of NaN or Inf, or larger than "
                    f"{LARGEST:g}. Look at the samples, and divide them by a number "
                    "where they are right."
                )
            if count <= len(mean):
                _warn_of_few(kind, count, len(mean))
            means.append(mean)
            factors.append(_factor(covariance, kind, silent=count <= len(mean)))
        return {self.name: _distance(*means, *factors)}


def _mean_and_factor(rows, kind):
    """The mean, and A with the unbiased covariance A A^T."""
    count, dim = rows.shape
    mean = distances.mean(rows)
    if count <= dim:
        _warn_of_few(kind, count, dim)
        return mean, (rows - mean).T / np.sqrt(count - 1)
    covariance = np.zeros((dim, dim))
    for part in chunks(count):
        centered = rows[part] - mean
        covariance += centered.T @ centered
    return mean, _factor(covariance / (count - 1), kind)


def _warn_of_few(kind, count, dim):
    notices.warn_once(
        ("few", kind, count, dim),
        f"The covariance of {count} {kind} samples of {dim} features is singular: its "
        f"rank is at most {count - 1}. The distance is defined, but far above that of "
        f"the distributions: take more than {dim} samples, or fewer features.",
    )


def _factor(covariance, kind, silent=False):
    """A with covariance = A A^T; positive semi-definite up to rounding."""
    try:
        return np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
    least = len(covariance) * np.finfo(np.float64).eps * values[-1]
    keep = values > max(least, 0)
    if not silent:
        notices.warn_once(
            ("singular", kind, len(keep)),
            f"The covariance of the {kind} features is singular: {keep.sum()} of "
            f"{len(keep)} directions vary, the rest are constant or functions of the "
            "others. The distance is defined and exact all the same.",
        )
    return vectors[:, keep] * np.sqrt(values[keep])


def _distance(mean, other_mean, a, b):
    traces = np.square(a).sum() + np.square(b).sum()  # tr S + tr S'
    distance = np.square(mean - other_mean).sum() + traces - 2 * _nuclear_norm(a.T @ b)
    return float(max(distance, 0))  # 0 up to rounding


def _nuclear_norm(matrix):
    """The sum of the singular values."""
    if 0 in matrix.shape:
        return 0.0
    if min(matrix.shape) <= SMALL:
        return np.linalg.svdvals(matrix).sum()
    square = matrix @ matrix.T if len(matrix) <= matrix.shape[1] else matrix.T @ matrix
    return np.sqrt(np.maximum(np.linalg.eigvalsh(square), 0)).sum()
