"""The Parzen window: scikit-learn's density, the protocol, the closed form."""

import numpy as np
import pytest
from sklearn.neighbors import KernelDensity

from keras_gan.metrics import ParzenWindow, parzen_window
from keras_gan.metrics.parzen_window import SIGMAS


def draw(rows, seed=0, dim=3):
    return np.random.default_rng(seed).normal(size=(rows, dim))


def test_the_widths_are_those_of_the_paper():
    np.testing.assert_allclose(SIGMAS, np.logspace(-1, 0, 10), rtol=1e-15)


@pytest.mark.parametrize("sigma", [0.05, 0.7], ids=["narrow", "wide"])
def test_the_density_is_that_of_scikit_learn(sigma):
    samples, test = draw(80), draw(30, seed=1)
    values = KernelDensity(bandwidth=sigma).fit(samples).score_samples(test)
    found = parzen_window(samples, test, test[:5], sigmas=[sigma])
    assert found.value == pytest.approx(values.mean(), rel=1e-9)
    assert found.standard_error == pytest.approx(values.std() / 30**0.5, rel=1e-9)
    assert found.sigma == sigma


def test_the_validation_data_choose_the_width():
    samples, test, validation = draw(80), draw(30, seed=1), draw(40, seed=2)
    likelihoods = [
        KernelDensity(bandwidth=sigma).fit(samples).score(validation)
        for sigma in SIGMAS
    ]
    chosen = SIGMAS[int(np.argmax(likelihoods))]
    assert SIGMAS[0] < chosen < SIGMAS[-1]
    assert parzen_window(samples, test, validation).sigma == chosen


def test_a_window_in_closed_form():
    """Many samples of N(0, 1) under a width s are N(0, 1 + s^2)."""
    s = 0.5
    test = draw(400, seed=1, dim=1)
    found = parzen_window(draw(40_000, dim=1), test, test[:1], sigmas=[s])
    v = 1 + s**2
    expected = np.mean(-0.5 * np.log(2 * np.pi * v) - test**2 / (2 * v))
    # A density of 40 000 windows is off by about 1 % where it is small
    assert found.value == pytest.approx(expected, abs=0.01)


def test_far_from_all_samples_the_likelihood_is_finite():
    found = parzen_window(np.zeros((5, 3)), np.full((2, 3), 1e3), np.zeros((1, 3)))
    expected = -3e6 / (2 * 0.1**2) - 1.5 * np.log(2 * np.pi * 0.1**2)
    assert found.value == pytest.approx(expected, rel=1e-12)
    assert found.sigma == SIGMAS[0]


def test_the_metric_keeps_the_first_reals_for_validation():
    real, fake = draw(60).astype("float32"), draw(60, seed=1).astype("float32")
    metric = ParzenWindow(num_validation=10, num_samples=60)
    for rows in (slice(0, 7), slice(7, 60)):
        metric.update_state(real[rows], fake[rows])
    expected = parzen_window(fake, real[10:], real[:10])
    assert metric.result() == expected.value
    score = metric.scores(seed=0)["parzen_window"]
    assert score.standard_error == expected.standard_error


@pytest.mark.parametrize(
    "sigmas",
    [[], [0.0], [-1.0], [np.nan], 1.0],
    ids=["none", "0", "-1", "nan", "scalar"],
)
def test_widths_that_are_none(sigmas):
    with pytest.raises(ValueError, match="numbers above 0"):
        parzen_window(draw(3), draw(3), draw(3), sigmas=sigmas)
