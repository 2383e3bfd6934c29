"""Class coverage: which classes of a classifier samples fall on, and how evenly."""

import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.metrics.checks import chunks, rows_of
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.mode_coverage import Coverage, check_shares, coverage
from keras_gan.metrics.on_features import OnFeatures, as_number
from keras_gan.metrics.score import Score
from keras_gan.metrics.sets import Sets


def class_coverage(
    probabilities: ArrayLike,
    shares: ArrayLike | None = None,
    parts: int = 1,
    least: float = 0.5,
) -> Coverage:
    """Class coverage: how samples cover the classes of a classifier.

    A sample falls on the class of its largest probability, and is good if that is at
    least `least`. With q_k the share of class k among the good samples,

        reverse KL = sum_k q_k log(q_k / w_k), 0 log 0 = 0.

    Stacked MNIST (Metz et al., 2017; Lin et al., 2018, PacGAN) has a digit in each of
    three channels, so 10^3 modes: classify each channel (`features.Channels`) and pass
    `parts=3` and, as these papers count every sample, `least=0`. A perfect sampler of n
    samples and K equal modes has an expected reverse KL of about (K - 1)/(2 n): 0.0193
    for 26 000 samples of stacked MNIST.

    Args:
        probabilities: array (n, parts x classes), each part's sum to 1.
        shares: array (classes^parts,) of positive shares that sum to 1, w; None: equal
            shares. The class of a stack counts like a number, its first part first.
        parts: int >= 1, the classified parts of a sample.
        least: float in [0, 1], what the least sure part of a good sample has.

    Returns:
        A `Coverage` (modes, good_share, reverse_kl).

    Raises:
        ValueError: for rows that are no probabilities, or shares that are none.

    Example:

    >>> found = class_coverage([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]])
    >>> found.modes, found.good_share, found.reverse_kl
    (2, 1.0, 0.0)
    >>> class_coverage([[0.9, 0.1], [0.2, 0.8]], least=0.85).modes
    1
    """
    parts, least = check_integer(parts, "parts", 1), _check_least(least)
    rows = rows_of(probabilities, "probabilities", 1)
    modes = _modes(rows.shape[1], parts)
    counts = np.zeros(modes, np.int64)
    for chunk in chunks(len(rows)):
        each = rows[chunk].reshape(-1, parts, rows.shape[1] // parts)
        off = np.abs(each.sum(axis=2, dtype=np.float64) - 1).max()
        if off > 1e-3 or each.min() < 0:
            raise ValueError(
                f"Each of {parts} parts of a row holds the probabilities of its "
                f"classes, which sum to 1. Received: a sum that is {off:.3g} off, a "
                f"smallest of {each.min():.3g}. Put a softmax over logits."
            )
        good = each.max(axis=2).min(axis=1) >= least
        which = _class_of(each.argmax(axis=2), each.shape[2])
        counts += np.bincount(which[good], minlength=modes)
    return coverage(counts, len(rows), check_shares(shares, modes, "shares"))


@register
class ClassCoverage(OnFeatures):
    """Class coverage of the fakes of all batches: modes, good_share, reverse_kl.

    Args:
        features: an extractor that ends in probabilities, such as
            `features.mnist_classifier("probabilities")`; None if the samples
            themselves are rows of probabilities.
        shares, parts, least: see `class_coverage`.
        name: str; a name of its own comes before those of the three values.

    Example:

    >>> metric = ClassCoverage()
    >>> metric.update_state([[0.5, 0.5]], [[0.9, 0.1], [0.8, 0.2]])
    >>> metric.result()["modes"]
    1
    """

    best = {
        "smallest_class": "the real data's",
        "largest_class": "the real data's",
        "class_kl": "0",
    }
    measured_on = "classes"

    def __init__(
        self,
        features: Extractor | str | None = None,
        shares: ArrayLike | None = None,
        parts: int = 1,
        least: float = 0.5,
        name: str = "class_coverage",
    ):
        super().__init__(features, name)
        self.parts, self.least = check_integer(parts, "parts", 1), _check_least(least)
        self.shares = None if shares is None else as_floats(shares, "shares")

    @classmethod
    def measure(cls, sets: Sets) -> dict[str, Score]:
        """Smallest and largest share of a class, and the KL of the shares from the
        reals', which is not there where these lack a class."""
        shares, of_real = (
            np.bincount(rows.argmax(axis=1), minlength=rows.shape[1]) / len(rows)
            for rows in (sets.fake, sets.real)
        )
        found = {
            "smallest_class": sets.share("smallest_class", shares.min()),
            "largest_class": sets.share("largest_class", shares.max()),
        }
        if of_real.min() > 0:
            covered = class_coverage(sets.fake, of_real / of_real.sum(), least=0)
            error = _error_of_kl(shares, of_real, len(sets.fake))
            found["class_kl"] = sets.score("class_kl", covered.reverse_kl, error)
        return found

    def make_variables(self, dim: int) -> None:
        modes = _modes(dim, self.parts)
        self._shares = check_shares(self.shares, modes, "shares")
        self._counts = self.add_variable((modes,), "zeros", "int64", name="counts")
        self._counters = [
            self.add_counter(f"{kind}_count") for kind in ("real", "fake")
        ]
        self._off = self.add_variable((), "zeros", "int64", name="no_probabilities")

    def add_batch(self, real: Tensor, fake: Tensor) -> None:
        for counter, rows in zip(self._counters, (real, fake), strict=True):
            self.position(counter, rows)
        fake = fake if fake.dtype.is_floating else tf.cast(fake, tf.float32)
        each = tf.reshape(fake, (-1, self.parts, fake.shape[1] // self.parts))
        sums = tf.abs(tf.reduce_sum(each, axis=2) - 1) <= 1e-3  # False for NaN
        right = sums & tf.reduce_all(each >= 0, axis=2)
        self._off.assign_add(tf.math.count_nonzero(~right))
        good = tf.reduce_min(tf.reduce_max(each, axis=2), axis=1) >= self.least
        which = _class_of(tf.argmax(each, axis=2), each.shape[2])
        modes = self._counts.shape[0]
        hits = (
            tf.one_hot(which, modes, dtype=tf.int64) * tf.cast(good, tf.int64)[:, None]
        )
        self._counts.assign_add(tf.reduce_sum(hits, axis=0))

    def counts(self) -> list[int]:
        """The numbers of samples of each kind it has seen; the reals do not count."""
        return [as_number(counter) for counter in self._counters]

    def values(self) -> dict[str, float]:
        off = int(ops.convert_to_numpy(self._off))
        if off:
            raise ValueError(
                f"{self.name} takes probabilities of classes, which sum to 1. "
                f"Received: {off} parts of rows that do not, or NaN. "
                "Put a softmax over logits."
            )
        counts, seen = ops.convert_to_numpy(self._counts), self.counts()[1]
        found = coverage(counts, seen, self._shares)._asdict()
        if self.name == "class_coverage":
            return found
        return {f"{self.name}_{name}": value for name, value in found.items()}

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "shares": None if self.shares is None else self.shares.tolist(),
            "parts": self.parts,
            "least": self.least,
        }


def _modes(columns, parts):
    if columns % parts:
        raise ValueError(
            f"A row holds parts={parts} times the probabilities of the classes. "
            f"Received: rows of {columns} numbers."
        )
    return (columns // parts) ** parts


def _class_of(digits, base):
    """(n, parts) classes -> (n,): the digits of a number in that base."""
    return sum(
        digits[:, part] * base ** (digits.shape[1] - 1 - part)
        for part in range(digits.shape[1])
    )


def _error_of_kl(shares, of_real, count):
    """The standard error of a KL by the delta method: that of the mean of log q/w."""
    some = shares > 0
    logs = np.log(shares[some] / of_real[some])
    mean = (shares[some] * logs).sum()
    variance = (shares[some] * np.square(logs - mean)).sum()
    return float(np.sqrt(variance / count))


def _check_least(least):
    number = as_floats(least, "least")
    if isinstance(least, bool) or number.shape != () or not 0 <= number <= 1:
        raise ValueError(f"least is a probability in [0, 1]. Received: {least!r}.")
    return float(number)
