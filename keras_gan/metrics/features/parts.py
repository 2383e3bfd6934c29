"""A function of rows, computed part by part in a bounded amount of memory."""

from collections.abc import Callable

import tensorflow as tf

from keras_gan.core.typing import Tensor


def in_parts(
    function: Callable[[Tensor], Tensor], rows: Tensor, most: int, dim: int
) -> Tensor:
    """`function(rows)`, of at most `most` rows at a time, one part after the other.

    The parts are of one size, so that one row too many makes no part of its own; what
    the last one lacks are zeros, whose results are dropped.

    Args:
        function: of a tensor (m, ...), to a float32 tensor (m, dim).
        rows: tensor (n, ...); n may be unknown while a graph is traced.
        most: int >= 1.
        dim: int.

    Returns:
        float32 tensor (n, dim).

    Example:

    >>> in_parts(lambda x: 2 * x, tf.constant([[1.0], [2.0], [3.0]]), 2, 1).numpy()
    array([[2.],
           [4.],
           [6.]], dtype=float32)
    """
    count = rows.shape[0]
    if count is not None and count <= most:
        return function(rows)
    if count is None:
        count = tf.shape(rows)[0]
        parts = tf.maximum(-(-count // most), 1)
    else:
        parts = -(-count // most)
    each = -(-count // parts)
    missing = [[0, parts * each - count], *[[0, 0]] * (rows.shape.rank - 1)]
    split = tf.reshape(tf.pad(rows, missing), (parts, each, *rows.shape[1:]))
    found = tf.map_fn(
        function,
        split,
        fn_output_signature=tf.TensorSpec((None, dim), tf.float32),
        parallel_iterations=1,
    )
    return tf.reshape(found, (parts * each, dim))[:count]
