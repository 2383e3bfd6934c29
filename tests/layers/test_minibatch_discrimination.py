"""Closeness to the minibatch, against loops over pairs."""

import keras
import numpy as np
import pytest

from keras_gan.divergences.batch_dependence import depends_on_batch
from keras_gan.layers import MinibatchDiscrimination

FEATURES = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


def by_loops(features, tensor):
    """o(x_i)_b = sum over all j of exp(-|f(x_i) T_b - f(x_j) T_b|_1)."""
    rows, kernels = len(features), tensor.shape[1]
    closeness = np.zeros((rows, kernels))
    for i in range(rows):
        for j in range(rows):
            for b in range(kernels):
                gap = (features[i] - features[j]) @ tensor[:, b]
                closeness[i, b] += np.exp(-np.abs(gap).sum())
    return closeness


def test_it_equals_the_loops():
    layer = MinibatchDiscrimination(num_kernels=3, kernel_dim=2)
    found = np.asarray(layer(FEATURES))
    tensor = layer.kernel.numpy().astype("float64").reshape(4, 3, 2)
    np.testing.assert_array_equal(found[:, :4], FEATURES)
    np.testing.assert_allclose(found[:, 4:], by_loops(FEATURES, tensor), rtol=1e-5)
    assert found.shape == layer.compute_output_shape(FEATURES.shape)


def test_a_sample_alone_has_only_itself():
    found = MinibatchDiscrimination(3, 2)(FEATURES[:1])
    np.testing.assert_array_equal(found[:, 4:], np.ones((1, 3)))  # j = i: exp(0)


def test_a_collapsed_batch_has_all_its_neighbours():
    found = MinibatchDiscrimination(3, 2)(np.repeat(FEATURES[:1], 6, axis=0))
    np.testing.assert_array_equal(found[:, 4:], np.full((6, 3), 6.0))


def test_the_logit_depends_on_the_batch():
    inputs = keras.Input((4,))
    features = keras.layers.Dense(5)(inputs)
    compared = MinibatchDiscrimination(8, 2)(features)
    with_it = keras.Model(inputs, keras.layers.Dense(1)(compared))
    without = keras.Model(inputs, keras.layers.Dense(1)(features))
    assert depends_on_batch(with_it, (4,))
    assert not depends_on_batch(without, (4,))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MinibatchDiscrimination(2, 2)(np.ones((2, 3, 3))), "Flatten"),
        (lambda: MinibatchDiscrimination(0, 2), "num_kernels=0"),
        (lambda: MinibatchDiscrimination(2, 0), "kernel_dim=0"),
    ],
    ids=["images", "no kernel", "no width"],
)
def test_what_it_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
