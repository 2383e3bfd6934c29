"""The relativistic losses against their formulas in float64."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from keras import ops
from scipy.special import expit

from keras_gan import losses

REAL = np.array([[1.5], [-0.5], [0.75]])
FAKE = np.array([[0.25], [-2.0], [3.0]])
BOTH = ["relativistic", "relativistic_average"]


def minus_log_sigmoid(a):
    return -np.log(expit(a))


def cost(loss, player, real, fake):
    method = getattr(losses.get(loss), f"{player}_loss")
    return float(method(ops.convert_to_tensor(real), ops.convert_to_tensor(fake)))


def test_pairs():
    # each real logit against the fake one of its row, in float64
    expected = minus_log_sigmoid(REAL - FAKE).mean()
    assert cost("relativistic", "discriminator", REAL, FAKE) == pytest.approx(expected)
    expected = minus_log_sigmoid(FAKE - REAL).mean()
    assert cost("relativistic", "generator", REAL, FAKE) == pytest.approx(expected)


@pytest.mark.parametrize("fakes", [1, 2, 3])
def test_against_the_average_of_any_number(fakes):
    fake = FAKE[:fakes]
    above, below = REAL - fake.mean(), fake - REAL.mean()
    expected = minus_log_sigmoid(above).mean() - np.log(1 - expit(below)).mean()
    received = cost("relativistic_average", "discriminator", REAL, fake)
    assert received == pytest.approx(expected)
    expected = minus_log_sigmoid(below).mean() - np.log(1 - expit(above)).mean()
    received = cost("relativistic_average", "generator", REAL, fake)
    assert received == pytest.approx(expected)


def test_the_mean_is_differentiated_too():
    real, fake = tf.constant(REAL), tf.constant(FAKE)
    loss = losses.RelativisticAverage()
    with tf.GradientTape() as tape:
        tape.watch(fake)
        value = loss.generator_loss(real, fake)
    received = tape.gradient(value, fake).numpy()
    width = 1e-5
    for row in range(3):
        step = width * np.eye(3)[:, [row]]
        high, low = (
            cost("relativistic_average", "generator", REAL, FAKE + s)
            for s in (step, -step)
        )
        # central differences in float64: width^2 and 1e-16 / width
        assert received[row, 0] == pytest.approx((high - low) / (2 * width), abs=1e-9)


@given(st.floats(-50, 50), st.sampled_from(BOTH))
def test_only_differences_of_logits_count(shift, loss):
    for player in ("discriminator", "generator"):
        plain = cost(loss, player, REAL, FAKE)
        assert cost(loss, player, REAL + shift, FAKE + shift) == pytest.approx(plain)


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=8), st.sampled_from(BOTH))
def test_the_players_exchange_sides(logits, loss):
    a = np.array(logits)[:, None]
    one = cost(loss, "discriminator", a, a[::-1] + 1)
    assert one == pytest.approx(cost(loss, "generator", a[::-1] + 1, a))


@pytest.mark.parametrize("shape", [(2, 1), (3, 2), (3,)], ids=str)
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_pairs_need_as_many_of_both(player, shape):
    with pytest.raises(ValueError, match=r"Received: real_logits of shape \(3, 1\)"):
        cost("relativistic", player, REAL, np.zeros(shape))


def test_pairs_of_unknown_numbers_of_rows():
    loss = losses.Relativistic()
    rows = tf.TensorSpec((None, 1), tf.float64)
    value = tf.function(loss.discriminator_loss, [rows, rows])(REAL, FAKE)
    assert float(value) == pytest.approx(minus_log_sigmoid(REAL - FAKE).mean())


@pytest.mark.parametrize("loss", BOTH)
def test_no_logit_is_a_threshold(loss):
    scores = losses.get(loss).scores(ops.array(REAL), ops.array(FAKE))
    assert list(scores) == ["real_score", "fake_score"]
    assert float(scores["real_score"]) == pytest.approx(REAL.mean())
