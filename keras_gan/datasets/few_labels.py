"""Few labels: many samples, some with a label, for semi-supervised learning."""

import hashlib

import numpy as np
import tensorflow as tf

from keras_gan.core.arguments import ArgumentError, check_integer
from keras_gan.core.randomness import check_seed, seed_of

from .epoch_dataset import EpochDataset
from .order import SHUFFLE_ROUNDS, Order
from .source import Source


def few_labels(
    dataset: EpochDataset, per_class: int | None = None, seed: int = 0
) -> EpochDataset:
    """Keep few labels: minibatches of all samples, and beside each of labelled ones.

    An element is (samples, (labelled samples, labels)), with as many labelled samples
    as samples. The samples are those of `dataset` in its order, all of them. Beside
    them the labelled ones pass by again and again, each pass in an order of its own:
    minibatch i of n holds places i n to i n + n - 1 of this series, and with as many
    labelled samples as a minibatch holds, all of them once. That is how Salimans et al.
    (2016) put minibatches together.

    Everything is a function of (seed, epoch, position), as in `dataset`.

    Args:
        dataset: `EpochDataset` with labels, of `datasets.load(..., labels=True)`.
        per_class: int >= 1, how many labels of each class are kept; the others are
            forgotten. None keeps all that there are (-1 is a missing one).
        seed: int in [0, 2**31 - 1]: which labels are kept.

    Returns:
        An `EpochDataset`, whose `labels` are -1 but for those that are kept.

    Raises:
        ValueError: for data without labels, or a class with fewer than `per_class`.

    Example:

    >>> import keras_gan
    >>> digits = keras_gan.datasets.load("digits", batch_size=50, labels=True)
    >>> data = few_labels(digits, per_class=10, seed=0)
    >>> samples, (labelled_samples, labels) = next(iter(data))
    >>> samples.shape, labels.shape, int((data.labels >= 0).sum())
    (TensorShape([50, 8, 8, 1]), TensorShape([50]), 100)
    """
    if not isinstance(dataset, EpochDataset) or dataset.labels is None:
        raise ValueError(
            "few_labels takes data of datasets.load(..., labels=True). Received: "
            f"{dataset!r}"
            f"{'' if isinstance(dataset, EpochDataset) else ', another data set'}."
        )
    if dataset.group is not None:
        raise ValueError("few_labels comes before regroup. Received: regrouped data.")
    kept = _kept(dataset, per_class, check_seed(seed))
    return EpochDataset(
        _FewLabels(dataset._source, kept),
        _Beside(dataset, kept),
        labels=True,
        drop_remainder=dataset.drop_remainder,
    )


def _kept(dataset, per_class, seed):
    """The numbers of the items whose labels are kept, ascending."""
    labels = dataset.labels
    if per_class is None:
        kept = np.flatnonzero(labels >= 0)
        if not len(kept):
            raise ValueError("Not one sample of the data has a label: all are -1.")
        return kept
    per_class = check_integer(per_class, "per_class", 1)
    order = np.random.default_rng(seed).permutation(len(labels))
    kept = []
    for label in range(dataset.num_classes):
        items = order[labels[order] == label]
        if len(items) < per_class:
            raise ArgumentError(
                f"Class {dataset.class_names[label]} has {len(items)} labels, fewer "
                f"than per_class={per_class}.",
                "per_class",
            )
        kept.append(items[:per_class])
    return np.sort(np.concatenate(kept))


class _FewLabels(Source):
    """A source whose labels are -1 but for some items."""

    def __init__(self, source, kept):
        self._source = source
        self.item_shape = source.item_shape
        self.dtype = source.dtype
        self.class_names = source.class_names
        self.skipped = source.skipped
        self.origin, self.part, self.names = source.origin, source.part, source.names
        self.labels = np.full(len(source), -1, np.int32)
        self.labels[kept] = source.labels[kept]
        digest = hashlib.sha256(f"few labels {source.fingerprint}".encode())
        digest.update(self.labels)
        self.fingerprint = digest.hexdigest()

    def __len__(self):
        return len(self._source)

    def read(self, indices):
        return self._source.read(indices)


class _Beside(Order):
    """The order of a data set, and of labelled items that pass by again and again."""

    def __init__(self, dataset, labelled):
        super().__init__(
            dataset.num_samples,
            dataset.batch_size,
            dataset.seed,
            dataset.shuffled,
            dataset.passes,
        )
        self._labelled = labelled

    def _key(self, number):
        passes = -(-self.num_samples // len(self._labelled))
        keys = tf.random.stateless_uniform(  # of each pass, three words
            (passes, 3),
            seed=seed_of(self.seed, "labelled", number),
            minval=None,
            maxval=None,
            dtype=tf.int64,
            alg="philox",
        )
        return super()._key(number), keys

    def _items(self, batch, key, drop_remainder):
        key, keys = key
        items = super()._items(batch, key, drop_remainder)
        places = batch * self.batch_size + tf.range(tf.size(items, tf.int64))
        count = len(self._labelled)
        beside = places % count
        if self.shuffle:
            beside = tf.raw_ops.RandomIndexShuffle(
                index=beside,
                seed=tf.gather(keys, places // count),
                max_index=tf.fill(tf.shape(beside), tf.constant(count - 1, tf.int64)),
                rounds=SHUFFLE_ROUNDS,
            )
        beside = tf.gather(tf.constant(self._labelled, tf.int64), beside)
        return items, tf.ensure_shape(beside, items.shape)
