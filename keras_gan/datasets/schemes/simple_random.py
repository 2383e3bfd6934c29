"""Simple random sampling: every sample of that size is as likely as every other."""

import numpy as np

from keras_gan.core.randomness import check_seed

from .sizes import check_size


def simple_random(count: int, size: int, seed: int = 0) -> np.ndarray:
    """Simple random sample of `size` of `count` items, without replacement.

    Each item is drawn with the chance size/count.

    Args:
        count: int >= 1, the items of the population.
        size: int in [1, count], the items wanted.
        seed: int in [0, 2**31 - 1].

    Returns:
        int64 array (size,) of item numbers from 0, ascending.

    Raises:
        ValueError: if more are wanted than there are, or a number is out of its range.

    Example:

    >>> simple_random(count=5, size=5, seed=3).tolist()
    [0, 1, 2, 3, 4]
    """
    count, size = check_size(count, size)
    generator = np.random.default_rng(check_seed(seed))
    return np.sort(generator.choice(count, size, replace=False))
