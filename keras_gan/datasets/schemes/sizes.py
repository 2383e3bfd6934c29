"""How many may be drawn of how many."""

import numpy as np

from keras_gan.datasets.order import whole_number


def check_size(count, size, items="items"):
    """(count, size) as ints, or a ValueError unless 1 <= size <= count."""
    count = whole_number("count", count, 1)
    size = whole_number("size", size, 1)
    if size > count:
        raise ValueError(
            f"More {items} are wanted than there are: size={size} of {count}. Ask for "
            f"at most {count}; to draw with replacement, see splits.bootstrap."
        )
    return count, size


def check_groups(groups, name):
    """The group of each item as an array (n,), or a ValueError for another shape."""
    groups = np.asarray(groups)
    if groups.ndim != 1 or len(groups) < 1:
        raise ValueError(
            f"{name} holds one value for each item, shape (n,). Received: shape "
            f"{groups.shape}."
        )
    return groups
