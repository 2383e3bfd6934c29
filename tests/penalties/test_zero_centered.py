"""R1 and R2 against closed forms."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from keras_gan import penalties


def half_square(x):
    return tf.reduce_sum(x**2, 1, keepdims=True) / 2  # the slope at x is x


@given(st.floats(0, 20), st.integers(1, 5))
def test_a_linear_discriminator_has_the_slope_of_its_weights(gamma, batch):
    weights = np.array([[3.0], [4.0]], "float32")  # |w|^2 = 25
    real = tf.random.normal((batch, 2))
    value = penalties.R1(gamma)(lambda x: x @ weights, real, None, None)
    assert float(value) == pytest.approx(gamma / 2 * 25, rel=1e-6)


def test_each_sample_has_a_slope_of_its_own():
    real = tf.constant([[1.0, 0.0], [0.0, 3.0]])
    value = penalties.R1(2.0)(half_square, real, None, None)
    assert float(value) == pytest.approx((1 + 9) / 2)  # E|x|^2, not |E x|^2 = 2.5 ...


def test_images_and_a_zero_slope_without_nan():
    real = tf.zeros((2, 4, 4, 3))
    kernel = tf.Variable(tf.zeros((48, 1)))

    def discriminate(x):
        return tf.reshape(x, (2, 48)) @ kernel

    with tf.GradientTape() as tape:
        value = penalties.R1(1.0)(discriminate, real, None, None)
    assert float(value) == 0.0
    assert np.all(tape.gradient(value, kernel).numpy() == 0.0)


def test_the_gradient_by_weights_is_gamma_w():
    weights = tf.Variable([[3.0], [4.0]])
    with tf.GradientTape() as tape:
        value = penalties.R1(0.5)(lambda x: x @ weights, tf.ones((3, 2)), None, None)
    slope = tape.gradient(value, weights).numpy()
    np.testing.assert_allclose(slope, 0.5 * weights.numpy(), rtol=1e-6)


def test_r1_looks_at_real_and_r2_at_fake_samples():
    real, fake = tf.constant([[1.0, 2.0]]), tf.constant([[3.0, 4.0], [0.0, 1.0]])
    assert float(penalties.R1(2.0)(half_square, real, fake, None)) == pytest.approx(5)
    assert float(penalties.R2(2.0)(half_square, real, fake, None)) == pytest.approx(13)


BAD = {"negative": {"gamma": -1}, "zero": {"every": 0}, "bool": {"every": True}}


@pytest.mark.parametrize("penalty", [penalties.R1, penalties.R2])
@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
def test_bad_arguments(penalty, arguments):
    with pytest.raises(ValueError, match="Received"):
        penalty(**arguments)


def test_get_by_name():
    assert penalties.get("r1").name == "r1"
    with pytest.raises(ValueError, match="Did you mean r1"):
        penalties.get("r11")
