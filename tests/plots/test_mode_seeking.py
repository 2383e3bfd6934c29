"""The Gaussians that `keras-gan lab kl` draws are the best ones."""

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.special
import scipy.stats

from keras_gan import plots
from keras_gan.cli.lab import kl


def test_kl_keeps_the_mean_and_the_variance():
    mean, scale, divergence = kl.fit(kl.forward_kl)
    # E x = -2 * 0.6 + 2 * 0.4; Var x = 0.7^2 + E mu^2 - (E mu)^2. The search ends at
    # steps of 3/6/2^13 = 6e-5.
    assert mean == pytest.approx(-0.4, abs=2e-4)
    assert scale == pytest.approx(np.sqrt(0.49 + 4 - 0.16), abs=2e-4)
    # KL = -H(data) + log(2 pi e Var x)/2 at these moments
    entropy = scipy.integrate.quad(
        lambda x: -kl.DATA.density([x])[0] * kl.DATA.log_density([x])[0],
        *(-8, 8),
        limit=200,
    )[0]
    expected = np.log(2 * np.pi * np.e * 4.33) / 2 - entropy
    assert divergence == pytest.approx(expected, abs=1e-6)


def test_reverse_kl_seeks_a_mode_and_agrees_with_scipy():
    nodes, weights = scipy.special.roots_hermitenorm(80)
    weights = weights / weights.sum()  # of an expectation over N(0, 1)

    def by_quadrature(parameters):
        x = parameters[0] + np.exp(parameters[1]) * nodes
        log_q = scipy.stats.norm(parameters[0], np.exp(parameters[1])).logpdf(x)
        return weights @ (log_q - kl.DATA.log_density(x))

    mean, scale, divergence = kl.fit(kl.reverse_kl)
    best = scipy.optimize.minimize(by_quadrature, (-2.2, -0.5), method="Nelder-Mead")
    assert mean == pytest.approx(best.x[0], abs=5e-4)
    assert scale == pytest.approx(np.exp(best.x[1]), abs=5e-4)
    assert divergence == pytest.approx(best.fun, abs=1e-6)
    # the left mode alone has -log 0.6, less what the other adds; the best is below it
    assert -np.log(0.6) - 0.01 < divergence < -np.log(0.6)
    # and no better one at the other mode, of the smaller share
    other = scipy.optimize.minimize(by_quadrature, (2.0, -0.4), method="Nelder-Mead")
    assert other.x[0] > 1.9
    assert other.fun > divergence + 0.3


def test_the_figure_shows_the_fits():
    picture = kl.draw(seed=0)["kl.png"]
    for ax, divergence in zip(
        picture.axes, (kl.forward_kl, kl.reverse_kl), strict=True
    ):
        data, model = ax.get_lines()
        mean, scale, _ = kl.fit(divergence)
        x = model.get_xdata()
        np.testing.assert_allclose(data.get_ydata(), kl.DATA.density(x))
        expected = scipy.stats.norm(mean, scale).pdf(x)
        np.testing.assert_allclose(model.get_ydata(), expected)
        assert ax.get_ylim()[1] > expected.max()  # nothing is cut off
    assert "0.51 nats" in picture.axes[1].get_title(loc="left")


def test_no_fit_is_refused():
    with pytest.raises(ValueError, match="at least one Fit"):
        plots.mode_seeking(np.arange(2), np.arange(2), [])
