"""Distributed training: what a replica does so that several devices train as one does.

Keras' optimizers *sum* the gradients of the replicas, so a replica weights its mean by
its share of the global batch; it draws the random numbers of the *global* batch and
takes its own rows; and it logs the mean over the global batch. With one replica each of
these is the identity.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from keras_gan.core import compat

_current = threading.local()  # MirroredStrategy runs one thread a replica


class Share:
    """A replica's share of the global batch.

    Attributes:
        rows: rows that this replica computes with, at least 1.
        offset: place of its first row in the global batch.
        total: rows of the global batch.
        weight: float32, its own rows / total; 1 on a single device, 0 for a replica
            that the last, uneven batch left without rows.
    """

    def __init__(
        self,
        rows: int | tf.Tensor,
        offset: int | tf.Tensor,
        total: int | tf.Tensor,
        weight: float | tf.Tensor,
    ) -> None:
        self.rows = rows
        self.offset = offset
        self.total = total
        self.weight = weight

    def weigh(self, mean: tf.Tensor) -> tf.Tensor:
        """This replica's part of the global mean: `mean` over its rows times weight."""
        return mean * tf.cast(self.weight, mean.dtype)


def _rows(batch):
    return batch.shape[0] if batch.shape[0] is not None else tf.shape(batch)[0]


class WorkerLostError(RuntimeError):
    """Another worker process is gone; the message says how to go on."""


def several_workers(strategy: tf.distribute.Strategy) -> bool:
    """Whether the replicas of a strategy live in more than one process."""
    return isinstance(
        strategy, tf.distribute.MultiWorkerMirroredStrategy
    ) and compat.in_several_processes(strategy)


def is_chief(strategy: tf.distribute.Strategy) -> bool:
    """Whether this process writes: the only one, or the first worker."""
    if not several_workers(strategy):
        return True
    resolver = strategy.cluster_resolver
    if "chief" in resolver.cluster_spec().jobs:
        return resolver.task_type == "chief"
    return resolver.task_type == "worker" and resolver.task_id == 0


def all_have(value: int, strategy: tf.distribute.Strategy) -> bool:
    """Whether every worker calls this with the same integer; each waits for all.

    Args:
        value: int.
        strategy: the game's; with one process there is nothing to compare.
    """
    if not several_workers(strategy):
        return True
    own = strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant([value], tf.int64)
    )
    values = strategy.gather(own, axis=0).numpy()
    return bool((values == value).all())


def wait_for_all(strategy: tf.distribute.Strategy) -> None:
    """Go on when every worker has come here."""
    all_have(0, strategy)


def shared_out(structure: Any, strategy: tf.distribute.Strategy) -> Any:
    """The rows of a global batch, to each replica its own, for `strategy.run`.

    Args:
        structure: nest of tensors (rows, ...) or None, the same in every process.
        strategy: the model's.
    """
    replicas = strategy.num_replicas_in_sync
    if replicas == 1:
        return structure

    def rows(tensor, index):
        ends = [len(tensor) * i // replicas for i in (index, index + 1)]
        return tensor[ends[0] : ends[1]]

    return tf.nest.map_structure(
        lambda tensor: (
            None
            if tensor is None
            else strategy.experimental_distribute_values_from_function(
                lambda context: rows(tensor, context.replica_id_in_sync_group)
            )
        ),
        structure,
    )


def reportable(
    logs: dict[str, tf.Tensor], strategy: tf.distribute.Strategy
) -> dict[str, tf.Tensor]:
    """Logs in the shape that Keras can reduce: it takes no scalars of several workers
    (tensorflow issue 72388)."""
    if not several_workers(strategy):
        return logs
    return {name: tf.reshape(value, (1,)) for name, value in logs.items()}


@contextlib.contextmanager
def watching_workers(strategy: tf.distribute.Strategy) -> Iterator[None]:
    """Turn what TensorFlow says when a worker is gone into what to do.

    Raises:
        WorkerLostError: in every worker that is left, within seconds.
    """
    lost = (
        tf.errors.UnavailableError,
        tf.errors.AbortedError,
        tf.errors.CancelledError,
    )
    try:
        yield
    except lost as error:
        if not several_workers(strategy):
            raise
        raise WorkerLostError(
            "Another worker was lost, so training stops here; a process cannot rejoin. "
            "Start all workers again with the same TF_CONFIG: BackupAndRestore (or "
            "keras-gan train --resume) goes on from the last checkpoint."
        ) from error


def replicas() -> int:
    """The number of replicas that run in step here (1 without a strategy)."""
    return tf.distribute.get_strategy().num_replicas_in_sync


@contextlib.contextmanager
def sharing(batch: Any) -> Iterator[Share]:
    """Work out this replica's `Share` of a batch and hold it for `own_rows`.

    To be entered once a step and outside of any `tf.cond`, since it asks the other
    replicas for their numbers of rows.

    Args:
        batch: this replica's nest of tensors (rows, ...).
    """
    rows = _rows(tf.nest.flatten(batch)[0])
    if replicas() == 1:
        share = Share(rows, 0, rows, 1.0)
    else:
        context = tf.distribute.get_replica_context()
        index = context.replica_id_in_sync_group
        own = tf.one_hot(index, replicas(), dtype=tf.int32) * rows
        every = context.all_reduce(tf.distribute.ReduceOp.SUM, own)
        total = tf.reduce_sum(every)
        offset = tf.reduce_sum(every[:index])
        weight = tf.cast(rows, tf.float32) / tf.cast(total, tf.float32)
        share = Share(tf.maximum(rows, 1), offset, total, weight)
    before = share_of_step()
    _current.share = share
    try:
        yield share
    finally:
        _current.share = before


def share_of_step() -> Share | None:
    """The `Share` of the step that is being played here; None outside of one."""
    return getattr(_current, "share", None)


def own_rows(draw: Callable[[int | tf.Tensor], Any], rows: int | tf.Tensor) -> Any:
    """This replica's rows of a draw over the global batch.

    Args:
        draw: callable from a number of rows to a tensor (rows, ...), a nest of such, or
            None, the same on every replica.
        rows: the number of rows wanted: the replica's own, or a fraction of them where
            samples are packed.
    """
    share = share_of_step()
    if share is None or replicas() == 1:
        return draw(rows)
    total, offset = (n * rows // share.rows for n in (share.total, share.offset))
    # An empty replica computes on some row, with weight 0.
    offset = tf.minimum(offset, total - 1)
    return tf.nest.map_structure(
        lambda drawn: None if drawn is None else drawn[offset : offset + rows],
        draw(total),
    )


def padded(structure: Any) -> Any:
    """Give an empty replica one row of zeros, so that no mean over 0 rows is NaN.

    Args:
        structure: tensor (rows, ...), None, or a nest of them. With one
            replica, or at least one row, it passes unchanged.
    """
    return tf.nest.map_structure(_padded, structure)


def _padded(tensor):
    if replicas() == 1 or tensor is None:
        return tensor
    missing = tf.maximum(1 - tf.shape(tensor)[0], 0)
    result = tf.pad(tensor, [[0, missing]] + [[0, 0]] * (tensor.shape.rank - 1))
    return tf.ensure_shape(result, [None, *tensor.shape[1:]])


def global_sum(structure: Any) -> Any:
    """The sum over the replicas."""
    if replicas() == 1 or not structure:
        return structure
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, structure)


def global_mean(structure: Any, share: Share) -> Any:
    """The mean over the global batch of means over each replica's rows."""
    if replicas() == 1:
        return structure
    return global_sum(tf.nest.map_structure(share.weigh, structure))


def mean_of_step(values: tf.Tensor, axis: int | None = None) -> tf.Tensor:
    """The mean of `values` over the global batch; outside of a step, over themselves.

    It can be differentiated: each replica's gradient holds what the losses of all of
    them ask of its own rows. Like `sharing`, it must not be called inside a `tf.cond`.

    Args:
        values: float tensor (rows, ...).
        axis: None for one mean of all numbers, 0 for one of each column.
    """
    share = share_of_step()
    mean = tf.reduce_mean(values, axis)
    return mean if share is None else global_mean([mean], share)[0]
