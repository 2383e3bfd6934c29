"""Parzen window: the log likelihood of test data under a window around each sample."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import LARGEST, real_array
from keras_gan.core.registry import register
from keras_gan.core.typing import Config
from keras_gan.metrics import distances
from keras_gan.metrics.checks import same_features
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.kept_features import KeptFeatures
from keras_gan.metrics.score import spread

SIGMAS = tuple(np.logspace(-1, 0, 10).tolist())


class ParzenEstimate(NamedTuple):
    """A Parzen window's mean log likelihood, in nats.

    Attributes:
        value: float, the mean over the test samples.
        standard_error: float, their deviation over the root of their number.
        sigma: float, the width that the validation samples chose.
    """

    value: float
    standard_error: float
    sigma: float


def parzen_window(
    samples: ArrayLike,
    test: ArrayLike,
    validation: ArrayLike,
    sigmas: ArrayLike = SIGMAS,
) -> ParzenEstimate:
    """Parzen window log likelihood of test data, as in Goodfellow et al. (2014).

    p(x) = mean over the samples s of N(x; s, sigma^2 I), where sigma is the one of
    `sigmas` under which the validation data are likeliest. The paper's numbers are for
    10 000 samples and pixels in [0, 1] (`features.Pixels`), 1000 validation images, and
    all test images; the +- is the deviation over the test images over the root of their
    number, and holds neither the spread over samples nor over trainings.

    A poor estimate in many dimensions, which rewards blur (Theis et al., 2016): print
    the value of real training data as samples beside it.

    Args:
        samples: array (n, dim), the fakes.
        test: array (m, dim), m >= 2.
        validation: array (l, dim), to choose sigma by: samples that are not in `test`.
        sigmas: floats > 0, standard deviations to choose from.

    Returns:
        `ParzenEstimate` (value, standard_error, sigma).

    Raises:
        ValueError: for arrays that are no features, of different dimensions, or of too
            few rows, or for sigmas that are none.

    Example:

    >>> parzen_window([[0.0]], [[1.0], [-1.0]], [[1.0]], sigmas=[1.0, 9.0])
    ParzenEstimate(value=-1.4189385332046727, standard_error=0.0, sigma=1.0)
    """
    samples, test, validation = same_features(
        (samples, "samples"), (test, "test"), (validation, "validation")
    )
    same_features((test, "test"), at_least=2)
    sigmas = _checked(sigmas)
    chosen = _log_density(validation, samples, sigmas).mean(axis=1).argmax()
    values = _log_density(test, samples, sigmas[chosen : chosen + 1])[0]
    error = spread(np.std, values) / math.sqrt(len(values))
    return ParzenEstimate(float(values.mean()), float(error), float(sigmas[chosen]))


def _checked(sigmas):
    array = np.asarray(real_array(sigmas, "sigmas"), np.float64)
    possible = (array >= 1 / LARGEST) & (array <= LARGEST)  # False for NaN
    if array.ndim != 1 or not len(array) or not possible.all():
        raise ValueError(
            f"sigmas are one or more numbers above 0, from {1 / LARGEST:g} to "
            f"{LARGEST:g}. Received: {sigmas!r}."
        )
    return array


def _log_density(x, samples, sigmas):
    """log p(x) for each sigma: (sigmas, x)."""
    total = np.full((len(sigmas), len(x)), -np.inf)
    least = np.full(len(x), np.inf)
    for rows, _, block in distances.blocks(x, samples):
        np.maximum(block, 0, out=block)
        nearest = block.min(axis=1)
        least[rows] = np.minimum(least[rows], nearest)
        block -= nearest[:, np.newaxis]  # so that the largest exponential is 1
        for index, precision in enumerate(0.5 / sigmas**2):
            sums = np.exp(-precision * block).sum(axis=1)
            total[index, rows] = np.logaddexp(
                total[index, rows], np.log(sums) - precision * nearest
            )
    _check_rounding(distances.rounding(x, least, distances.mean(x)), least, sigmas)
    volume = samples.shape[1] / 2 * np.log(2 * np.pi * sigmas**2)
    return total - math.log(len(samples)) - volume[:, np.newaxis]


def _check_rounding(off, least, sigmas):
    """Raise a ValueError where the rounding of distances decides the likelihood."""
    width = 2 * sigmas.min() ** 2
    if (off > 1e-3 * np.maximum(width, least)).any():
        raise ValueError(
            "sigmas are wider than the rounding of distances, which is "
            f"{math.sqrt(off.max()):.3g} for features so far from their mean. "
            f"Received: a width of {sigmas.min():.3g}. Leave out the smaller sigmas, "
            "or bring the features into another unit, such as pixels in [0, 1]."
        )


@register
class ParzenWindow(KeptFeatures):
    """Parzen window log likelihood of all batches: of the reals around the fakes.

    Args:
        num_validation: int >= 1: the first reals choose sigma, the others are the test.
        sigmas: floats > 0, standard deviations to choose from.
        features, num_samples, name: see `KeptFeatures`; `features.Pixels()` for the
            paper's pixels in [0, 1].

    Example:

    >>> metric = ParzenWindow(num_validation=1, sigmas=[1.0, 9.0], num_samples=9)
    >>> metric.update_state([[1.0], [1.0], [-1.0]], [[0.0]])
    >>> round(metric.result(), 4)
    -1.4189
    """

    measured_on = None  # it takes reals apart, to choose sigma by

    def __init__(
        self,
        num_validation: int = 1000,
        sigmas: ArrayLike = SIGMAS,
        features: Extractor | str | None = None,
        num_samples: int = 11_000,
        name: str = "parzen_window",
    ):
        super().__init__(features, num_samples, name)
        self.num_validation = check_integer(num_validation, "num_validation", 1)
        self.sigmas = tuple(_checked(sigmas).tolist())

    def statistic(self, real: np.ndarray, fake: np.ndarray) -> ParzenEstimate:
        validation, test = np.split(real, [self.num_validation])
        return parzen_window(fake, test, validation, self.sigmas)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "num_validation": self.num_validation,
            "sigmas": self.sigmas,
        }
