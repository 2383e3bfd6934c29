import numpy as np
import pytest
import tensorflow as tf

from keras_gan.datasets import regroup


def test_nested_minibatches_of_static_size():
    data = {"x": np.arange(24.0).reshape(12, 2), "y": (np.arange(12),)}
    plain = tf.data.Dataset.from_tensor_slices(data).batch(2, drop_remainder=True)
    grouped = regroup(plain, 3)
    assert grouped.element_spec["x"].shape == (2, 3, 2)
    assert int(grouped.cardinality()) == 2
    batches = list(plain)
    for i, element in enumerate(grouped):
        for j in range(3):
            batch = batches[3 * i + j]
            np.testing.assert_array_equal(element["x"][:, j], batch["x"])
            np.testing.assert_array_equal(element["y"][0][:, j], batch["y"][0])


def test_pairs_with_a_smaller_last_minibatch():
    data = (np.arange(11), np.arange(11) % 3)
    plain = tf.data.Dataset.from_tensor_slices(data).batch(2)  # 5 full, one of 1
    groups = list(regroup(plain, 2))
    assert [x.numpy().tolist() for x, _ in groups] == [
        [[0, 2], [1, 3]],
        [[4, 6], [5, 7]],
    ]
    assert len(list(regroup(plain, 1))) == 5
    for x, y in groups:
        np.testing.assert_array_equal(x % 3, y)


def test_refusals():
    items = tf.data.Dataset.range(6)
    with pytest.raises(ValueError, match="rank of at least 1"):
        regroup(items, 2)
    with pytest.raises(ValueError, match="3 minibatches, fewer than k=4"):
        regroup(items.batch(2), 4)
    with pytest.raises(ValueError, match="k is an integer"):
        regroup(items.batch(2), 1.5)
