"""The map of a game of points, and how its modes are counted."""

import numpy as np
import pytest

from keras_gan import plots
from keras_gan.cli.lab import game_2d


def test_the_figure_shows_the_map_and_the_points():
    line = np.linspace(-1, 1, 5)
    heat = np.broadcast_to((line + 1) / 2, (5, 5))  # D grows with x1
    points = np.array([[0.0, 0.5], [0.5, 0.0]])
    moment = plots.Moment2D("step 3", line, heat, points, 2 * points)
    figure = plots.two_dimensional_game([moment, moment])
    first, second, bar = figure.axes
    assert first.get_title(loc="left") == second.get_title(loc="left") == "step 3"
    real, fake = first.get_lines()
    np.testing.assert_array_equal(real.get_xydata(), points)
    np.testing.assert_array_equal(fake.get_xydata(), 2 * points)
    [filled] = first.collections
    assert filled.get_clim() == (0, 1)  # white is 1/2 in every picture
    # the band of D just below 1 lies at the right
    band = filled.get_paths()[-1].vertices
    assert band[:, 0].min() == pytest.approx(0.9)
    assert bar.get_ylabel() == "D(x)"


def test_no_moment_is_refused():
    with pytest.raises(ValueError, match="at least one Moment2D"):
        plots.two_dimensional_game([])


def test_the_map_is_the_discriminator():
    gan = game_2d.game(seed=0)
    moment = game_2d.moment(gan)
    at = np.array([[moment.line[10], moment.line[60]]])
    logit = float(np.ravel(gan.discriminator(at, training=False))[0])
    expected = 1 / (1 + np.exp(-logit))
    assert moment.discriminator[60, 10] == pytest.approx(expected, abs=1e-5)
    assert moment.title.startswith("step 0\n")


@pytest.mark.slow
def test_the_game_covers_the_ring():
    moments = game_2d.played(seed=0)
    assert len(moments) == len(game_2d.SIDE_BY_SIDE)
    shares = [int(moment.title.split("\n")[1].split("%")[0]) for moment in moments]
    assert shares[0] < 20  # a cloud; 8 discs of 0.15 in the square of 3.2 have 6 %
    assert shares[-1] > 70  # 83 to 86 over seeds
    end = moments[-1]
    assert end.title.endswith("8 modes")
