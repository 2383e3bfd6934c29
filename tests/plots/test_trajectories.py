"""The paths of the Dirac-GAN, as they are drawn."""

import numpy as np
import pytest

from keras_gan import plots
from keras_gan.cli.lab import dirac, dirac_game


def test_the_figure_shows_each_path_from_its_start_to_its_end():
    path = np.array([[3.0, 4.0], [1.0, 2.0], [0.3, 0.4]])
    figure = plots.trajectories({"one": path, "two": -path})
    one, two = figure.axes
    assert one.get_title(loc="left") == "one\nr = 0.500"
    [points] = two.collections
    np.testing.assert_array_equal(points.get_offsets(), -path)
    cross, start, end = two.get_lines()
    assert cross.get_xydata().tolist() == [[0, 0]]
    assert start.get_xydata().tolist() == [[-3, -4]]
    assert end.get_xydata().tolist() == [[-0.3, -0.4]]
    assert one.get_xlim() == two.get_ylim()  # one scale
    assert one.get_xlim()[1] > 4


def test_rows_of_four():
    path = np.eye(2)
    figure = plots.trajectories({str(number): path for number in range(6)})
    assert len(figure.axes) == 6  # and no empty ones
    tops = {round(ax.get_subplotspec().rowspan.start) for ax in figure.axes}
    assert tops == {0, 1}


def test_no_path_is_refused():
    with pytest.raises(ValueError, match="at least one path"):
        plots.trajectories({})


@pytest.mark.parametrize(
    ("name", "end"), [("GAN, simultaneous", 3.10), ("NSGAN, simultaneous", 0.640)]
)
def test_the_published_radii(name, end):
    # Mescheder et al. (2018), by the authors' code; printed to three figures
    path = dirac.played(name)
    assert path.shape == (501, 2)
    assert dirac_game.radius(path)[-1] == pytest.approx(end, abs=0.005)


CONVERGING = ("instance noise, std 0.7", "R1, gamma 0.3", "consensus, gamma 1")


@pytest.mark.slow
def test_which_methods_converge():
    [figure] = dirac.draw(seed=0).values()
    assert len(figure.axes) == len(dirac.GAMES)
    for ax, name in zip(figure.axes, dirac.GAMES, strict=True):
        end = np.hypot(*ax.get_lines()[-1].get_xydata()[0])
        # 0.02 is the noise of 1000 rows: h/2 0.7 sqrt(2/1000)/sqrt(1 - 0.961); 3 of it
        assert (end < 0.06) == (name in CONVERGING), name
        assert end < 0.06 or end > 0.5
