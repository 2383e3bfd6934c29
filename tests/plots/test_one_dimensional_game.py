"""The four panels of a game of numbers show the numbers they are given."""

import numpy as np
import pytest
import scipy.stats

from keras_gan import plots
from keras_gan.cli.lab import game_1d
from keras_gan.cli.lab.pushforward import pushforward_density


def moment(step=0):
    x = np.linspace(-3, 3, 7)
    z = np.array([-1.0, 0.0, 1.0])
    return plots.Moment1D(step, x, x**2, x**2 + 1, 0 * x + 0.5, z, 2 * z + 1)


def test_lines_are_the_densities_the_discriminator_and_the_map():
    figure = plots.one_dimensional_game([moment(), moment(1500)])
    assert len(figure.axes) == 4
    above, below = figure.axes[1], figure.axes[3]
    assert above.get_title(loc="left") == "step 1,500"
    data, model, discriminator = above.get_lines()
    now = moment()
    np.testing.assert_array_equal(data.get_ydata(), now.data)
    np.testing.assert_array_equal(model.get_ydata(), now.model)
    np.testing.assert_array_equal(discriminator.get_ydata(), now.discriminator)
    # dotted, solid, dashed: as in the paper, whatever the colours
    styles = [line.get_linestyle() for line in (data, model, discriminator)]
    assert styles == [":", "-", "--"]
    for line, z, x in zip(below.get_lines(), now.latents, now.samples, strict=True):
        assert line.get_xydata().tolist() == [[z, 0], [x, 1]]


def test_no_moment_is_refused():
    with pytest.raises(ValueError, match="at least one Moment1D"):
        plots.one_dimensional_game([])


BORDERS = np.linspace(0.5, 3, 26)


@pytest.mark.parametrize(
    ("bend", "cdf"),
    [
        (lambda z: z / 2 + 1, scipy.stats.norm(1, 0.5).cdf),
        (lambda z: 1 - z, scipy.stats.norm(1, 1).cdf),
        (lambda z: z**2, scipy.stats.chi2(1).cdf),  # two z for each x
    ],
    ids=["stretched", "mirrored", "folded"],
)
def test_the_density_of_what_a_map_makes_of_normal_latents(bend, cdf):
    density = pushforward_density(bend(game_1d.FINE), BORDERS)
    expected = np.diff(cdf(BORDERS)) / np.diff(BORDERS)
    # Both tails, half of 1/4000 each, are not spread; borders cut 1/4000 at most.
    np.testing.assert_allclose(density, expected, atol=1 / 4000 / 0.1)


def test_the_game_begins_left_of_the_data():
    start = game_1d.moment(game_1d.game(seed=3))
    expected = scipy.stats.norm(-2, 0.5).pdf(start.x)
    np.testing.assert_allclose(start.model, expected, atol=0.01)  # cells 0.025 wide
    np.testing.assert_allclose(start.samples, start.latents / 2 - 2, atol=1e-6)
    assert start.step == 0


@pytest.mark.slow
def test_the_game_is_learnt():
    moments = game_1d.played(seed=0)
    assert {m.step for m in moments} == {*game_1d.SIDE_BY_SIDE, *game_1d.FILM}
    end = moments[-1]
    cell = end.x[1] - end.x[0]

    def total_variation(moment):
        return 0.5 * np.abs(moment.data - moment.model).sum() * cell

    # N(-2, 0.5) leaves the right mode out, all of it
    assert total_variation(moments[0]) > 0.5
    assert total_variation(end) < 0.07  # 0.03 to 0.06 over seeds
    seen = end.data > 0.05
    np.testing.assert_allclose(end.discriminator[seen], 0.5, atol=0.05)
    assert (np.diff(end.samples) > 0).all()  # lines that do not cross
