"""Systematic sampling: every k-th item from a start in the first interval."""

import numpy as np

from keras_gan.core.arguments import check_integer
from keras_gan.core.randomness import check_seed

from .sizes import check_size


def systematic(
    count: int, size: int, start: int | None = None, seed: int = 0
) -> np.ndarray:
    """Systematic sample: one item from each interval of k = count/size, by steps of k.

    Where k is no whole number, the steps are its multiples rounded down, so that the
    sample still reaches the end of the population; with a start that is drawn every
    item has the chance size/count exactly.

    Args:
        count: int >= 1, the items of the population.
        size: int in [1, count], the items wanted.
        start: int in [0, k), the first item; None draws it.
        seed: int in [0, 2**31 - 1], of the start where it is drawn.

    Returns:
        int64 array (size,) of item numbers from 0, ascending.

    Raises:
        ValueError: if more are wanted than there are, or the start lies outside the
            first interval.

    Example:

    >>> indices = systematic(count=1200, size=50, start=18)  # k = 24
    >>> indices[:3].tolist(), int(indices[-1])
    ([18, 42, 66], 1194)
    """
    count, size = check_size(count, size)
    # In units of 1/size of an item, in which an interval is `count` long.
    if start is None:
        first = int(np.random.default_rng(check_seed(seed)).integers(count))
    else:
        first = _checked_start(start, count, size) * size
    # (first + i count)/size in wholes and remainders, whose products are below size^2.
    wholes, rests = divmod(count, size)
    start, rest = divmod(first, size)
    index = np.arange(size, dtype=np.int64)
    return start + index * wholes + (rest + index * rests) // size


def _checked_start(start, count, size):
    last = -(-count // size) - 1
    hint = f"It is an item of the first interval, for {size} of {count} items."
    return check_integer(start, "start", 0, last, hint)
