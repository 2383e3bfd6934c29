"""A score and the protocol that it was measured by."""

import dataclasses
import math
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer

RAW = "the samples themselves"


class Estimate(NamedTuple):
    """A mean over independent parts, and how far it may be off.

    Attributes:
        value: float.
        standard_error: float, the deviation of the parts over the root of their number;
            None where there is one part.
    """

    value: float
    standard_error: float | None


def spread(deviation: Callable[..., float], values: ArrayLike, **options: Any) -> float:
    """A deviation of values, computed in a unit in which their squares are finite.

    Args:
        deviation: function of an array that is multiplied when the array is, such as
            `numpy.std`.
        values: floats (n,).

    Example:

    >>> float(spread(np.std, [1e200, 3e200]))
    1e+200
    """
    values = np.asarray(values, np.float64)
    unit = 2.0 ** (math.frexp(abs(values).max())[1] - 1)  # divided by without rounding
    return deviation(values / unit, **options) * unit


def binomial_error(share: float, count: int) -> float:
    """The standard error of a share of `count` samples: sqrt(p (1 - p) / n)."""
    return float(np.sqrt(share * (1 - share) / count))


@dataclasses.dataclass(frozen=True)
class Score:
    """A score with its protocol: printed, it says how it was found.

    Attributes:
        name: str, what was measured.
        value: float.
        standard_error: float, or None where there is no estimate of it.
        real, fake: ints, the samples of each kind.
        features: str, the extractor, its preprocessing and the hash of its weights.
        seed: int that the fakes were drawn with, or None where it is not known.

    Example:

    >>> print(Score("frechet_distance", 1.25, 0.03, 1000, 1000, RAW, seed=0))
    frechet_distance 1.25 +- 0.03 (1000 real, 1000 fake, seed 0, features: the samples
    themselves)
    """

    name: str
    value: float
    standard_error: float | None
    real: int
    fake: int
    features: str = RAW
    seed: int | None = None

    def __str__(self) -> str:
        error = self.standard_error
        error = "(no standard error)" if error is None else f"+- {error:.2g}"
        seed = "seed unknown" if self.seed is None else f"seed {self.seed}"
        return (
            f"{self.name} {self.value:.4g} {error} ({self.real} real, {self.fake} "
            f"fake, {seed}, features: {self.features})"
        )


def named_values(
    function: Callable[..., Any], found: float | tuple
) -> dict[str, float]:
    """The values that a metric's function returned, as a dict of floats by name."""
    if isinstance(found, float):
        return {function.__name__: found}
    values = found._asdict()
    if "value" in values:
        return {function.__name__: values["value"]}
    return values


def scores(
    function: Callable[..., float | tuple],
    real: ArrayLike,
    fake: ArrayLike,
    features: str = RAW,
    seed: int | None = None,
    groups: int = 10,
) -> dict[str, Score]:
    """Scores of a metric, each with its protocol and its standard error.

    A statistic that is no mean over parts gets its standard error by the jackknife: it
    is computed `groups` times, each time without one g-th of the reals and of the
    fakes, and the error is sqrt((g - 1)/g sum_i (s_i - mean s)^2) (Efron and
    Tibshirani, 1993). It is the spread over new samples of these sizes, not the bias.
    Of shares by nearest neighbours it comes out up to about twice too large.

    Args:
        function: a metric's function of (real, fake), such as `frechet_distance`; bind
            other arguments of it with `functools.partial`.
        real, fake: features (n, dim), in random order, since a group is every g-th row.
        features: str, what they are, for print: `extractor.description`.
        seed: int that the fakes were drawn with.
        groups: int >= 2; 0 for no jackknife.

    Returns:
        Dict of `Score` by name: one, or one for each number that `function` returns.

    Raises:
        ValueError: from `function`, or for groups too many to leave any out.

    Example:

    >>> from keras_gan import metrics
    >>> rows = np.random.default_rng(0).normal(size=(2, 500, 2))
    >>> print(metrics.scores(metrics.precision_recall, *rows, seed=0)["precision"])
    precision 0.984 +- 0.021 (500 real, 500 fake, seed 0, features: the samples
    themselves)
    """
    groups = check_integer(groups, "groups", 0)
    plain = getattr(function, "func", function)
    found = function(real, fake)
    values = named_values(plain, found)
    errors = dict.fromkeys(values)
    if isinstance(found, tuple) and hasattr(found, "standard_error"):
        errors = dict.fromkeys(values, found.standard_error)
    elif groups:
        errors = _jackknife(function, plain, np.asarray(real), np.asarray(fake), groups)
    return {
        name: Score(name, value, errors[name], len(real), len(fake), features, seed)
        for name, value in values.items()
    }


def _jackknife(function, plain, real, fake, groups):
    check_integer(groups, "groups", 2)
    if min(len(real), len(fake)) < 2 * groups:
        raise ValueError(
            f"A jackknife over {groups} groups needs at least {2 * groups} samples of "
            f"each kind. Received: {len(real)} and {len(fake)}. Pass fewer groups, or "
            "groups=0 for none."
        )
    left_out = []
    for group in range(groups):
        kept = [rows[np.arange(len(rows)) % groups != group] for rows in (real, fake)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what there is was said of the whole sets
            left_out.append(named_values(plain, function(*kept)))
    return {
        name: float(
            spread(
                lambda values: np.sqrt((groups - 1) * np.var(values)),
                [values[name] for values in left_out],
            )
        )
        for name in left_out[0]
    }
