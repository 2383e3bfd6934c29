"""Rejection sampling where p/q is known, so that the law of what is kept is too."""

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
from helpers.known_distributions import DX, LINE
from scipy import stats
from scipy.special import expit

from keras_gan.sampling import calibrate, rejection, rejection_sample

N = 20_000


def test_with_the_optimal_discriminator_the_samples_are_the_data():
    samples = rejection_sample(game(), N, calibration=expit)
    assert samples.shape == (N, 1) and samples.dtype == np.float32
    assert_drawn_from(samples, DATA)


def test_what_another_discriminator_takes_for_the_data():
    # (p/q)^3 q is normal: precision 3/1 - 2/1.5^2, precision times mean 3 * 0.5
    precision = 3 - 2 / MODEL.std() ** 2
    expected = stats.norm(1.5 / precision, precision**-0.5)
    samples = rejection_sample(game(Logit(3.0, 2.0)), N, calibration=expit)
    assert_drawn_from(samples, expected)
    # so the calibration is what helps. The error of its slope, 0.02 for 20 000 reals
    # (1/sqrt of 40 000 E[D (1 - D) r^2]), moves the mean by 0.02 Cov_p(x, r) = 0.005.
    gan = game(Logit(3.0, 2.0))
    samples = rejection_sample(gan, N, reals(N), calibration="logistic")
    assert_drawn_from(samples, DATA, errors=9)


def test_isotonic_calibration_brings_the_data_too():
    samples = rejection_sample(game(Logit(3.0, 2.0)), N, reals(N))
    # steps instead of a curve: moments to 0.05, where those of the model are 0.5 off
    assert abs(samples.mean() - DATA.mean()) < 0.05
    assert abs(samples.var() - DATA.var()) < 0.08


@pytest.mark.parametrize("percentile", [20.0, 80.0, 95.0])
def test_the_shift_gamma(percentile):
    """Kept are q sigmoid(F - gamma), here by integration."""
    with np.errstate(divide="ignore"):
        below = log_ratio(LINE) - MAXIMUM
        f = below - np.log(-np.expm1(below - rejection.EPSILON))
    # the percentile of F over midpoints of equally likely slices of q
    slices = MODEL.ppf((np.arange(100_000) + 0.5) / 100_000)
    gamma = np.percentile(np.interp(slices, LINE, f), percentile)
    kept = MODEL.pdf(LINE) * expit(f - gamma)
    kept /= kept.sum() * DX
    mean = (LINE * kept).sum() * DX
    deviation = np.sqrt(((LINE - mean) ** 2 * kept).sum() * DX)
    count = 5000
    samples = rejection_sample(game(), count, calibration=expit, percentile=percentile)
    x = np.ravel(samples).astype("float64")
    # 4.5 standard errors, and as much for gamma, which is known from 10 000 fakes
    assert abs(x.mean() - mean) < 9 * deviation / np.sqrt(count)
    assert abs(x.std() - deviation) < 9 * deviation / np.sqrt(2 * count)


def test_samples_are_a_function_of_the_seed():
    gan = game()
    held_out = reals(500)
    samples = rejection_sample(gan, 3000, held_out, seed=3)
    again = rejection_sample(gan, 3000, held_out, seed=3, batch_size=700)
    # a product of other shapes may round otherwise in the last bit
    np.testing.assert_allclose(again, samples, rtol=1e-6)
    first = rejection_sample(gan, 100, held_out, seed=3)
    np.testing.assert_array_equal(first, samples[:100])
    other = rejection_sample(gan, 100, held_out, seed=4)
    assert not np.isin(other, samples).any()
    # a calibration is fitted once and used again
    calibrated = calibrate(gan, held_out, seed=3)
    first = rejection_sample(gan, 100, seed=3, calibration=calibrated)
    np.testing.assert_array_equal(first, samples[:100])


def test_a_maximum_that_rises_out_of_sight_is_an_error():
    calls = []

    def believes_in_one_fake(logits):
        calls.append(len(logits))
        chances = np.full(len(logits), 0.5)
        if len(calls) == 2:  # the first block after the burn-in
            chances[0] = 1.0
        return chances

    with pytest.raises(ValueError, match="raised the maximum.*percentile"):
        rejection_sample(game(), 100, calibration=believes_in_one_fake)
    assert calls[0] == rejection.BURN_IN


def test_logits_that_depend_on_the_batch_are_refused():
    gan = game(
        keras.layers.Dense(4),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(1),
    )
    with pytest.raises(ValueError, match="depends on the rest of its batch"):
        rejection_sample(gan, 4, reals(16))
    with pytest.raises(ValueError, match="depends on the rest of its batch"):
        rejection_sample(gan, 4, calibration=expit)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_samples": 0}, "num_samples=0"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"seed": -1}, "seed=-1"),
        ({"percentile": 101}, r"\[0, 100\]. Received: 101"),
        ({"percentile": "all"}, "percentile holds finite numbers"),
        ({"calibration": "platt"}, "'isotonic' or 'logistic'. Received: 'platt'"),
        ({"calibration": expit}, "Received: both"),
        ({"real": None}, "Received: neither"),
        ({"real": None, "calibration": lambda x: x - 50}, r"probabilities in \[0, 1\]"),
        ({"real": None, "calibration": np.mean}, "as many probabilities"),
        ({"real": np.zeros((0, 1))}, "at least one. Received"),
    ],
    ids=[
        "no samples",
        "no batch",
        "seed",
        "percentile",
        "no percentile",
        "method",
        "both",
        "neither",
        "no probabilities",
        "one for all",
        "no reals",
    ],
)
def test_other_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        rejection_sample(game(), **{"num_samples": 4, "real": reals(16), **arguments})


def test_logits_that_are_not_finite_are_refused():
    gan = game(keras.layers.Dense(1))
    gan.discriminator.set_weights([np.array([[np.nan]]), np.zeros(1)])
    with pytest.raises(ValueError, match="16 of 16 samples a logit that is NaN"):
        rejection_sample(gan, 4, reals(16))
