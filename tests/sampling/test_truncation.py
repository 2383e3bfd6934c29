"""Latents of a normal distribution that is cut off."""

import numpy as np
import pytest
from helpers.gaussian_games import game
from scipy import stats

from keras_gan.core.randomness import seed_of
from keras_gan.priors import Normal
from keras_gan.sampling import truncated_normal


@pytest.mark.parametrize("threshold", [0.04, 0.5, 2.0])
def test_the_law_is_the_truncated_normal_one(threshold):
    latents = truncated_normal(20_000, 5, threshold)
    assert latents.dtype == np.float32 and latents.shape == (20_000, 5)
    assert abs(latents).max() <= np.float32(threshold)
    expected = stats.truncnorm(-threshold, threshold)
    # 2.2/sqrt(n) is exceeded once in 8000 times
    statistic = stats.kstest(latents.ravel(), expected.cdf).statistic
    assert statistic < 2.2 / np.sqrt(latents.size)
    # and what was drawn again is as good: all but 68 % at 0.5
    outside = abs(Normal(5)(20_000, seed_of(0, "sample")).numpy()) > threshold
    again = latents[outside]
    statistic = stats.kstest(again, expected.cdf).statistic
    assert statistic < 2.2 / np.sqrt(len(again))


def test_within_the_threshold_the_latents_are_those_of_sample():
    gan = game()
    latents = truncated_normal(500, 1, threshold=1.0, seed=7)
    drawn = gan.prior(500, seed_of(7, "sample")).numpy()
    within = abs(drawn) <= 1
    assert 300 < within.sum() < 400  # 68 % of 500 = 341 +- 10
    np.testing.assert_array_equal(latents[within], drawn[within])
    assert not np.isin(latents[~within], drawn).any()
    everything = truncated_normal(500, 1, threshold=np.inf, seed=7)
    np.testing.assert_array_equal(np.asarray(gan(everything)), gan.sample(500, seed=7))


def test_the_first_rows_do_not_depend_on_how_many():
    latents = truncated_normal(50, 3, 0.3, seed=1)
    np.testing.assert_array_equal(truncated_normal(9, 3, 0.3, seed=1), latents[:9])
    assert not np.array_equal(truncated_normal(9, 3, 0.3, seed=2), latents[:9])


@pytest.mark.parametrize(
    "threshold",
    [0, -1.0, np.nan, "1", None, [1.0, 2.0], np.ones(1)],
    ids=["zero", "negative", "nan", "text", "none", "list", "array"],
)
def test_a_threshold_is_above_0(threshold):
    with pytest.raises(ValueError, match="threshold is how many"):
        truncated_normal(4, 2, threshold)


def test_other_refusals():
    with pytest.raises(ValueError, match="num_samples=0"):
        truncated_normal(0, 2, 1.0)
    with pytest.raises(ValueError, match="latent_dim=0"):
        truncated_normal(4, 0, 1.0)
    with pytest.raises(ValueError, match="seed=-1"):
        truncated_normal(4, 2, 1.0, seed=-1)


@pytest.mark.parametrize("threshold", [1e-7, 1e-17, 1e-30])
def test_a_law_of_a_tiny_threshold_is_even(threshold):
    """N(0, 1) given |z| <= t is U[-t, t] up to t^2."""
    latents = truncated_normal(5000, 2, threshold) / np.float32(threshold)
    expected = stats.uniform(-1, 2)
    statistic = stats.kstest(latents.ravel(), expected.cdf).statistic
    assert statistic < 2.2 / np.sqrt(latents.size)


def test_a_threshold_beyond_float32_is_none():
    with np.errstate(over="raise"):
        found = truncated_normal(5, 2, 1e300)
    np.testing.assert_array_equal(found, truncated_normal(5, 2, np.inf))


def test_the_even_law_goes_on_where_the_other_begins():
    below, above = (truncated_normal(50, 2, t) for t in (0.999e-6, 1.001e-6))
    np.testing.assert_allclose(below / 0.999, above / 1.001, rtol=1e-6, atol=1e-15)
