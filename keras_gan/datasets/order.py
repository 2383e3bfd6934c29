"""The order of data: which item stands where in which epoch."""

import numpy as np
import tensorflow as tf

from keras_gan.core.arguments import check_integer
from keras_gan.core.randomness import check_seed

from .reading import call_python

LARGEST_BATCH = 2**31 - 1
SHUFFLE_ROUNDS = 16  # of the cipher that permutes; at 8, correlations are gone


class Order:
    """The order of each epoch, and the place in it where the next reading begins.

    The order is a permutation drawn by (seed, epoch) alone and computed place by place:
    it takes no memory, and any place of any epoch is reached at once.

    Args:
        num_samples: int >= 1, the number of items.
        batch_size: int >= 1, the items of a minibatch.
        seed: int in [0, 2**31 - 1].
        shuffle: bool; False keeps item p at position p in every epoch.
        passes: int >= 1, how often an epoch takes the items, each time in an order of
            its own.

    Raises:
        ValueError: if an argument is out of its range.

    Example:

    >>> order = Order(num_samples=5, batch_size=2, seed=0, shuffle=False)
    >>> order.start = 1
    >>> [batch.numpy().tolist() for batch in order.indices(drop_remainder=False)]
    [[2, 3], [4]]
    """

    def __init__(
        self,
        num_samples: int,
        batch_size: int,
        seed: int,
        shuffle: bool,
        passes: int = 1,
    ) -> None:
        self.num_samples = check_integer(num_samples, "num_samples", 1)
        # Places are counted in int64.
        self.batch_size = check_integer(batch_size, "batch_size", 1, LARGEST_BATCH)
        self.seed = check_seed(seed)
        self.shuffle = bool(shuffle)
        self.passes = check_integer(passes, "passes", 1, LARGEST_BATCH)
        self._epoch = 0
        self._start = 0
        self._stop = None

    @property
    def epoch(self) -> int:
        """int >= 0, the epoch whose order the next iterator yields."""
        return self._epoch

    @epoch.setter
    def epoch(self, value: int) -> None:
        self._epoch = check_integer(value, "epoch", 0)

    @property
    def start(self) -> int:
        """int >= 0, the minibatches that the next iterator leaves out."""
        return self._start

    @start.setter
    def start(self, value: int) -> None:
        value = check_integer(value, "start", 0)
        if value > self.num_batches(drop_remainder=False):
            raise ValueError(
                f"An epoch has {self.num_batches(drop_remainder=False)} minibatches, "
                f"so start cannot lie behind that. Received: start={value}."
            )
        self._start = value

    @property
    def stop(self) -> int | None:
        """int >= 1, the minibatch before which an epoch ends; None for all of them."""
        return self._stop

    @stop.setter
    def stop(self, value: int | None) -> None:
        self._stop = None if value is None else check_integer(value, "stop", 1)

    def num_batches(self, drop_remainder: bool) -> int:
        """int, the minibatches of a whole epoch."""
        return self.passes * self._of_pass(drop_remainder)

    def _of_pass(self, drop_remainder):
        """The minibatches of one pass over the items."""
        if drop_remainder:
            return self.num_samples // self.batch_size
        return -(-self.num_samples // self.batch_size)

    def indices(self, drop_remainder: bool) -> tf.data.Dataset:
        """One epoch from `start` on, as a dataset of int64 item numbers (batch,).

        `epoch`, `start` and `stop` are read when an iterator fetches its first element,
        not here, and from Python: a `tf.Variable` would be mirrored under a
        `tf.distribute` strategy.
        """
        num_batches = self.num_batches(drop_remainder)

        def position():
            stop = num_batches if self._stop is None else min(self._stop, num_batches)
            return np.array([self._epoch, self._start, stop], np.int64)

        def one_epoch(_):
            place = tf.ensure_shape(call_python(position, [], tf.int64), (3,))
            epoch, start, stop = tf.unstack(place)
            of_pass = self._of_pass(drop_remainder)

            def items(batch):
                key = self._key(epoch * self.passes + batch // of_pass)
                return self._items(batch % of_pass, key, drop_remainder)

            return tf.data.Dataset.range(start, stop).map(items)

        # A dataset of one element, so that the position is read once an iterator.
        return tf.data.Dataset.from_tensors(0).flat_map(one_epoch)

    def _key(self, number):
        """The three words that select the permutation of a pass, counted from 0."""
        return tf.random.stateless_uniform(
            (3,),
            seed=tf.stack([self.seed, number]),
            minval=None,
            maxval=None,
            dtype=tf.int64,
            alg="philox",
        )

    def _items(self, batch, key, drop_remainder):
        first = batch * self.batch_size
        last = tf.minimum(first + self.batch_size, self.num_samples)
        items = tf.range(first, last)
        if self.shuffle:
            # Not tf.random.experimental.index_shuffle: it uses few bits of a seed, so
            # that seeds 0 and 256 agree, and only 4 rounds, so that with 60 000 samples
            # the orders of two epochs correlate by 0.9.
            items = tf.raw_ops.RandomIndexShuffle(
                index=items,
                seed=key,
                max_index=tf.constant(self.num_samples - 1, tf.int64),
                rounds=SHUFFLE_ROUNDS,
            )
        items.set_shape([self.batch_size if drop_remainder else None])
        return items
