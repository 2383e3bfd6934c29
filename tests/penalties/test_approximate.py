"""R1 and R2 by differences, against closed forms of their expectation."""

import warnings

import numpy as np
import pytest
import tensorflow as tf
from helpers.small import mlp

from keras_gan import penalties
from keras_gan.core.randomness import seed_of

ROWS = 20_000
# The relative error of a mean of n squares of normal numbers: 5 of sqrt(2 / n).
NOISE = 5 * np.sqrt(2 / ROWS)
SEED = seed_of(0, "test")
WEIGHTS = np.array([[3.0], [4.0]], "float32")  # |w|^2 = 25


@pytest.mark.parametrize("sigma", [0.01, 0.1, 3.0])
def test_a_linear_discriminator_has_the_slope_of_its_weights(sigma):
    """Whatever sigma is: a line has no second derivative."""
    real = np.random.default_rng(0).uniform(-1, 1, (ROWS, 2)).astype("float32")
    penalty = penalties.ApproximateR1(2.0, sigma)
    value = float(penalty(lambda x: x @ WEIGHTS, real, None, SEED))
    assert value == pytest.approx(25, rel=NOISE) and value != 25


@pytest.mark.parametrize("sigma", [0.01, 1.0])
def test_a_curved_one_has_a_term_of_sigma_squared(sigma):
    """D = |x|^2/2: E (x . e + sigma |e|^2/2)^2 = |x|^2 + sigma^2 d (d + 2)/4, d = 2."""
    real = tf.tile([[3.0, 4.0]], (ROWS, 1))
    penalty = penalties.ApproximateR1(2.0, sigma)
    value = penalty(lambda x: tf.reduce_sum(x**2, 1, True) / 2, real, None, SEED)
    assert float(value) == pytest.approx(25 + 2 * sigma**2, rel=NOISE)


def test_the_gradient_by_weights_is_gamma_w():
    weights = tf.Variable(WEIGHTS)
    real = tf.ones((ROWS, 2))
    with tf.GradientTape() as tape:
        value = penalties.ApproximateR1(0.5)(lambda x: x @ weights, real, None, SEED)
    slope = tape.gradient(value, weights).numpy()
    np.testing.assert_allclose(slope, 0.5 * WEIGHTS, rtol=2 * NOISE)


def test_samples_and_logits_of_several_parts():
    """The slope by all parts together, of the sum of all logits."""
    real = (tf.ones((ROWS, 2)), tf.ones((ROWS, 2, 2, 1)))

    def discriminate(samples):
        one, other = samples
        patches = 2.0 * other  # four logits, each of slope 2: 4 * 2^2 in all
        return one @ WEIGHTS, patches

    value = penalties.ApproximateR1(2.0)(discriminate, real, None, SEED)
    assert float(value) == pytest.approx(25 + 16, rel=NOISE)


def test_r1_looks_at_real_and_r2_at_fake_samples():
    real, fake = tf.zeros((ROWS, 2)), tf.tile([[3.0, 4.0]], (ROWS, 1))

    def half_square(x):
        return tf.reduce_sum(x**2, 1, True) / 2

    one = penalties.ApproximateR1(2.0)(half_square, real, fake, SEED)
    other = penalties.ApproximateR2(2.0)(half_square, real, fake, SEED)
    assert float(one) == pytest.approx(0, abs=1e-3)  # 2 sigma^2
    assert float(other) == pytest.approx(25, rel=NOISE)


def test_draws_are_functions_of_the_seed_and_of_the_row():
    rows = tf.ones((6, 2))
    penalty = penalties.ApproximateR1()
    near, again = penalty.near(rows, SEED), penalty.near(rows[:4], SEED)
    np.testing.assert_array_equal(near[:4], again)
    other = penalty.near(rows, seed_of(1, "test"))
    assert np.abs(near - other).min() > 0
    assert np.std(penalty.near(tf.zeros((ROWS, 2)), SEED)) == pytest.approx(
        0.01, rel=NOISE
    )


ARGUMENTS = {
    "gamma": {"gamma": -1},
    "zero": {"sigma": 0},
    "endless": {"sigma": float("inf")},
    "none": {"sigma": float("nan")},
    "every": {"every": 0},
}


@pytest.mark.parametrize("kind", [penalties.ApproximateR1, penalties.ApproximateR2])
@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
def test_bad_arguments(kind, arguments):
    with pytest.raises(ValueError, match="Received"):
        kind(**arguments)


@pytest.mark.parametrize("kind", ["R1", "R2", "ApproximateR1", "ApproximateR2"])
def test_a_lazy_one_beside_a_relativistic_loss_is_warned_of(kind):
    lazy, each = (getattr(penalties, kind)(0.1, every=every) for every in (4, 1))
    with pytest.warns(UserWarning, match=r"every 4 updates only.*Leave every=1"):
        mlp(loss="relativistic", penalties=[lazy])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mlp(loss="relativistic", penalties=[each])
        mlp(loss="non_saturating", penalties=[lazy])
