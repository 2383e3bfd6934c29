"""Checks of sample sizes: how many may be drawn of how many."""

import numpy as np

from keras_gan.core.arguments import check_integer

LARGEST = np.iinfo(np.int64).max


def check_size(count, size, items="items"):
    """(count, size) as ints, or a ValueError unless 1 <= size <= count < 2^63."""
    count = check_integer(count, "count", 1)
    if count > LARGEST:
        raise ValueError(
            f"The numbers of {items} are int64, so there are at most {LARGEST}. "
            f"Received: {count}. Draw from a part of them."
        )
    size = check_integer(size, "size", 1)
    if size > count:
        raise ValueError(
            f"More {items} are wanted than there are: size={size} of {count}. Ask for "
            f"at most {count}; to draw with replacement, see splits.bootstrap."
        )
    return count, size


def array_of(values):
    """`values` as an array; lists of several lengths as one of objects, (n, 0)."""
    try:
        return np.asarray(values)
    except ValueError:
        return np.empty((len(values), 0), object)


def check_groups(groups, name):
    """The group of each item, as (which, values): which (n,) of the ascending values.

    Raises:
        ValueError: for another shape, and values that are missing (NaN) or cannot be
            told apart by an order, such as text beside None.
    """
    groups = array_of(groups)
    if groups.ndim != 1 or len(groups) < 1:
        raise ValueError(
            f"{name} holds one value for each item, shape (n,). Received: shape "
            f"{groups.shape}."
        )
    try:
        values, which = np.unique(groups, return_inverse=True)
    except TypeError:
        kinds = sorted({type(group).__name__ for group in groups})
        raise ValueError(
            f"{name} holds values of one kind, which have an order. Received: "
            f"{', '.join(kinds)}. Pass {name} as text, or as whole numbers."
        ) from None
    missing = groups != groups
    if np.any(missing):
        raise ValueError(
            f"{name} holds a value for each item. Received: {groups[missing][0]} at "
            f"index {int(np.argmax(missing))}. Leave these items out, or give them a "
            "group of their own."
        )
    return which, values
