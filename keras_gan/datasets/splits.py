"""Train and test splits: holdout, cross-validation and the bootstrap."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.core.randomness import check_seed

from .schemes.sizes import check_groups


def hold_out(
    count: int, test_size: int, seed: int = 0, labels: ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Hold out some items for the test.

    Args:
        count: int >= 2, the items there are.
        test_size: int in [1, count - 1], the items of the test.
        seed: int in [0, 2**31 - 1].
        labels: None, or array (count,): each class keeps its share in both parts.

    Returns:
        (train, test): int64 arrays of item numbers from 0, ascending, that together
        hold each item once.

    Raises:
        ValueError: if nothing is left to train on, or with labels if a class has fewer
            than two items or a part has fewer items than there are classes.

    Example:

    >>> train, test = hold_out(10, test_size=3)
    >>> len(train), len(test)
    (7, 3)
    """
    from sklearn.model_selection import train_test_split

    count = check_integer(count, "count", 2)
    test_size = check_integer(test_size, "test_size", 1)
    if test_size >= count:
        raise ValueError(
            f"test_size={test_size} of {count} items leaves none to train on. "
            f"Ask for at most {count - 1}."
        )
    labels = _checked_labels(labels, count)
    if labels is not None:
        _check_parts(*labels, test_size)
    parts = train_test_split(
        np.arange(count),
        test_size=test_size,
        random_state=check_seed(seed),
        stratify=None if labels is None else labels[0],
    )
    return tuple(np.sort(part) for part in parts)


def k_fold(
    count: int, folds: int = 5, seed: int = 0, labels: ArrayLike | None = None
) -> list[tuple[np.ndarray, np.ndarray]]:
    """K-fold cross-validation: folds of nearly equal size, each the test once.

    Args:
        count: int >= 2, the items there are.
        folds: int in [2, count].
        seed: int in [0, 2**31 - 1], of the order in which they are dealt out.
        labels: None, or array (count,): each class keeps its share in every fold.

    Returns:
        A list of `folds` pairs (train, test) of int64 arrays, ascending. The tests
        together hold each item once.

    Raises:
        ValueError: for more folds than items, or with labels than items of a class.

    Example:

    >>> [len(test) for train, test in k_fold(10, folds=3)]
    [4, 3, 3]
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    count = check_integer(count, "count", 2)
    folds = check_integer(folds, "folds", 2)
    if folds > count:
        raise ValueError(
            f"Each fold holds at least one item. Received: folds={folds} for {count} "
            "items."
        )
    labels = _checked_labels(labels, count)
    if labels is not None:
        labels, classes = labels
        sizes = np.bincount(labels)
        if sizes.min() < folds:
            raise ValueError(
                f"Each fold holds at least one item of each class. Received: folds="
                f"{folds}, but class {classes[sizes.argmin()]!r} has {sizes.min()}."
            )
    kind = KFold if labels is None else StratifiedKFold
    cut = kind(folds, shuffle=True, random_state=check_seed(seed))
    return list(cut.split(np.zeros(count), labels))


def leave_one_out(count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Leave-one-out cross-validation: each item is the test once, and all others train.

    Args:
        count: int >= 2, the items there are.

    Returns:
        An iterator over `count` pairs (train, test) of int64 arrays, in order; drawn up
        one by one, since together they hold count^2 numbers.

    Raises:
        ValueError: if there are fewer than two items.

    Example:

    >>> [(train.tolist(), test.tolist()) for train, test in leave_one_out(3)]
    [([1, 2], [0]), ([0, 2], [1]), ([0, 1], [2])]
    """
    from sklearn.model_selection import LeaveOneOut

    return LeaveOneOut().split(np.zeros(check_integer(count, "count", 2)))


def bootstrap(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Bootstrap: as many items as there are, with replacement; those never drawn test.

    An item is out of the bag with the chance (1 - 1/n)^n, which goes to 1/e = 36.8 % as
    n grows (Efron and Tibshirani, 1993).

    Args:
        count: int >= 1, the items there are.
        seed: int in [0, 2**31 - 1].

    Returns:
        (bag, out_of_bag): int64 arrays, ascending. The bag has `count` numbers, some of
        them several times; out_of_bag has those that it lacks, and may be empty where
        count is small.

    Raises:
        ValueError: for a number out of its range.

    Example:

    >>> bag, out_of_bag = bootstrap(100_000)
    >>> len(bag), round(len(out_of_bag) / 100_000, 2)
    (100000, 0.37)
    """
    count = check_integer(count, "count", 1)
    generator = np.random.default_rng(check_seed(seed))
    bag = np.sort(generator.integers(count, size=count))
    return bag, np.setdiff1d(np.arange(count), bag)


def _check_parts(which, classes, test_size):
    """Raise a ValueError unless each class can be in both parts."""
    sizes = np.bincount(which)
    if sizes.min() < 2:
        raise ValueError(
            "Each class is in both parts, so it has at least 2 items. Received: class "
            f"{classes[sizes.argmin()]!r} with 1. Leave it out, or pass no labels."
        )
    smaller = min(test_size, len(which) - test_size)
    if smaller < len(classes):
        raise ValueError(
            f"Each part holds an item of each of {len(classes)} classes. Received: "
            f"test_size={test_size} of {len(which)}, which leaves a part of {smaller}. "
            "Ask for another test_size, or pass no labels."
        )


def _checked_labels(labels, count):
    """None, or (which of the classes each item has, the classes)."""
    if labels is None:
        return None
    which, classes = check_groups(labels, "labels")
    if len(which) != count:
        raise ValueError(
            f"labels holds one class for each of the {count} items. "
            f"Received: {len(which)}."
        )
    return which, classes
