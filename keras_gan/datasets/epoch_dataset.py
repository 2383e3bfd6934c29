"""An epoch: finite, of minibatches whose position can be set, and so restored."""

import math
from typing import Any

import numpy as np
import tensorflow as tf

from keras_gan.core import compat
from keras_gan.core.arguments import ArgumentError, check_integer

from .memory import check_memory
from .order import Order
from .reading import call_python
from .regroup import regroup
from .source import Source

# Two elements ready while one is used: enough to hide the reading.
PREFETCHED = 2


class EpochDataset(tf.data.Dataset):
    """An epoch over a source, as a `tf.data.Dataset` that can begin at any place.

    An element is a float32 minibatch (batch, height, width, channels) in [-1, 1], or
    (batch, d) of vectors as they are; with labels a pair of it and int32 (batch,); of
    `few_labels` (samples, (labelled samples, labels)).
    Each item comes at most once a pass, in the order that `seed` and `epoch` give, and
    an epoch is one pass, or several.

    Iterating does not move `epoch`: who trains sets it before each epoch, and so the
    run stays a function of (seed, epoch, position). `epoch`, `start` and `stop` are
    read when an iterator fetches its first minibatch.

    Args:
        source: a `Source`.
        order: an `Order` over the source's items.
        labels: bool, whether elements are pairs with the labels.
        drop_remainder: bool, whether a last minibatch smaller than the others is left
            out. Every batch then has the same, static size.
        group: None, or int k >= 1: elements of k minibatches, (batch, k, ...).

    Attributes:
        epoch: int >= 0, settable: the epoch whose order the next iterator yields.
        start: int >= 0, settable: the minibatches that the next iterator leaves out.
        stop: int >= 1 or None, settable: the minibatch before which it ends.
        seed, shuffled, batch_size, num_samples, passes: as in the order (`shuffle` is
            a method of every `tf.data.Dataset`).
        drop_remainder, group: as given.
        sample_shape: tuple, the shape of one item.
        num_classes: int; None without labels.
        class_names: list of str, the name of each class: as the data give it (the
            sub-folders, the names of tensorflow-datasets), else its number; None
            without labels.
        named_classes: bool, whether the data say which classes there are; else
            `num_classes` is as far as the labels reach.
        labels: int32 array (num_samples,), -1 where the class is missing; None without
            labels.
        fingerprint: str, a SHA-256 that tells these data from others.
        skipped: tuple of str, the undecodable files that were left out.
        part: str, in words, what was held out of the data, see `PartSource`; or "".
        description: str, the data in words: how many, of which shape, from where.

    Raises:
        ValueError: if the data do not fill one minibatch, or not one group, or an
            element does not fit into the memory.

    Example:

    >>> from keras_gan.datasets import load
    >>> digits = load("digits", batch_size=64)
    >>> len(digits), digits.sample_shape
    (28, (8, 8, 1))
    >>> digits.epoch, digits.start = 3, 26  # go on in the middle of epoch 3
    >>> sum(1 for _ in digits)
    2
    """

    def __init__(
        self,
        source: Source,
        order: Order,
        labels: bool = False,
        drop_remainder: bool = True,
        group: int | None = None,
    ) -> None:
        batches = order.num_batches(drop_remainder)
        if group is not None and batches < group:
            raise ArgumentError(
                f"An epoch has {batches} full minibatches of {order.batch_size}, fewer "
                f"than the k={group} of one group. Take a smaller batch_size, or more "
                "data.",
                "batch_size",
            )
        if batches < 1:
            raise ArgumentError(
                f"batch_size={order.batch_size} is larger than the data, which have "
                f"{order.num_samples} samples, so an epoch would be empty. Take a "
                "smaller batch_size.",
                "batch_size",
            )
        size = min(order.batch_size, order.num_samples) * (group or 1)
        check_element(size, source.item_shape, "A", "batch_size")
        self._source = source
        self._order = order
        self._labelled = labels
        self.drop_remainder = drop_remainder
        self.group = group
        indices = order.indices(drop_remainder)
        if group is not None:
            indices = regroup(indices, group)
        elements = indices.map(_fetch(source, labels)).prefetch(PREFETCHED)
        self._dataset = elements.with_options(_nothing_to_tune())
        self._length = batches // (group or 1)
        super().__init__(compat.variant_tensor(self._dataset))

    def _inputs(self):  # asked for by TensorFlow
        return [self._dataset]

    @property
    def element_spec(self) -> Any:
        return self._dataset.element_spec

    def cardinality(self) -> tf.Tensor:
        """int64 tensor, the elements of a whole epoch, whatever `start` is."""
        return tf.constant(self._length, tf.int64)

    def regrouped(self, k: int) -> "EpochDataset":
        """The same epoch in elements (batch, k, ...) of k successive minibatches.

        Minibatch j of element i is `x[:, j]` and equals minibatch i * k + j of this
        epoch; at the end, minibatches that do not fill a group are left out. `epoch`
        and `start` are shared: setting them here or there is one thing. `start` counts
        minibatches in both, and groups are counted from it.

        Raises:
            ValueError: if `k` is no whole number of at least 1, if an epoch has fewer
                than k full minibatches, or if this epoch is regrouped already.
        """
        k = check_integer(k, "k", 1)
        if self.group is not None:
            raise ValueError(
                f"This epoch is regrouped already, by {self.group}. Call "
                f"regrouped({k}) on the epoch that load() returned."
            )
        return EpochDataset(self._source, self._order, self._labelled, True, group=k)

    @property
    def epoch(self) -> int:
        return self._order.epoch

    @epoch.setter
    def epoch(self, value: int) -> None:
        self._order.epoch = value

    @property
    def start(self) -> int:
        return self._order.start

    @start.setter
    def start(self, value: int) -> None:
        self._order.start = value

    @property
    def stop(self) -> int | None:
        return self._order.stop

    @stop.setter
    def stop(self, value: int | None) -> None:
        self._order.stop = value

    @property
    def seed(self) -> int:
        return self._order.seed

    @property
    def shuffled(self) -> bool:
        return self._order.shuffle

    @property
    def batch_size(self) -> int:
        return self._order.batch_size

    @property
    def num_samples(self) -> int:
        return self._order.num_samples

    @property
    def passes(self) -> int:
        return self._order.passes

    @property
    def sample_shape(self) -> tuple[int, ...]:
        return self._source.item_shape

    @property
    def num_classes(self) -> int | None:
        return self._source.num_classes if self._labelled else None

    @property
    def class_names(self) -> list[str] | None:
        if not self._labelled:
            return None
        numbers = (str(label) for label in range(self.num_classes))
        return list(self._source.class_names or numbers)

    @property
    def named_classes(self) -> bool:
        return self._labelled and self._source.class_names is not None

    @property
    def labels(self) -> np.ndarray | None:
        return self._source.labels if self._labelled else None

    @property
    def fingerprint(self) -> str:
        return self._source.fingerprint

    @property
    def skipped(self) -> tuple[str, ...]:
        return self._source.skipped

    @property
    def part(self) -> str:
        return self._source.part

    @property
    def description(self) -> str:
        origin = f" from {self._source.origin}" if self._source.origin else ""
        kind = f"{self.num_samples} samples of shape {self.sample_shape}"
        return f"{kind}{origin}{self.part}"


def check_element(items, shape, begin, argument):
    """Raise a ValueError unless float32 elements of so many items fit into the memory.

    Args:
        items: int, in an element.
        shape: tuple, of one item.
        begin: str, how the error begins, up to the article of "minibatch".
        argument: str, "batch_size" or "image_size": what the error is about.
    """
    sides = " x ".join(map(str, shape))
    check_memory(
        f"{begin} minibatch of {items} samples of {sides}, with the {PREFETCHED} that "
        "are read ahead,",
        4 * items * math.prod(shape) * (1 + PREFETCHED),
        "Pass a smaller batch_size or image_size.",
        argument,
    )


def _nothing_to_tune():
    """Options without the autotuner, which has nothing to set in this pipeline.

    An iterator that goes waits until its autotuner wakes up, after 10, 20, 40 ... ms:
    an epoch of 2.6 s then took up to 5.1 s.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return options


def _fetch(source, labels):
    """The function from item numbers (batch, ...) to their items and labels.

    With other item numbers beside them, the labels are those of the items beside.
    """

    def items_of(indices):
        items = source.read(indices.ravel())
        return items.reshape(*indices.shape, *source.item_shape)

    def read(*indices):
        found = [items_of(numbers) for numbers in indices]
        return [*found, source.labels[indices[-1]]] if labels else found

    def shaped(items, indices):
        items.set_shape([*indices.shape, *source.item_shape])
        if items.dtype == tf.uint8:
            items = tf.cast(items, tf.float32) / 127.5 - 1.0
        return items

    def fetch(*indices):
        dtypes = [tf.as_dtype(source.dtype)] * len(indices) + [tf.int32] * labels
        found = call_python(read, [*indices], dtypes)
        parts = [shaped(*pair) for pair in zip(found, indices, strict=not labels)]
        if not labels:
            return parts[0]
        classes = tf.ensure_shape(found[-1], indices[-1].shape)
        items, *beside = parts
        return items, ((*beside, classes) if beside else classes)

    return fetch
