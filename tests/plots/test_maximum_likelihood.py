"""Maximum likelihood meets minimum KL, in the numbers behind the picture."""

import numpy as np
import pytest
import scipy.stats

from keras_gan import plots
from keras_gan.cli.lab import mle


def test_kl_has_its_minimum_at_the_mean_of_the_data():
    found = mle.divergence()
    step = mle.MEANS[1] - mle.MEANS[0]
    assert mle.MEANS[np.argmin(found)] == pytest.approx(-0.4, abs=step)
    # d KL/d mu = (mu - E x)/scale^2, and a parabola: exact over any distance
    rise = found[-1] - found[0]
    ends = (mle.MEANS[[-1, 0]] + 0.4) ** 2 / (2 * mle.SCALE**2)
    assert rise == pytest.approx(ends[0] - ends[1], abs=1e-9)


def test_the_cost_of_a_sample_is_its_negative_log_likelihood():
    sample = mle.DATA.sample(50, seed=1)[:, 0].astype("float64")
    cost = mle.cost(sample)
    for index in (0, 300, 640):
        q = scipy.stats.norm(mle.MEANS[index], mle.SCALE)
        expected = -q.logpdf(sample).mean() - mle.ENTROPY
        assert cost[index] == pytest.approx(expected, abs=1e-9)
    step = mle.MEANS[1] - mle.MEANS[0]
    lowest = mle.MEANS[np.argmin(cost)]
    assert lowest == pytest.approx(sample.mean(), abs=step)


def test_a_large_sample_costs_the_divergence():
    sample = mle.DATA.sample(1_000_000, seed=2)[:, 0]
    gap = abs(mle.cost(sample) - mle.divergence()).max()
    # -log q has a deviation below 1 nat for these mu: 5 standard errors, one is 0.001
    assert gap < 0.005


def test_the_minima_meet_as_one_over_root_n():
    sizes, measured, expected = mle.errors(seed=0).T
    np.testing.assert_allclose(expected, np.sqrt(4.33 / sizes), rtol=1e-12)
    # a root mean square of 200 has the relative error 1/sqrt(400); 4 of them
    np.testing.assert_allclose(measured, expected, rtol=0.2)


def test_the_figure_shows_them():
    picture = mle.draw(seed=0)["mle.png"]
    left, middle, right = picture.axes
    names = [f"n = {size:,}" for size in mle.SHOWN]
    assert [text.get_text() for text in left.get_legend().get_texts()] == names
    divergence, minimum = middle.get_lines()
    np.testing.assert_allclose(divergence.get_ydata(), mle.divergence())
    assert minimum.get_xdata()[0] == pytest.approx(-0.4, abs=0.005)
    assert left.get_ylim() == middle.get_ylim()  # side by side, on one scale
    expected, measured = right.get_lines()
    assert len(expected.get_xdata()) == len(measured.get_xdata()) == len(mle.SIZES)


@pytest.mark.parametrize("count", [0, 4])
def test_as_many_samples_as_can_be_told_apart(count):
    x = np.arange(3.0)
    with pytest.raises(ValueError, match="one to 3 samples"):
        plots.maximum_likelihood(x, dict.fromkeys(range(count), x), x, np.ones((2, 3)))
