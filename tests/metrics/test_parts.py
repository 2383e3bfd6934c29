"""Rows that pass through a function part by part."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gan.metrics.features.parts import in_parts

ROWS = np.random.default_rng(0).normal(size=(7, 2, 3)).astype("float32")


@pytest.mark.parametrize("mode", ["eager", "graph", "any rows", "xla"])
@pytest.mark.parametrize(("most", "sizes"), [(1, {1}), (3, {3}), (4, {4}), (7, {7})])
def test_parts_are_even_and_no_larger(mode, most, sizes):
    """7 rows by 3 are parts of 3, 3 and 1 and two zeros; by 4 parts of 4 and 3."""
    seen = []

    def function(rows):
        seen.append(rows.shape[0])
        tf.debugging.assert_less_equal(tf.shape(rows)[0], most)
        return tf.reduce_sum(rows, axis=2)

    def whole(rows):
        return in_parts(function, rows, most, 2)

    if mode == "any rows":
        whole = tf.function(
            whole, input_signature=[tf.TensorSpec((None, 2, 3), tf.float32)]
        )
        sizes = {None}
    elif mode != "eager":
        whole = tf.function(whole, jit_compile=mode == "xla")
    found = whole(tf.constant(ROWS))
    np.testing.assert_allclose(found, ROWS.sum(axis=2), rtol=1e-6)
    assert set(seen) == sizes


def test_no_rows_and_fewer_rows_in_a_graph_of_any():
    whole = tf.function(
        lambda rows: in_parts(lambda x: tf.reduce_sum(x, axis=2), rows, 3, 2),
        input_signature=[tf.TensorSpec((None, 2, 3), tf.float32)],
    )
    assert whole(ROWS[:0]).shape == (0, 2)
    np.testing.assert_allclose(whole(ROWS[:2]), ROWS[:2].sum(axis=2), rtol=1e-6)
