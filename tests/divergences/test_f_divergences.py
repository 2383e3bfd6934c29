"""The f-divergences: values, conjugates, and that the parts belong together."""

import math

import numpy as np
import pytest
import tensorflow as tf
from helpers.known_distributions import (
    DX,
    LINE,
    distributions,
    gaussian,
    kl_of_gaussians,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar
from scipy.special import wrightomega

from keras_gan.divergences import f_divergences, js, kl, optimal_discriminator
from keras_gan.divergences.f_divergences import (
    GAN,
    KL,
    Jeffrey,
    JensenShannon,
    Neyman,
    Pearson,
    ReverseKL,
    SquaredHellinger,
)
from keras_gan.losses import FDivergence

EACH = pytest.mark.parametrize("cls", f_divergences.ALL, ids=lambda c: c.__name__)
RATIOS = np.array([1e-3, 0.02, 0.5, 1.0, 2.5, 40.0])
LOG4 = math.log(4)


def close(expected):
    # float64 sums of some terms of order 1
    return pytest.approx(expected, rel=1e-9, abs=1e-11)


@given(distributions(zeros=False))
def test_values_against_their_sums(pair):
    p, q = pair
    assert KL()(p, q) == close(kl(p, q))
    assert ReverseKL()(p, q) == close(kl(q, p))
    assert Jeffrey()(p, q) == close(kl(p, q) + kl(q, p))
    assert JensenShannon()(p, q) == close(2 * js(p, q))
    assert GAN()(p, q) == close(2 * js(p, q) - LOG4)
    assert Pearson()(p, q) == close(((p - q) ** 2 / q).sum())
    assert Neyman()(p, q) == close(((p - q) ** 2 / p).sum())
    hellinger = ((np.sqrt(p) - np.sqrt(q)) ** 2).sum()
    assert SquaredHellinger()(p, q) == close(hellinger)


def test_values_of_gaussians_against_closed_forms():
    # widths 1 and 1.25, means 0 and 0.5
    p, q = gaussian(LINE), gaussian(LINE, 0.5, 1.25)
    forward, backward = (
        kl_of_gaussians(0, 1, 0.5, 1.25),
        kl_of_gaussians(0.5, 1.25, 0, 1),
    )
    assert KL()(p, q, cell=DX) == close(forward)
    assert ReverseKL()(p, q, cell=DX) == close(backward)
    assert Jeffrey()(p, q, cell=DX) == close(forward + backward)
    # the affinity integral sqrt(p q) = sqrt(2 s t/(s^2 + t^2)) exp(-d^2/4(s^2 + t^2))
    total = 1 + 1.25**2
    affinity = math.sqrt(2 * 1.25 / total) * math.exp(-(0.5**2) / (4 * total))
    assert SquaredHellinger()(p, q, cell=DX) == close(2 - 2 * affinity)
    # integral p^2/q for N(0, 1) and N(d, t^2): t^2/sqrt(2 t^2 - 1) exp(d^2/(2 t^2 - 1))
    narrow = 2 * 1.25**2 - 1
    second = 1.25**2 / math.sqrt(narrow) * math.exp(0.5**2 / narrow)
    assert Pearson()(p, q, cell=DX) == close(second - 1)
    assert Neyman()(q, p, cell=DX) == close(second - 1)


@EACH
def test_entries_that_one_of_them_lacks(cls):
    """What is 0 costs what 1e-9 costs, in the limit."""
    divergence = cls()
    for p, q in (([0.5, 0.5], [1.0, 0.0]), ([1.0, 0.0], [0.5, 0.5])):
        tiny = 1e-12
        near_p, near_q = np.maximum(p, tiny), np.maximum(q, tiny)
        nearly = divergence(near_p, near_q)
        received = divergence(p, q)
        if math.isinf(received):
            assert nearly > 10  # log(1e12)/2 = 13.8, or more
        else:
            # sqrt(1e-12) for Hellinger's roots
            assert received == pytest.approx(nearly, abs=5e-6)
    assert divergence([0.0, 1.0], [0.0, 1.0]) == divergence([1.0], [1.0])


@EACH
def test_zero_at_equality_and_the_threshold(cls):
    divergence = cls()
    assert float(divergence.f(1.0)) == close(-LOG4 if cls is GAN else 0)
    assert float(divergence.derivative(1.0)) == close(divergence.threshold)


@EACH
def test_the_derivative(cls):
    divergence = cls()
    width = 1e-6 * RATIOS
    ends = divergence.f(RATIOS + width), divergence.f(RATIOS - width)
    slopes = (ends[0] - ends[1]) / (2 * width)
    # central differences: rounding 1e-16 f/(1e-6 u) of a slope
    np.testing.assert_allclose(
        divergence.derivative(RATIOS), slopes, rtol=1e-6, atol=2e-7
    )


@EACH
@pytest.mark.parametrize("ratio", [0.02, 0.5, 1.0, 2.5, 40.0])
def test_the_conjugate_is_the_maximum(cls, ratio):
    """f*(t) = max_u (u t - f(u)) by a search, and attained at t = f'(u)."""
    divergence = cls()
    t = float(divergence.derivative(ratio))
    found = minimize_scalar(
        lambda log_u: float(divergence.f(math.exp(log_u)) - math.exp(log_u) * t),
        bounds=(math.log(ratio) - 3, math.log(ratio) + 2),
        method="bounded",
        options={"xatol": 1e-8},
    )
    conjugate = float(divergence.conjugate(t))
    assert conjugate == pytest.approx(-found.fun, rel=1e-8, abs=1e-10)
    assert conjugate == close(ratio * t - float(divergence.f(ratio)))


@EACH
@given(st.lists(st.floats(-15, 15), min_size=2, max_size=9))
def test_activation_and_conjugate_agree(cls, logits):
    divergence = cls()
    logits = np.array(logits)
    t = divergence.activation(tf.constant(logits)).numpy()
    received = divergence.conjugate_of_activation(tf.constant(logits)).numpy()
    # 1 - t and 2 - exp t cancel where T is near the end of its domain: exp(15) 1e-16
    np.testing.assert_allclose(received, divergence.conjugate(t), rtol=1e-7, atol=1e-8)


@EACH
def test_the_activation_increases(cls):
    logits = tf.range(-30.0, 30.0, 0.25, tf.float64)
    steps = np.diff(cls().activation(logits).numpy())
    assert (steps >= 0).all()
    assert (steps[60:180] > 0).all()  # strictly between -15 and 15


@EACH
@pytest.mark.parametrize("logit", [-1e18, -1e4, -20.5, 0.0, 20.5, 1e4, 1e18])
def test_finite_in_float32(cls, logit):
    divergence = cls()
    for function in (divergence.activation, divergence.conjugate_of_activation):
        at = tf.constant(logit)
        with tf.GradientTape() as tape:
            tape.watch(at)
            value = function(at)
        slope = tape.gradient(value, at)
        assert np.isfinite(float(value)) and np.isfinite(float(slope))
        assert float(slope) >= 0 or cls is Pearson  # t^2/4 + t falls below -2


@pytest.mark.parametrize("logit", [-1e4, -50.0, -1.0, 0.5, 5.0, 19.0])
def test_the_conjugate_of_jeffrey_in_float32(logit):
    """Against scipy's Wright omega function, value and slope u = 1/w."""
    at = tf.constant(logit)
    with tf.GradientTape() as tape:
        tape.watch(at)
        value = Jeffrey().conjugate_of_activation(at)
    # a few rounding errors of 6e-8, times the exponent's size
    assert float(value) == pytest.approx(float(Jeffrey().conjugate(logit)), rel=1e-5)
    slope = float(tape.gradient(value, at))
    assert slope == pytest.approx(float(1 / wrightomega(1 - logit)), rel=1e-5)


@EACH
@given(pair=distributions(), values=st.lists(st.floats(-8, 8), min_size=5, max_size=5))
def test_no_discriminator_exceeds_the_divergence(cls, pair, values):
    p, q = pair
    divergence = cls()
    logits = tf.constant(values, "float64")
    t = divergence.activation(logits).numpy()
    bound = p @ t - q @ divergence.conjugate_of_activation(logits).numpy()
    value = divergence(p, q)
    assert bound <= value + 1e-9 * (1 + abs(value))


# the logit with T = g(logit) = f'(u), as a function of log u
BEST_LOGITS = {
    KL: lambda log_u: 1 + log_u,
    ReverseKL: lambda log_u: log_u,
    Pearson: lambda log_u: 2 * (tf.exp(log_u) - 1),
    Neyman: lambda log_u: 2 * log_u,
    SquaredHellinger: lambda log_u: log_u / 2,
    JensenShannon: lambda log_u: log_u,
    Jeffrey: lambda log_u: 1 + log_u - tf.exp(-log_u),
    GAN: lambda log_u: log_u,
}


@EACH
@pytest.mark.parametrize(
    ("mean", "deviation"),
    [(0.5, 0.8), (0.3, 0.9), (0.7, 0.75)],
    ids=["equal", "left_and_wide", "right_and_narrow"],
)
def test_the_game_at_the_best_t_is_the_divergence(cls, mean, deviation):
    """Value and gradient, of a generator mean + deviation z and data N(0.5, 0.8^2)."""
    loss, divergence = FDivergence(cls()), cls()
    # midpoints of 100 000 equally likely slices of N(0, 1), in place of draws
    z = tf.constant(stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000))

    def logits(x):
        log_data = -(((x - 0.5) / 0.8) ** 2) / 2 - math.log(0.8)
        log_model = -(((x - mean) / deviation) ** 2) / 2 - math.log(deviation)
        return BEST_LOGITS[cls](log_data - log_model)

    parameters = tf.constant([mean, deviation], "float64")
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        fake_logits = logits(parameters[0] + parameters[1] * z)
        cost = loss.generator_loss(None, fake_logits)

    def exact(mean, deviation):
        q = gaussian(LINE, mean, deviation)
        return divergence(gaussian(LINE, 0.5, 0.8), q, cell=DX)

    value = -float(loss.discriminator_loss(logits(0.5 + 0.8 * z), fake_logits))
    # the slices leave the tails: of Neyman's integral q^2/p up to 9e-4
    assert value == pytest.approx(exact(mean, deviation), abs=2e-3)
    width = 1e-4
    expected = [
        (exact(mean + width, deviation) - exact(mean - width, deviation)) / 2 / width,
        (exact(mean, deviation + width) - exact(mean, deviation - width)) / 2 / width,
    ]
    received = tape.gradient(cost, parameters).numpy()
    assert received == pytest.approx(expected, abs=2e-3)


def test_the_best_t_of_the_gan_divergence_is_log_d():
    p, q = np.array([0.2, 0.8]), np.array([0.6, 0.4])
    expected = np.log(optimal_discriminator(p, q))
    np.testing.assert_allclose(GAN().derivative(p / q), expected, rtol=1e-12)


def test_get():
    assert isinstance(f_divergences.get("Jeffrey"), Jeffrey)
    instance = KL()
    assert f_divergences.get(instance) is instance
    with pytest.raises(ValueError, match="pearson"):
        f_divergences.get("person")
