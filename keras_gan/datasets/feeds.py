"""Feeds: what the minibatches of Python code come from, and the place in it."""

import collections
import contextlib
import threading

import keras
import numpy as np
import tensorflow as tf

from .minibatch_form import MinibatchForm
from .order import Order
from .reading import call_python

WITHOUT_END = 2**62
HOOKS = ("on_epoch_begin", "on_epoch_end")


class Feed:
    """The base of feeds.

    Attributes:
        length: int, the minibatches of a pass, or a constant of `tf.data` below 0.
        endless: bool, whether all epochs are one iteration of it.
        epoch, start: int >= 0, settable, read as an iterator opens.
        seed, shuffled: of the order, where it has one; else None and False.
        inexact: str, why a resumed run may see other minibatches, or None.
        failure: (position, exception): the minibatch of the pass, from 0, that could
            not be made, and why; None as long as all could.
    """

    epoch = start = 0
    endless = shuffled = False
    seed = inexact = failure = None

    def elements(self):
        """A `tf.data.Dataset` of the minibatches of a pass, from `start` on."""
        raise NotImplementedError

    def of_equal_sizes(self):
        """This feed, without a last minibatch of another size where that is known."""
        return self

    def begin(self):
        """The end of looking: what iterators that open now yield is used."""

    def begin_epoch(self):
        """The beginning of an epoch."""

    def end_epoch(self):
        """The end of an epoch."""

    def _fail(self, position, error):
        """Note the first failure of a pass, and end the data."""
        if self.failure is None or position < self.failure[0]:
            self.failure = position, error
        raise StopIteration from None  # "out of range" for TensorFlow


class IndexedFeed(Feed):
    """The minibatches of a `keras.utils.PyDataset`, each read by its number.

    They come in an order that (seed, epoch) determine, as the items of `load` do, and
    any place is reached at once. So a run is resumed to the bit at any step, if
    `source[i]` is a function of i. Nothing is known of that where the source has an
    `on_epoch_begin` or `on_epoch_end`, which may shuffle it.

    Args:
        source: `keras.utils.PyDataset`. Its `workers` are threads here.
        seed: int, of the order.
        shuffle: bool; False takes them by their numbers.
        count: int, how many of them are taken; None for all.

    Raises:
        ValueError: if there are none.
        NoMinibatch: if the first one is none.
    """

    def __init__(self, source, seed=0, shuffle=False, count=None):
        self._source, self._lock = source, threading.RLock()
        count = source.num_batches if count is None else count
        if count == 0:
            raise ValueError(
                f"{type(source).__name__} has no minibatches: its length is 0."
            )
        base = keras.utils.PyDataset
        self._hooks = [h for h in HOOKS if getattr(type(source), h) != getattr(base, h)]
        if self._hooks:
            self.inexact = (
                f"{type(source).__name__} has {' and '.join(self._hooks)}, and what "
                "these change is not saved"
            )
        self.endless = count is None
        self.length = tf.data.INFINITE_CARDINALITY if self.endless else int(count)
        self.seed, self.shuffled = seed, bool(shuffle) and not self.endless
        count = WITHOUT_END if self.endless else self.length
        self._order = Order(count, 1, seed, self.shuffled)
        self._first = source[0]
        self._form = MinibatchForm(self._first)

    @property
    def epoch(self):
        return self._order.epoch

    @epoch.setter
    def epoch(self, value):
        self._order.epoch = value

    @property
    def start(self):
        return self._order.start

    @start.setter
    def start(self, value):
        self._order.start = value

    @property
    def stop(self):
        """int >= 1 or None, settable: the minibatch before which a pass ends."""
        return self._order.stop

    @stop.setter
    def stop(self, value):
        self._order.stop = value

    def elements(self):
        def opened():
            self.failure = None
            return np.int64(self._order.start)

        def positions(_):
            start = tf.ensure_shape(call_python(opened, [], tf.int64), ())
            return tf.data.Dataset.range(start, WITHOUT_END)

        positions = tf.data.Dataset.from_tensors(0).flat_map(positions)
        numbers = self._order.indices(drop_remainder=True)
        # The map of TensorFlow 1: if its function says "out of range", the data end.
        return tf.compat.v1.data.Dataset.map(
            tf.data.Dataset.zip((positions, numbers)),
            lambda position, number: self._form.call(self._read, [position, number[0]]),
            num_parallel_calls=self._source.workers if self._threaded() else None,
        )

    def of_equal_sizes(self):
        if self.length < 2:
            return self
        sizes = [
            len(self._form.arrays_of(element)[0])
            for element in (self._first, self._source[self.length - 1])
        ]
        if sizes[0] == sizes[1]:
            return self
        return IndexedFeed(self._source, self.seed, self.shuffled, self.length - 1)

    def begin_epoch(self):
        if "on_epoch_begin" in self._hooks:
            with self._lock:
                self._source.on_epoch_begin()

    def end_epoch(self):
        if "on_epoch_end" in self._hooks:
            with self._lock:
                self._source.on_epoch_end()

    def _threaded(self):
        return self._source.workers > 1 and not self._hooks

    def _read(self, position, number):
        try:
            if self._threaded():
                return self._form.arrays_of(self._source[int(number)])
            with self._lock:  # not while a hook changes it
                return self._form.arrays_of(self._source[int(number)])
        # What a user's code raises is not limited to some classes.
        except Exception as error:
            self._fail(int(position), error)


class IteratedFeed(Feed):
    """The minibatches that an iterable gives, such as a generator or a `DataLoader`.

    A generator is read once: all epochs are one iteration of it. Other iterables, such
    as a `torch.utils.data.DataLoader`, are iterated anew in each epoch. What was looked
    at before the training is kept, and trained on first. A resumed run reads and leaves
    out as many minibatches as the run had seen: the same ones only if the iterable
    gives them again.

    Args:
        source: iterable of minibatches.

    Raises:
        ValueError: if there are none.
        NoMinibatch: if the first one is none.
    """

    def __init__(self, source):
        self._source, self._lock = source, threading.Lock()
        self._iterator = iter(source)
        self.endless = self._iterator is source
        self.inexact = (
            f"{type(source).__name__} may give other minibatches when it is made or "
            "iterated anew"
        )
        self._looked = collections.deque()  # (element, error): one of them is None
        self._looking, self._begun, self._newest = True, False, 0
        try:
            self.length = len(source)
        except (TypeError, NotImplementedError):  # as of a generator
            self.length = tf.data.UNKNOWN_CARDINALITY
        try:
            first = next(self._iterator)
        except StopIteration:
            raise ValueError(
                f"{type(source).__name__} gives no minibatches: it is empty, or was "
                "read to its end before."
            ) from None
        self._looked.append((first, None))
        self._form = MinibatchForm(first)

    def elements(self):
        def one_pass(_):
            number = tf.ensure_shape(call_python(self._open, [], tf.int64), ())
            return tf.data.Dataset.from_tensors(number).repeat()

        numbers = tf.data.Dataset.from_tensors(0).flat_map(one_pass)
        return tf.compat.v1.data.Dataset.map(  # as of an `IndexedFeed`
            numbers, lambda number: self._form.call(self._next, [number])
        )

    def begin(self):
        with self._lock:
            if self._looking:
                self._looking = False
                self._newest += 1  # whoever looked is not served any more

    def _open(self):
        """The number of a new iterator; those before it are not served any more."""
        with self._lock:
            self._newest += 1
            if self._looking:
                self._place = 0
                return np.int64(self._newest)
            self.failure = None
            if self._begun and self.endless:  # where the one before has come to
                return np.int64(self._newest)
            if self._begun:
                self._iterator = iter(self._source)
                self._looked.clear()
            self._begun, self._place = True, self.start
            with contextlib.suppress(StopIteration):
                for _ in range(self.start):
                    self._pull()
            return np.int64(self._newest)

    def _pull(self):
        """The next (element, None), or (None, what was raised instead)."""
        if self._looked and not self._looking:
            return self._looked.popleft()
        try:
            return next(self._iterator), None
        except StopIteration:
            raise
        except Exception as error:
            return None, error

    def _next(self, number):
        with self._lock:
            if int(number) != self._newest:
                raise StopIteration
            place = self._place
            self._place += 1
            try:
                if self._looking:
                    while len(self._looked) <= place:
                        self._looked.append(self._pull())
                    element, error = self._looked[place]
                else:
                    element, error = self._pull()
                if error is not None:
                    raise error
                return self._form.arrays_of(element)
            except StopIteration:
                raise
            except Exception as error:
                self._fail(place, error)
