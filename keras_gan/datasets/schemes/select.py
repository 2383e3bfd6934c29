"""Selection: a sampling design, applied to a `tf.data.Dataset`."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from .sizes import LARGEST, array_of


def select(indices: ArrayLike) -> Callable[[tf.data.Dataset], tf.data.Dataset]:
    """Select items: a `dataset.apply` transform to those of these numbers, ascending.

    The items are read once, in their order; those not drawn are passed over. An item
    that is drawn several times (as by a bootstrap) comes as often, one after the other.

    Args:
        indices: integer array (size,) of item numbers from 0, such as a design or a
            split returns.

    Returns:
        A function from a `tf.data.Dataset` of single items (call `unbatch()` before it
        on minibatches) to the drawn ones. It raises a ValueError for a data set that
        has too few items; where their number is unknown, reading it raises.

    Raises:
        ValueError: if `indices` is no such array.

    Example:

    >>> from keras_gan.datasets.schemes import systematic
    >>> items = tf.data.Dataset.range(1200)
    >>> drawn = items.apply(select(systematic(1200, 50, start=18)))
    >>> len(drawn), [int(x) for x in drawn.take(3)]
    (50, [18, 42, 66])
    """
    indices = array_of(indices)
    if indices.ndim != 1 or indices.dtype.kind not in "iu" or len(indices) < 1:
        raise ValueError(
            "indices is an integer array (size,) of item numbers. Received: "
            f"{indices.dtype} of shape {indices.shape}."
        )
    if indices.min() < 0 or indices.max() > LARGEST:
        wrong = indices.min() if indices.min() < 0 else indices.max()
        raise ValueError(f"Items are numbered from 0 to {LARGEST}. Received: {wrong}.")
    times = np.bincount(indices.astype(np.int64))

    def drawn(dataset):
        count = int(dataset.cardinality())
        if 0 <= count < len(times):
            raise ValueError(
                f"Item {len(times) - 1} is wanted of a data set of {count} items, "
                "numbered from 0. Draw from a population of that size; if the data set "
                "holds minibatches, call unbatch() first."
            )

        def repeated(number, *item):
            item = item if len(item) > 1 else item[0]
            return tf.data.Dataset.from_tensors(item).repeat(tf.gather(times, number))

        items = dataset.take(len(times)).enumerate().flat_map(repeated)
        return items.apply(tf.data.experimental.assert_cardinality(len(indices)))

    return drawn
