"""Chains where p/q is known, so that the law of their ends is too."""

import keras
import numpy as np
import pytest
from helpers.gaussian_games import (
    DATA,
    MAXIMUM,
    MODEL,
    Logit,
    assert_drawn_from,
    game,
    log_ratio,
    reals,
)
from scipy.special import expit

from keras_gan.sampling import metropolis_hastings_sample

N = 20_000
FAST = {"calibration": expit, "batch_size": 100_000}


@pytest.mark.parametrize("start", [0.9, -4.0], ids=["likeliest", "unlikely"])
def test_with_the_optimal_discriminator_the_ends_are_the_data(start):
    # Offers are independent, so the law of a chain is (1 - e^-M)^steps away from p in
    # total variation at most: 5e-9 here, wherever it starts.
    assert (1 - np.exp(-MAXIMUM)) ** 20 < 1e-8
    samples = metropolis_hastings_sample(game(), N, [[start]], steps=20, **FAST)
    assert samples.shape == (N, 1) and samples.dtype == np.float32
    assert_drawn_from(samples, DATA)


def test_one_step_by_the_rules():
    """A chain at the maximum takes an offer x with the chance p(x)/(e^M q(x)), so e^-M
    of them end as a draw from p; the others make one step from one fake to another."""
    x = MODEL.ppf((np.arange(2000) + 0.5) / 2000)  # equally likely slices
    takes = np.minimum(1, np.exp(log_ratio(x)[None] - log_ratio(x)[:, None]))

    def after_a_step(values):
        return (takes * values[None] + (1 - takes) * values[:, None]).mean()

    share = np.exp(-MAXIMUM)
    samples = metropolis_hastings_sample(game(), N, [[0.9]], steps=1, **FAST)
    x_found = np.ravel(samples).astype("float64")
    for power, moment in ((1, DATA.mean()), (2, DATA.mean() ** 2 + DATA.var())):
        expected = share * moment + (1 - share) * after_a_step(x**power)
        error = (x_found**power).std() / np.sqrt(N)
        assert abs((x_found**power).mean() - expected) < 4.5 * error
    # the rule of restarts shows: without it the mean would be p's
    assert abs(x_found.mean() - DATA.mean()) > 4.5 * x_found.std() / np.sqrt(N)


def test_no_real_is_returned():
    gan = game(keras.layers.Dense(1))
    gan.discriminator.set_weights([np.array([[1.0]]), np.zeros(1)])
    # r = x: the real at 20 is e^10 times better than any fake
    samples = metropolis_hastings_sample(gan, 500, [[20.0]], steps=10, **FAST)
    assert samples.max() < 10
    # and the chains went on from fakes: the largest of eleven is 2 deviations up
    assert samples.mean() > MODEL.std()


def test_chains_start_at_all_reals():
    seen = []

    def sees(logits):
        seen.append(len(logits))
        return expit(logits)

    real = reals(40)
    metropolis_hastings_sample(game(), 500, real, steps=1, calibration=sees)
    # the chance that 500 draws miss one of 40 is 40 (39/40)^500 = 1e-4
    assert seen[0] == 40


def test_calibration_mends_a_discriminator():
    gan = game(Logit(3.0, 2.0))
    samples = metropolis_hastings_sample(
        gan, N, reals(N), steps=20, calibration="logistic", batch_size=100_000
    )
    assert_drawn_from(samples, DATA, errors=9)  # as in test_rejection.py


def test_samples_are_a_function_of_the_seed():
    gan = game()

    def ends(num_samples, seed, batch_size):
        return metropolis_hastings_sample(
            gan, num_samples, reals(200), seed, steps=3, batch_size=batch_size
        )

    samples = ends(300, 3, 256)
    np.testing.assert_allclose(ends(300, 3, 7), samples, rtol=1e-6)
    # the first chains do not know how many others there are, restarted ones neither
    np.testing.assert_allclose(ends(50, 3, 256), samples[:50], rtol=1e-6)
    assert not np.isin(ends(50, 4, 256), samples).any()


def test_refusals():
    norm = keras.layers.BatchNormalization()
    gan = game(keras.layers.Dense(4), norm, keras.layers.Dense(1))
    with pytest.raises(ValueError, match="depends on the rest of its batch"):
        metropolis_hastings_sample(gan, 4, reals(16))
    with pytest.raises(ValueError, match="steps=0"):
        metropolis_hastings_sample(game(), 4, reals(16), steps=0)
    with pytest.raises(ValueError, match="num_samples=0"):
        metropolis_hastings_sample(game(), 0, reals(16))
    with pytest.raises(ValueError, match="at least one. Received"):
        metropolis_hastings_sample(game(), 4, np.zeros((0, 1)), calibration=expit)
