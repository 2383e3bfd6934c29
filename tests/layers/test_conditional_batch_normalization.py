"""Batch normalization with a scale and a shift for each class."""

import keras
import numpy as np
import pytest

from keras_gan import layers


def test_by_hand():
    layer = layers.ConditionalBatchNormalization(3, momentum=0.5, epsilon=0.25)
    layer.build([(None, 2), (None,)])
    gamma = np.array([[1.0, 1.0], [2.0, 3.0], [0.0, -1.0]])
    beta = np.array([[0.0, 0.0], [5.0, 6.0], [7.0, 8.0]])
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    x = np.array([[1.0, 0.0], [3.0, 4.0], [5.0, -4.0], [3.0, 8.0]])
    labels = np.array([0, 1, 2, 1])
    found = layer([x, labels], training=True)
    normal = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 0.25)
    expected = gamma[labels] * normal + beta[labels]
    np.testing.assert_allclose(found, expected, rtol=1e-5)  # float32
    moving = 0.5 * x.mean(axis=0)  # half of it, from 0
    np.testing.assert_allclose(layer.normalization.moving_mean, moving, rtol=1e-6)


def test_of_one_class_it_is_batch_normalization():
    images = np.random.default_rng(0).normal(size=(6, 4, 4, 3)).astype("float32")
    plain = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    layer = layers.ConditionalBatchNormalization(1)
    for training in (True, False):
        np.testing.assert_allclose(
            layer([images, np.zeros(6, int)], training=training),
            plain(images, training=training),
            atol=1e-6,  # of float32 numbers of order 1, in another order
        )


def test_each_class_learns_from_its_own_rows():
    layer = layers.ConditionalBatchNormalization(2)
    layer.build([(None, 1), (None,)])
    gradient = _gradient(layer, np.array([[1.0], [2.0], [6.0]]), np.array([0, 0, 0]))
    np.testing.assert_allclose(gradient, [[3.0], [0.0]])  # of beta: rows of the class


def _gradient(layer, x, labels):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        total = keras.ops.sum(layer([x, labels], training=True))
    return tf.convert_to_tensor(tape.gradient(total, layer.beta.value))


@pytest.mark.parametrize("number", [0, -1, 1.5], ids=str)
def test_a_number_of_classes_that_is_none(number):
    with pytest.raises(ValueError, match="num_classes"):
        layers.ConditionalBatchNormalization(number)
