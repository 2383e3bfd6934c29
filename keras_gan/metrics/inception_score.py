"""The classifier score (Inception score): how sure a classifier is, and how varied."""

from typing import Any

import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.metrics.checks import chunks, rows_of
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.on_features import OnFeatures, as_number
from keras_gan.metrics.score import Estimate, Score
from keras_gan.metrics.sets import Sets


def inception_score(
    probabilities: ArrayLike, splits: int = 1, from_logits: bool = False
) -> Estimate:
    """Inception score, or classifier score: how sure, and how varied, a classifier is.

    The exp of the information that a class holds on a sample (Salimans et al., 2016):

    exp(E KL(p(y|x) || p(y))) with p(y) = E p(y|x): between 1 and the number of classes,
    and at most exp(H(p(y))), which a classifier that is always sure reaches (9.986 for
    the classes of MNIST's training images). Called IS, or Inception score, where the
    classifier is the Inception network of 2015, and only there; for any other one it is
    a classifier score, to be read against the same classifier's score of real data.

    Row i is in part i mod `splits`; each part has its own p(y), and the value is the
    mean over the parts. Small parts have small scores: compare at equal sizes.

    Args:
        probabilities: array (n, classes), rows in [0, 1] that sum to 1, or logits.
        splits: int >= 1, 10 in the paper.
        from_logits: bool, whether rows are logits, of at most 1e36.

    Returns:
        `Estimate` (value, standard_error): the error is the deviation over the parts
        over the root of their number, None for one part. (Papers print the deviation.)

    Raises:
        ValueError: for rows that are no probabilities, or fewer rows than parts.

    Example:

    >>> inception_score([[1.0, 0.0], [0.0, 1.0]])
    Estimate(value=2.0, standard_error=None)
    >>> inception_score([[0.0, 0.0], [0.0, 0.0]], from_logits=True).value
    1.0
    """
    check_integer(splits, "splits", 1)
    rows = rows_of(probabilities, "logits" if from_logits else "probabilities", splits)
    if not from_logits:
        _check_shares(rows)
    part = np.arange(len(rows)) % splits
    sums, informations = np.zeros((splits, rows.shape[1])), np.zeros(splits)
    for chunk in chunks(len(rows)):
        if from_logits:
            logs = rows[chunk].astype(np.float64)
            logs -= logs.max(axis=1, keepdims=True)
            logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
            shares = np.exp(logs)
        else:
            shares = rows[chunk].astype(np.float64)
            logs = np.log(np.where(shares > 0, shares, 1))
        np.add.at(sums, part[chunk], shares)
        np.add.at(informations, part[chunk], (shares * logs).sum(axis=1))
    return _estimate(sums, informations, np.bincount(part, minlength=splits))


def _check_shares(rows):
    for chunk in chunks(len(rows)):
        least, totals = rows[chunk].min(), rows[chunk].sum(axis=1, dtype=np.float64)
        if least < 0 or abs(totals - 1).max() > 1e-3:
            raise ValueError(
                "Each row holds the probabilities of the classes, which sum to 1. "
                f"Received: a smallest of {least:.3g}, sums from {totals.min():.3g} to "
                f"{totals.max():.3g}. Pass from_logits=True for logits."
            )


def _estimate(sums, informations, counts):
    """The score, from sum p(y|x), sum of p log p over samples and classes, and n."""
    mean = sums / counts[:, np.newaxis]
    entropy = -(mean * np.log(np.where(mean > 0, mean, 1))).sum(axis=1)
    information = entropy + informations / counts
    # Within its bounds, also where rows are 1e-3 off a sum of 1.
    values = np.clip(np.exp(information), 1, sums.shape[1])
    error = None
    if len(values) > 1:
        error = float(values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(float(values.mean()), error)


def _error_of_ratio(score, own):
    if score.standard_error is None:
        return None
    parts = [one.standard_error / one.value for one in (score, own)]
    return float(score.value / own.value * np.hypot(*parts))


@register
class InceptionScore(OnFeatures):
    """Inception score, or classifier score, of all fakes, from running sums.

    The log key is "classifier_score": what it is called with any other classifier than
    the Inception network of 2015. Reals are not looked at; to have their score beside
    it, pass them as fakes to another one.

    Args:
        features: an extractor that ends in the classes, see `metrics.features`; None
            if the samples themselves are rows of probabilities or logits.
        splits: int >= 1.
        from_logits: bool, whether the extractor ends in logits, not in probabilities.
        name: str, its log key.

    Example:

    >>> metric = InceptionScore()
    >>> metric.update_state([[0.5, 0.5]], [[1.0, 0.0]])
    >>> metric.update_state([[0.5, 0.5]], [[0.0, 1.0]])
    >>> metric.result()
    2.0
    """

    best = {"classifier_score": "the real data's", "classifier_score_share": "1"}
    measured_on = "classes"

    def __init__(
        self,
        features: Extractor | str | None = None,
        splits: int = 1,
        from_logits: bool = False,
        name: str = "classifier_score",
    ):
        super().__init__(features, name)
        self.splits = check_integer(splits, "splits", 1)
        self.from_logits = bool(from_logits)

    @classmethod
    def measured_with(cls, sets: Sets) -> dict[str, Any]:
        """Ten parts, as in the paper, or one where these would be small."""
        return {"splits": 10 if sets.smaller >= 1000 else 1}

    @classmethod
    def measure(cls, sets: Sets) -> dict[str, Score]:
        """The fakes' score, and as a share of the reals'."""
        own, found = (
            inception_score(rows, **cls.measured_with(sets))
            for rows in (sets.real, sets.fake)
        )
        ratio = Estimate(found.value / own.value, _error_of_ratio(found, own))
        return {
            "classifier_score": sets.score("classifier_score", *found),
            "classifier_score_share": sets.score("classifier_score_share", *ratio),
        }

    def make_variables(self, dim: int) -> None:
        double = {"initializer": "zeros", "dtype": "float64"}
        self._sums = self.add_variable((self.splits, dim), name="sums", **double)
        self._informations = self.add_variable(
            (self.splits,), name="informations", **double
        )
        self._worst = self.add_variable((), name="furthest_from_a_sum_of_1", **double)
        self._counter = self.add_counter("count")
        self._real_counter = self.add_counter("real_count")

    def add_batch(self, real: Tensor, fake: Tensor) -> None:
        self.position(self._real_counter, real)
        positions = self.position(self._counter, fake)
        fake = tf.cast(fake, tf.float64)
        if self.from_logits:
            logs = tf.nn.log_softmax(fake)
            shares = tf.exp(logs)
        else:
            shares, logs = fake, tf.math.log(tf.where(fake > 0, fake, 1.0))
            off = tf.abs(tf.reduce_sum(shares, axis=1) - 1.0)
            off += tf.reduce_sum(tf.maximum(-shares, 0.0), axis=1)
            self._worst.assign_add(tf.reduce_sum(tf.where(off > 1e-3, off, 0.0)))
        part = tf.one_hot(positions % self.splits, self.splits, dtype=tf.float64)
        self._sums.assign_add(tf.matmul(part, shares, transpose_a=True))
        information = tf.reduce_sum(shares * logs, axis=1)
        self._informations.assign_add(tf.linalg.matvec(part, information, True))

    def counts(self) -> list[int]:
        """The numbers of samples of each kind it has seen; the reals do not count."""
        return [as_number(self._real_counter), as_number(self._counter)]

    def _estimated(self):
        count = self.counts()[1]
        if count < self.splits:
            raise ValueError(
                f"{self.name} needs at least a sample for each of {self.splits} parts. "
                f"Received: {count}."
            )
        worst = float(ops.convert_to_numpy(self._worst))
        sums, informations = map(ops.convert_to_numpy, (self._sums, self._informations))
        if worst != 0 or not np.isfinite(informations).all():
            raise ValueError(
                f"{self.name} takes probabilities of classes, which sum to 1. "
                "Received: rows that do not, or NaN. Pass from_logits=True for logits."
            )
        counts = np.bincount(np.arange(count) % self.splits, minlength=self.splits)
        return _estimate(sums, informations, counts)

    def values(self) -> dict[str, float]:
        return {self.name: self._estimated().value}

    def standard_errors(self) -> dict[str, float | None]:
        return {self.name: self._estimated().standard_error}

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "splits": self.splits,
            "from_logits": self.from_logits,
        }
