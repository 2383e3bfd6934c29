"""The three costs: their slopes, and what their gradients are at a poor generator."""

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from keras_gan import plots
from keras_gan.cli.lab import costs

# Goodfellow (2016), section 3.2: slopes by the logit, with the tutorial's 1/2.
SLOPES = {
    "minimax": [-0.005, -0.25, -0.495],
    "non-saturating": [-0.495, -0.25, -0.005],
    "max. likelihood": [-0.01 / 0.99 / 2, -0.5, -49.5],
}


@pytest.mark.parametrize("name", SLOPES)
def test_the_lines_have_the_derived_slopes(name):
    width = 1e-3  # of the score, relative: logits move by width/(1 - D)
    for score, expected in zip((0.01, 0.5, 0.99), SLOPES[name], strict=True):
        step = width * score * (1 - score)
        (low, below), (high, above) = costs.cost(name, np.array([-1, 1]) * step + score)
        logits = np.log([low, high]) - np.log1p([-low, -high])
        # float32 costs of order 1 to 50 (1e-7 of them), over 2e-3
        slope = (above - below) / (logits[1] - logits[0])
        assert slope == pytest.approx(expected, rel=2e-3, abs=2e-4)


def test_maximum_likelihood_has_the_gradient_of_kl_and_a_noise_that_explodes():
    mu, mean, noise = costs.expected_gradients("max. likelihood").T
    np.testing.assert_allclose(mean, mu / 2, rtol=1e-9)  # half of d KL/d mu
    # z up to 12 holds what weighs e^(-2 mu z) for mu <= 3.5, to 5 sigma
    np.testing.assert_allclose(noise, np.expm1(mu**2), rtol=1e-5)


@pytest.mark.parametrize("name", ["minimax", "non-saturating"])
def test_expected_gradients_against_scipy(name):
    sign = 1 if name == "minimax" else -1

    def gradient(z, mu):
        return mu / 2 / (1 + np.exp(sign * (mu * z + mu**2 / 2)))

    for mu, mean, noise in costs.expected_gradients(name, [0.5, 2.0, 3.5]):
        moments = [
            scipy.integrate.quad(
                lambda z, k=k, mu=mu: gradient(z, mu) ** k * scipy.stats.norm.pdf(z),
                *(-12, 12),
            )[0]
            for k in (1, 2)
        ]
        assert mean == pytest.approx(moments[0], rel=1e-6)
        assert noise == pytest.approx(moments[1] / moments[0] ** 2 - 1, rel=1e-5)


@pytest.mark.parametrize("name", SLOPES)
def test_samples_have_the_expected_gradients(name):
    [(_, mean, noise)] = costs.sampled_gradients(name, [1.0], 100_000, seed=0)
    [(_, expected, expected_noise)] = costs.expected_gradients(name, [1.0])
    # 5 standard errors, of the mean and, where E g^4 = e^(6 mu^2)/16 counts, of the
    # second moment; bounded gradients have a variance good to some sqrt(2/n)
    root = 100_000**0.5
    assert mean == pytest.approx(expected, rel=5 * expected_noise**0.5 / root)
    error = np.exp(3) if name == "max. likelihood" else 3 * expected_noise
    assert noise == pytest.approx(expected_noise, abs=5 * error / root)


def test_the_figure_shows_them():
    rows = np.array([[1.0, 0.3, 0.5], [2.0, 0.9, 0.2]])
    curve = np.array([[0.1, 2.0], [0.9, 1.0]])
    figure = plots.generator_costs([plots.GeneratorCost("a", curve, rows, 2 * rows)])
    left, middle, right = figure.axes
    [line] = left.get_lines()
    np.testing.assert_array_equal(line.get_xydata(), curve)
    for ax, row in ((middle, 1), (right, 2)):
        expected, sampled = ax.get_lines()
        np.testing.assert_array_equal(expected.get_xydata(), rows[:, [0, row]])
        np.testing.assert_array_equal(sampled.get_xydata(), 2 * rows[:, [0, row]])
    assert right.get_yscale() == "log"


@pytest.mark.parametrize("count", [0, 4])
def test_as_many_costs_as_can_be_told_apart(count):
    rows = np.ones((1, 3))
    with pytest.raises(ValueError, match="one to 3 costs"):
        plots.generator_costs([plots.GeneratorCost("a", rows, rows, rows)] * count)
