"""Scores of classes: what a game says of them, and samples that were asked for."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from keras_gan.metrics.features import Extractor
from keras_gan.metrics.score import Score, binomial_error

OWN = "the game's own discriminator"
BEST = {  # what a reader looks for in a score
    "class_accuracy": "1",
    "class_accuracy_smallest": "1",
    "classifier_error": "0",
    "code_error": "0",
    "mutual_information": "log K: 2.303 for ten classes",
}


class Reals(NamedTuple):
    """Reals: images of the data, and what is known of their classes.

    Attributes:
        images: array (n, height, width, channels).
        labels: int array (n,), -1 where the class is missing; None without labels.
        num_classes: int, None without labels.
    """

    images: np.ndarray
    labels: np.ndarray | None = None
    num_classes: int | None = None


def class_scores(
    functions: dict[str, Callable[..., Any]],
    real: Reals,
    fake: np.ndarray,
    classes: Extractor | None,
    seed: int,
) -> dict[str, Score]:
    """Score a game's answers about classes.

    - "class_accuracy", by a classifier of its classes: the share of samples that show
      the class that was wanted; "class_accuracy_smallest", that of the class with the
      least;
    - "classifier_error": the share of reals that the game puts into a wrong class;
    - "code_error": the same of a code as in `matched_error`, if it has as many classes
      as the data;
    - "mutual_information": the bound L_I of that code on the samples, in nats.

    Args:
        functions: dict of functions, `GAN.evaluation_functions()`.
        real: `Reals`; without labels there is no error.
        fake: array of images, `sample(len(fake), seed)`.
        classes: an extractor that ends in the probabilities of classes, or None.
        seed: int that the fakes were drawn with.

    Returns:
        Dict of `metrics.Score` by name. Standard errors are those of binomial shares;
        of the bound, the deviation of its terms over the root of their number.
    """
    found = {}
    if "condition" in functions and classes is not None:
        wanted = functions["condition"](len(fake), seed)
        shown = classes.of(fake)
        if wanted.max() < shown.shape[1]:
            right = shown.argmax(axis=1) == wanted
            protocol = len(real.images), len(fake), classes.description, seed
            found |= _wanted(wanted, right, protocol)
    if real.labels is not None:
        known = real.labels >= 0
        images, labels = real.images[known], real.labels[known]
        if "class" in functions and len(labels):
            wrong = functions["class"](images).argmax(axis=1) != labels
            found |= _own("classifier_error", *_share(wrong), len(labels), 0)
        if "code" in functions and len(labels):
            probabilities = functions["code"](images)
            if probabilities.shape[1] == real.num_classes:
                error = matched_error(probabilities.argmax(axis=1), labels)
                deviation = binomial_error(error, len(labels))
                found |= _own("code_error", error, deviation, len(labels), 0)
    if "information" in functions:
        terms = np.asarray(functions["information"](fake, seed), np.float64)
        error = terms.std(ddof=1) / np.sqrt(len(terms))
        found |= _own("mutual_information", terms.mean(), error, 0, len(terms), seed)
    return found


def matched_error(codes: np.ndarray, labels: np.ndarray) -> float:
    """Matched error: the share of codes that are wrong where each stands for one class.

    Args:
        codes, labels: int arrays (n,) from 0. No two codes stand for one class (Chen
            et al., 2016, count InfoGAN's error on MNIST so).

    Returns:
        Float.

    Example:

    >>> matched_error(np.array([2, 2, 0, 0, 1]), np.array([0, 0, 1, 2, 2]))
    0.2
    """
    counts = np.zeros((codes.max() + 1, labels.max() + 1), int)
    np.add.at(counts, (codes, labels), 1)
    right = counts[linear_sum_assignment(counts, maximize=True)].sum()
    return float((len(labels) - right) / len(labels))


def _wanted(wanted, right, protocol):
    by_class = [_share(right[wanted == label]) for label in np.unique(wanted)]
    shares = {"class_accuracy": _share(right), "class_accuracy_smallest": min(by_class)}
    return {name: Score(name, *share, *protocol) for name, share in shares.items()}


def _share(which):
    """The share of the true ones, and its binomial standard error."""
    share = float(np.mean(which))
    return share, binomial_error(share, len(which))


def _own(name, value, error, real, fake, seed=None):
    return {name: Score(name, float(value), float(error), real, fake, OWN, seed)}
