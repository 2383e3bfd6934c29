"""Regrouping: several minibatches in one element, for k discriminator updates."""

import tensorflow as tf

from keras_gan.core.arguments import check_integer


def regroup(dataset: tf.data.Dataset, k: int) -> tf.data.Dataset:
    """Regroup k successive minibatches into elements of shape (batch, k, ...).

    Minibatch j of element i is `x[:, j]` and equals minibatch i * k + j of `dataset`.
    The batch comes first because `tf.distribute` splits the first axis among the
    replicas: of (k, batch, ...) each would receive whole minibatches.

    Args:
        dataset: `tf.data.Dataset` of minibatches: a tensor (batch, ...), or a nested
            tuple or dict of them. Batches smaller or larger than the first are left
            out, as are the last ones that do not fill a group.
        k: int >= 1, the minibatches of an element.

    Returns:
        A `tf.data.Dataset`; an `EpochDataset`, in step with the given one, for an
        `EpochDataset`.

    Raises:
        ValueError: if `k` is no whole number of at least 1, if there are fewer than k
            minibatches, or if a tensor has no batch axis.

    Example:

    >>> import tensorflow as tf
    >>> batches = tf.data.Dataset.range(12).batch(2)
    >>> next(iter(regroup(batches, 3))).numpy().tolist()
    [[0, 2, 4], [1, 3, 5]]
    """
    k = check_integer(k, "k", 1)
    if hasattr(dataset, "regrouped"):
        return dataset.regrouped(k)
    leaves = tf.nest.flatten(dataset.element_spec)
    if any(leaf.shape.rank in (None, 0) for leaf in leaves):
        raise ValueError(
            "regroup needs minibatches whose tensors have a known rank of at least 1. "
            f"Received elements of {dataset.element_spec}. Call dataset.batch(...) "
            "first, or set_shape in the function that makes them."
        )
    cardinality = int(dataset.cardinality())
    if 0 <= cardinality < k:
        raise ValueError(
            f"The dataset has {cardinality} minibatches, fewer than k={k}, so not one "
            "group can be filled. Take a smaller batch size or more data."
        )
    if any(leaf.shape[0] is None for leaf in leaves):
        dataset = _of_equal_size(dataset)
    return dataset.batch(k, drop_remainder=True).map(
        _batch_first, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True
    )


def _batch_first(*element):
    """Swap the first two axes of every tensor: (k, batch, ...) -> (batch, k, ...)."""
    element = element if len(element) > 1 else element[0]
    return tf.nest.map_structure(
        lambda x: tf.transpose(x, [1, 0, *range(2, x.shape.rank)]), element
    )


def _of_equal_size(dataset):
    """Leave out the minibatches whose size is not the first one's."""

    def carry_first_size(first, element):
        size = tf.shape(tf.nest.flatten(element)[0], tf.int64)[0]
        first = tf.where(first < 0, size, first)
        return first, (element, tf.equal(size, first))

    return (
        dataset.scan(tf.constant(-1, tf.int64), carry_first_size)
        .filter(lambda element, is_full: is_full)
        .map(lambda element, is_full: element)
    )
