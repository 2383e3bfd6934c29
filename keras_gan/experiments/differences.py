"""Differences of means between variants, with what repeated trainings say of them."""

import math
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import NamedTuple

from scipy import stats

CONFIDENCE = 0.95


class Difference(NamedTuple):
    """A difference of means of two variants over the same seeds.

    Attributes:
        mean: float, of the differences seed by seed.
        low, high: floats, the 95 % interval of Student's t; NaN with fewer than two.
        count: int, the seeds that both have.
    """

    mean: float
    low: float
    high: float
    count: int

    @property
    def is_told_apart(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def difference(one: Sequence[float], other: Sequence[float]) -> Difference:
    """The difference one - other, seed by seed: mean and interval (paired t-test).

    Runs of one seed share the order of their data and their first latents, so they are
    compared in pairs. The interval covers what varies from training to training, and
    the error of the metric with it; it holds for differences that are about normal.

    Args:
        one, other: scores (n,), entry i of both of the same seed.

    >>> difference([3.0, 4.0, 5.0], [1.0, 2.0, 4.0]).is_told_apart
    True
    """
    pairs = [a - b for a, b in zip(one, other, strict=True)]
    if not pairs:
        return Difference(math.nan, math.nan, math.nan, 0)
    mean = fmean(pairs)
    if len(pairs) < 2:
        return Difference(mean, math.nan, math.nan, 1)
    error = stdev(pairs) / math.sqrt(len(pairs))
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(pairs) - 1)) * error
    return Difference(mean, mean - reach, mean + reach, len(pairs))
