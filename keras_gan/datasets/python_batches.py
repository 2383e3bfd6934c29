"""Minibatches that Python code makes, one after the other, as a data set.

What is wrong with a minibatch ends the data before it, as in `Watched`, and is then the
`failure`: an error in a pipeline would come while a step before it is half done.
"""

from typing import Any

import tensorflow as tf

from keras_gan.core import compat
from keras_gan.core.arguments import check_integer

from .feeds import Feed
from .regroup import regroup

PREFETCHED = 2  # as of an `EpochDataset`


class PythonBatches(tf.data.Dataset):
    """Minibatches of a feed, as a `tf.data.Dataset`.

    Args:
        feed: a `Feed`.
        group: int k >= 1: elements of k minibatches, (batch, k, ...), if it is not 1.

    Attributes:
        feed: as given; several data sets may have one, with one place.
        epoch, start: int >= 0, settable: the epoch whose order the next iterator
            yields, where the feed has several, and how many minibatches it leaves out.
        seed, shuffled, endless: as of the feed.
    """

    def __init__(self, feed: Feed, group: int = 1) -> None:
        self.feed, self.group = feed, group
        elements = feed.elements()
        if group > 1:
            elements = regroup(elements, group)
        self._dataset = elements.prefetch(PREFETCHED)
        super().__init__(compat.variant_tensor(self._dataset))

    def _inputs(self):  # asked for by TensorFlow
        return [self._dataset]

    @property
    def element_spec(self) -> Any:
        return self._dataset.element_spec

    def cardinality(self) -> tf.Tensor:
        """int64 tensor, the elements of a whole pass, whatever `start` is."""
        length = self.feed.length
        return tf.constant(length // self.group if length > 0 else length, tf.int64)

    def regrouped(self, k: int) -> "PythonBatches":
        """The same minibatches in elements (batch, k, ...), see `regroup`."""
        k = check_integer(k, "k", 1)
        return PythonBatches(self.feed.of_equal_sizes() if k > 1 else self.feed, k)

    @property
    def epoch(self) -> int:
        return self.feed.epoch

    @epoch.setter
    def epoch(self, value: int) -> None:
        self.feed.epoch = value

    @property
    def start(self) -> int:
        return self.feed.start

    @start.setter
    def start(self, value: int) -> None:
        self.feed.start = value

    @property
    def stop(self) -> int | None:
        return self.feed.stop

    @stop.setter
    def stop(self, value: int | None) -> None:
        self.feed.stop = value

    @property
    def seed(self) -> int | None:
        return self.feed.seed

    @property
    def shuffled(self) -> bool:
        return self.feed.shuffled

    @property
    def endless(self) -> bool:
        return self.feed.endless
