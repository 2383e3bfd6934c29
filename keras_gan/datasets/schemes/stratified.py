"""Stratified sampling: each class keeps its share."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integers
from keras_gan.core.randomness import check_seed

from .sizes import array_of, check_groups, check_size


def allocation(counts: ArrayLike, size: int) -> np.ndarray:
    """Proportional allocation: how many to draw of each stratum, so that shares stay.

    The quota of stratum h is size * N_h / N. Each gets its quota rounded down; what is
    left goes to the largest remainders, one each, the first stratum first where two are
    equal. So none is more than 1 away from its quota.

    Args:
        counts: ints (strata,), the items N_h of each stratum.
        size: int in [1, N], the items wanted in all.

    Returns:
        int64 array (strata,) that sums to `size`.

    Raises:
        ValueError: if more are wanted than there are, or a count is no whole number.

    Example:

    >>> allocation([50, 30, 20], size=7).tolist()  # quotas 3.5, 2.1 and 1.4
    [4, 2, 1]
    """
    if array_of(counts).ndim != 1:
        raise ValueError(
            "counts holds one number for each stratum, shape (strata,). Received: "
            f"{counts!r}."
        )
    counts = check_integers(counts, "counts", 0)
    total, size = check_size(sum(counts), size)
    # In whole numbers, so that equal remainders are equal.
    quotas = [divmod(count * size, total) for count in counts]
    shares, remainders = np.array(quotas, np.int64).T
    left = size - int(shares.sum())
    shares[np.argsort(-remainders, kind="stable")[:left]] += 1
    return shares


def stratified(labels: ArrayLike, size: int, seed: int = 0) -> np.ndarray:
    """Stratified sample: drawn within each class, as many as its share (`allocation`).

    Args:
        labels: array (n,), the class of each item.
        size: int in [1, n], the items wanted in all.
        seed: int in [0, 2**31 - 1].

    Returns:
        int64 array (size,) of item numbers from 0, ascending.

    Raises:
        ValueError: if more are wanted than there are, or `labels` is no such array.

    Example:

    >>> labels = np.repeat([0, 1, 2], 100)
    >>> np.bincount(labels[stratified(labels, size=60)]).tolist()
    [20, 20, 20]
    """
    stratum, classes = check_groups(labels, "labels")
    counts = np.bincount(stratum, minlength=len(classes))
    generator = np.random.default_rng(check_seed(seed))
    drawn = [
        generator.choice(np.flatnonzero(stratum == h), wanted, replace=False)
        for h, wanted in enumerate(allocation(counts, size))
    ]
    return np.sort(np.concatenate(drawn))
