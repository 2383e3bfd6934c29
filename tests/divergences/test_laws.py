"""The identities of the theory, as laws over drawn distributions."""

import math

import numpy as np
import pytest
import tensorflow as tf
from helpers.known_distributions import distributions
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from keras_gan.divergences import (
    cross_entropy,
    entropy,
    js,
    kl,
    optimal_discriminator,
    self_information,
    total_variation,
    value_function,
    wasserstein,
)
from keras_gan.losses import MaximumLikelihood, Minimax, NonSaturating

LOG2, LOG4 = math.log(2), math.log(4)
PROBABILITY = st.floats(1e-6, 1)


def close(expected):
    # float64 sums of some terms of order 1 to 10
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


# Self-information and entropy --------------------------------------------------------


def test_what_is_certain_tells_nothing():
    assert self_information(1.0) == 0.0
    assert math.copysign(1, self_information(1.0)) == 1.0  # not -0


@given(PROBABILITY, PROBABILITY)
def test_what_is_rarer_tells_more(one, other):
    rarer, commoner = sorted((one, other))
    assert self_information(rarer) >= self_information(commoner)
    if rarer < 0.999 * commoner:
        assert self_information(rarer) > self_information(commoner)


@given(PROBABILITY, PROBABILITY)
def test_independent_events_add(one, other):
    both = self_information(one) + self_information(other)
    assert self_information(one * other) == close(both)
    assert self_information(one * other, "bits") == close(both / LOG2)


@given(distributions(count=1))
def test_entropy_is_the_expected_self_information(drawn):
    p = drawn[0][drawn[0] > 0]
    assert entropy(p) == close(float(p @ self_information(p)))
    assert -1e-12 <= entropy(p) <= math.log(5) + 1e-12


@given(distributions(count=2))
def test_entropy_adds_for_independent_events(pair):
    p, q = pair
    assert entropy(np.outer(p, q)) == close(entropy(p) + entropy(q))


@given(distributions(zeros=False))
def test_cross_entropy_is_entropy_plus_kl(pair):
    p, q = pair
    assert cross_entropy(p, q) == close(entropy(p) + kl(p, q))


# KL and JS ---------------------------------------------------------------------------


@given(distributions())
def test_kl_is_zero_only_at_equality(pair):
    p, q = pair
    assert kl(p, p) == 0.0
    # Pinsker: KL >= 2 TV^2, so it is positive wherever p and q differ
    assert kl(p, q) >= 2 * total_variation(p, q) ** 2 - 1e-12


@given(distributions())
def test_js_is_symmetric_and_bounded(pair):
    p, q = pair
    assert js(p, q) == close(js(q, p))
    assert -1e-12 <= js(p, q) <= LOG2 + 1e-12
    assert -1e-12 <= js(p, q, unit="bits") <= 1 + 1e-12
    assert js(p, q, unit="bits") == close(js(p, q) / LOG2)
    assert js(p, p) == 0.0


def test_js_reaches_its_bound_where_nothing_is_shared():
    p, q = [0.25, 0.75, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]
    assert js(p, q) == close(LOG2)
    assert js(p, q, unit="bits") == close(1.0)


def test_the_two_limits_of_kl():
    # p_data = (1/2, 1/2), and the model drops one half: p_g -> 0 where p_r > 0. Then
    # KL(p_r || p_g) = -log(4 e (1 - e)) / 2 grows without bound, while
    # KL(p_g || p_r) -> log 2: a model that drops a mode pays next to nothing.
    even = np.array([0.5, 0.5])
    for share in (1e-2, 1e-8, 1e-300):
        model = np.array([1 - share, share])
        expected = -(math.log(4) + math.log1p(-share) + math.log(share)) / 2
        assert kl(even, model) == close(expected)
        reverse = LOG2 + (1 - share) * math.log1p(-share) + share * math.log(share)
        assert kl(model, even) == close(reverse)
    assert kl(even, model) > 300  # -log(1e-300) / 2 = 345
    assert kl(model, even) == close(LOG2)
    # p_r -> 0 where p_g > 0: the other way round, samples that are no data
    data = np.array([1.0, 0.0])
    assert kl(data, even) == close(LOG2)
    assert kl(even, data) == math.inf


@pytest.mark.parametrize("theta", [-2.0, -0.125, 0.5, 3.0])
def test_parallel_lines(theta):
    # Arjovsky et al. (2017): mass at 0 against mass at theta
    points = np.array([0.0, theta])
    p, q = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert wasserstein(p, q, points) == abs(theta)
    assert js(p, q) == close(LOG2)
    assert total_variation(p, q) == 1.0
    assert kl(p, q) == kl(q, p) == math.inf


def test_parallel_lines_that_meet():
    assert wasserstein([0.5, 0.5], [0.5, 0.5], [0.0, 0.0]) == 0.0
    assert js([1.0], [1.0]) == kl([1.0], [1.0]) == 0.0


# The game ----------------------------------------------------------------------------


@given(distributions())
def test_the_value_at_the_optimal_discriminator(pair):
    p_data, p_model = pair
    best = optimal_discriminator(p_data, p_model)
    value = value_function(best, p_data, p_model)
    assert value == close(2 * js(p_data, p_model) - LOG4)
    # minimal, -log 4, iff the model is the data: by Pinsker 2 JS >= TV^2
    tv = total_variation(p_data, p_model)
    assert value >= -LOG4 + tv**2 - 1e-12
    assert value_function(
        optimal_discriminator(p_data, p_data), p_data, p_data
    ) == close(-LOG4)


@given(distributions(), st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_no_discriminator_does_better(pair, decisions):
    best = value_function(optimal_discriminator(*pair), *pair)
    assert value_function(decisions, *pair) <= best + 1e-12


@given(distributions(zeros=False))
def test_the_logit_of_the_optimum_is_the_log_ratio(pair):
    p_data, p_model = pair
    best = optimal_discriminator(p_data, p_model)
    logit = np.log(best) - np.log1p(-best)
    np.testing.assert_allclose(logit, np.log(p_data / p_model), atol=1e-9)


@given(distributions(count=3, zeros=False))
def test_the_non_saturating_cost_is_kl_minus_twice_js(three):
    p_r, p_g, other = three
    best = optimal_discriminator(p_r, p_g)
    logits = tf.constant(np.log(p_r / p_g))
    # of each sample, G's payoff at D*
    cost = np.array([NonSaturating().generator_loss(None, a) for a in logits])
    # E_g[-log D*] = KL(p_g || p_r) - 2 JS + log 4 + E_r log D*
    without_g = math.log(4) + float(p_r @ np.log(best))
    assert p_g @ cost == close(kl(p_g, p_r) - 2 * js(p_g, p_r) + without_g)

    # The last term has D* and no p_g, so with D* fixed the gradients agree: here the
    # derivative towards another model, on the right by central differences.
    def moved(by):
        model = p_g + by * (other - p_g)
        return kl(model, p_r) - 2 * js(model, p_r)

    # width 1e-4 x smallest mass 1/505: differences good to about 1e-6 of the slope
    width = 1e-4 * min(p_g.min(), other.min())
    slope = (moved(width) - moved(-width)) / (2 * width)
    assert slope == pytest.approx((other - p_g) @ cost, rel=1e-5, abs=1e-6)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1))
def test_losses_at_the_optimum_are_the_divergences(counts):
    """Minibatches with n and m samples at each point, judged by their own D*."""
    real, fake = np.array(counts).T
    p_data, p_model = real / real.sum(), fake / fake.sum()
    logits = np.log(p_data / p_model)
    real_logits = tf.constant(np.repeat(logits, real))
    fake_logits = tf.constant(np.repeat(logits, fake))
    value = 2 * js(p_data, p_model) - LOG4
    payoff = float(Minimax().discriminator_loss(real_logits, fake_logits))
    assert -payoff == close(value)
    # the zero-sum game: G pays what D earns, but for E log D(x), which has no G
    without_g = float(p_data @ np.log(optimal_discriminator(p_data, p_model)))
    cost = float(Minimax().generator_loss(real_logits, fake_logits))
    assert cost == close(value - without_g)
    cost = float(NonSaturating().generator_loss(real_logits, fake_logits))
    expected = kl(p_model, p_data) - 2 * js(p_data, p_model) + LOG4 + without_g
    assert cost == close(expected)


# Maximum likelihood ------------------------------------------------------------------


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), distributions(zeros=False))
def test_maximum_likelihood_is_minimum_kl(sample, models):
    empirical = np.bincount(sample, minlength=5) / len(sample)
    likelihoods = [float(np.log(model)[sample].mean()) for model in models]
    costs = [kl(empirical, model) for model in models]
    for likelihood, cost in zip(likelihoods, costs, strict=True):
        assert likelihood == close(-entropy(empirical) - cost)
    if abs(likelihoods[0] - likelihoods[1]) > 1e-9:
        assert np.argmax(likelihoods) == np.argmin(costs)


@pytest.mark.parametrize(
    ("mean", "deviation"), [(0.0, 1.2), (1.0, 1.0), (-0.75, 2.0), (0.5, 0.8)]
)
def test_the_maximum_likelihood_cost_has_the_gradient_of_kl(mean, deviation):
    """Data N(0.5, 0.8^2), generator z -> mean + deviation z, D* of this generator."""
    data_mean, data_deviation = 0.5, 0.8
    parameters = tf.constant([mean, deviation], "float64")
    # midpoints of 100 000 equally likely slices of N(0, 1), in place of draws
    z = tf.constant(stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000))
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        fake = parameters[0] + parameters[1] * z
        log_data = -(((fake - data_mean) / data_deviation) ** 2) / 2
        log_model = -(((fake - mean) / deviation) ** 2) / 2
        logits = log_data - log_model + math.log(deviation / data_deviation)
        cost = MaximumLikelihood().generator_loss(None, logits)
    # KL(data || model) = log(s/s_r) + (s_r^2 + (m_r - m)^2)/(2 s^2) - 1/2
    shift = data_mean - mean
    by_mean = -shift / deviation**2
    by_deviation = 1 / deviation - (data_deviation**2 + shift**2) / deviation**3
    # the slices leave 1e-4 of a slope in the tails
    received = tape.gradient(cost, parameters).numpy()
    assert received == pytest.approx([by_mean, by_deviation], abs=1e-3)
