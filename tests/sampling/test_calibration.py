"""Calibration: a logit as the share of reals among samples that get it."""

import keras
import numpy as np
import pytest
from helpers.gaussian_games import DATA, MODEL, Logit, game, log_ratio, reals
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from keras_gan.sampling import calibrate
from keras_gan.sampling.calibration import regression

N = 20_000
LOGITS = st.lists(st.integers(-9, 9), min_size=1, max_size=40)


def ratios(count=N):
    """True log p/q of reals and of fakes."""
    real = DATA.rvs(count, random_state=0)
    fake = MODEL.rvs(count, random_state=1)
    return log_ratio(real), log_ratio(fake)


@pytest.mark.parametrize(
    ("slope", "shift"),
    [(1.0, 0.0), (3.0, 2.0), (0.01, -5.0), (1000.0, 0.0)],
    ids=["right", "over-confident", "timid", "huge"],
)
def test_a_logistic_regression_undoes_slope_and_shift(slope, shift):
    real, fake = ratios()
    probability = regression(slope * real + shift, slope * fake + shift, "logistic")
    r = np.linspace(-3, 0.4, 50)
    # standard errors of the fitted a r + b, by the information at a = 1, b = 0
    every = np.concatenate([real, fake])
    design = np.stack([every, np.ones(2 * N)])
    covariance = np.linalg.inv((design * expit(every) * expit(-every)) @ design.T)
    points = np.stack([r, np.ones(50)])
    error = np.sqrt((points * (covariance @ points)).sum(axis=0))
    off = logit(probability(slope * r + shift)) - r
    assert (abs(off) < 4.5 * error).all()
    assert error.max() < 0.1


def test_an_isotonic_regression_undoes_any_increasing_function():
    real, fake = ratios()
    straight = regression(real, fake)
    bent = regression(np.exp(3 * real) - 7, np.exp(3 * fake) - 7)
    # where both kinds are plentiful: within 0.05 of the truth, a step's error
    r = np.linspace(-1, 0.4, 30)
    np.testing.assert_allclose(straight(r), expit(r), atol=0.05)
    # between logits it is linear, so the two differ by a part of a step there
    np.testing.assert_allclose(bent(np.exp(3 * r) - 7), straight(r), atol=0.01)


@pytest.mark.parametrize("method", ["isotonic", "logistic"])
def test_on_average_half_are_real(method):
    """The score equation of the intercept, and what pooling keeps: sums are right."""
    real, fake = ratios(1000)
    found = regression(real, fake, method)(np.concatenate([real, fake]))
    # two pseudo-observations in 2002 for isotonic, lbfgs to 1e-4 for logistic
    assert found.mean() == pytest.approx(0.5, abs=1e-3)


def test_isotonic_steps_by_hand():
    # By logit: (1) 0 0 1 0 1 1 0 1 1 1 (0), the ones in brackets being added.
    # Pooled: 1 0 0 -> 1/3, 1 0 -> 1/2, 1 1 0 -> 2/3, 1 1 1 0 -> 3/4.
    probability = regression([3, 5, 6, 8, 9, 10], [1, 2, 4, 7])
    counts = 7, 5  # with the added ones; both kinds weigh the same
    odds = [1 / 2, 1, 2, 3]
    expected = [o * counts[1] / (o * counts[1] + counts[0]) for o in odds]
    received = probability([1.0, 3.5, 6.0, 9.0])
    np.testing.assert_allclose(received, expected, rtol=1e-6)
    # constant beyond
    np.testing.assert_allclose(probability([-50.0, 50.0]), [expected[0], expected[-1]])


@given(real=LOGITS, fake=LOGITS, method=st.sampled_from(["isotonic", "logistic"]))
def test_probabilities_are_no_certainties(real, fake, method):
    probability = regression(np.array(real, float), np.array(fake, float), method)
    found = probability(np.linspace(-12, 12, 49))
    assert ((found > 0) & (found < 1)).all()
    if method == "isotonic":
        assert (np.diff(found) >= -1e-12).all()


@pytest.mark.parametrize("method", ["isotonic", "logistic"])
def test_numbers_of_reals_and_fakes_do_not_matter(method):
    real, fake = ratios(5000)
    equal = regression(real, fake, method)
    more = regression(np.tile(real, 4), fake, method)
    r = np.linspace(-1.5, 0.4, 20)
    # the same distributions: only the added ones, and the penalty, weigh less
    np.testing.assert_allclose(more(r), equal(r), atol=2e-3)


def test_the_fakes_are_fresh_and_a_function_of_the_seed():
    gan = game(Logit(3.0, 2.0))
    held_out = reals(2000)
    x = np.linspace(-1, 3, 9)
    found = calibrate(gan, held_out, seed=5)(x)
    np.testing.assert_array_equal(found, calibrate(gan, held_out, seed=5)(x))
    again = calibrate(gan, held_out, seed=5, batch_size=7)(x)
    np.testing.assert_allclose(again, found, rtol=1e-5)
    assert not np.array_equal(found, calibrate(gan, held_out, seed=6)(x))


def test_refusals():
    with pytest.raises(ValueError, match="Received: 'beta'"):
        calibrate(game(), reals(9), method="beta")
    with pytest.raises(ValueError, match="Received: None"):
        regression([1.0], [0.0], method=None)
    with pytest.raises(ValueError, match="at least one. Received"):
        calibrate(game(), np.zeros((0, 1)))
    layers = keras.layers.Dense(4), keras.layers.BatchNormalization()
    with pytest.raises(ValueError, match="depends on the rest of its batch"):
        calibrate(game(*layers, keras.layers.Dense(1)), reals(9))
    with pytest.raises(ValueError, match="batch_size=0"):
        calibrate(game(), reals(9), batch_size=0)


def test_logits_so_large_that_1_is_no_way_off():
    """Steps do not depend on the unit, nor do those at the ends, of 1/(k + 1)."""
    real, fake = np.array([1.0, 3.0, 4.0, 5.0]), np.array([-1.0, 0.0, 2.0, 3.5])
    plain, huge = regression(real, fake), regression(2.0**60 * real, 2.0**60 * fake)
    every = np.concatenate([real, fake])
    np.testing.assert_allclose(huge(2.0**60 * every), plain(every), rtol=1e-12)
    ends = np.array([-1e6, 1e6])
    np.testing.assert_allclose(huge(1e20 * ends), plain(ends), rtol=1e-12)


@pytest.mark.parametrize("wrong", [[], [[1.0]], [np.nan], ["a"], [1e300]])
def test_logits_that_are_none(wrong):
    for method in ("isotonic", "logistic"):
        with pytest.raises(ValueError, match="fake_logits holds"):
            regression([1.0, 2.0], wrong, method)
