"""Resumable data: any data set, made to begin at a position that is set."""

from typing import Any

import numpy as np
import tensorflow as tf

from keras_gan.core import compat
from keras_gan.core.arguments import check_integer

from .reading import call_python


class Resumable(tf.data.Dataset):
    """A resumable data set: its next iterator leaves out the first `start` minibatches.

    They are read and thrown away (`skip`), so this costs time, and it is the same place
    only if the data set yields the same elements in the same order each time.
    `keras_gan.datasets.load` needs neither.

    Args:
        dataset: `tf.data.Dataset`.
        moves: int >= 1, the minibatches in one element.

    Attributes:
        start: int >= 0, settable, in minibatches; read when an iterator opens.
        stop: int >= 1 or None, settable, the minibatch before which it ends.
        endless: bool, whether the data set never ends, so that all epochs are one
            iteration of it.

    Example:

    >>> import tensorflow as tf
    >>> data = Resumable(tf.data.Dataset.range(5))
    >>> data.start = 3
    >>> [int(x) for x in data], len(data)
    ([3, 4], 5)
    """

    def __init__(self, dataset: tf.data.Dataset, moves: int = 1) -> None:
        moves = check_integer(moves, "moves", 1)
        self.start, self.stop = 0, None
        self._whole = dataset

        def position():
            start = self.start // moves
            taken = -1 if self.stop is None else self.stop // moves
            return np.array([start, taken], np.int64)  # -1 takes all

        def rest(_):
            place = tf.ensure_shape(call_python(position, [], tf.int64), (2,))
            # Not by tf.unstack: TensorFlow's optimizer of data sets crashes at that.
            return dataset.take(place[1]).skip(place[0])

        self._dataset = tf.data.Dataset.from_tensors(0).flat_map(rest)
        super().__init__(compat.variant_tensor(self._dataset))

    def _inputs(self):  # asked for by TensorFlow
        return [self._dataset]

    @property
    def element_spec(self) -> Any:
        return self._dataset.element_spec

    def cardinality(self) -> tf.Tensor:
        """int64 tensor, the elements of the whole data set, whatever `start` is."""
        return self._whole.cardinality()

    @property
    def endless(self) -> bool:
        return int(self.cardinality()) == tf.data.INFINITE_CARDINALITY
