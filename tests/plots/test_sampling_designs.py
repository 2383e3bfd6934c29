"""`keras-gan lab designs` shows what the designs draw."""

import numpy as np
import pytest

from keras_gan import plots
from keras_gan.cli.lab import designs


def test_the_figure_shows_the_items_drawn():
    drawn = designs.draws(seed=3)
    picture = designs.draw(seed=3)["designs.png"]
    assert len(picture.axes) == len(drawn) == 4
    for ax, (title, items) in zip(picture.axes, drawn.items(), strict=True):
        everyone, chosen = ax.collections
        assert len(everyone.get_offsets()) == 1200
        column, row = np.asarray(chosen.get_offsets()).T
        np.testing.assert_array_equal(row * 40 + column, items)
        colours = everyone.get_facecolors()[items, :3]  # the class's, but not as pale
        np.testing.assert_array_equal(chosen.get_facecolors()[:, :3], colours)
        assert ax.get_title(loc="left") == f"{title}: 50 items"


def test_the_shares_that_are_seen():
    drawn = designs.draws(seed=0)
    counts = np.bincount(designs.LABELS[drawn["stratified"]])
    assert counts.tolist() == [30, 15, 5]  # 50 times 60, 30 and 10 %
    assert drawn["systematic from 18"][[0, 1, -1]].tolist() == [18, 42, 1194]
    assert len(np.unique(designs.CLUSTERS[drawn["cluster"]])) == 5


def test_the_values_are_those_at_the_points():
    figure = designs.draw(seed=0)["points.png"]
    image = designs.picture()
    assert image.shape == (112, 112) and 0 <= image.min() < image.max() <= 255
    for whole, seen in zip(figure.axes[::2], figure.axes[1::2], strict=True):
        column, row = np.asarray(seen.collections[0].get_offsets(), int).T
        np.testing.assert_array_equal(
            seen.collections[0].get_array(), image[row, column]
        )
        marked = np.asarray(whole.collections[0].get_offsets())
        np.testing.assert_array_equal(marked, np.stack([column, row], axis=1))
        assert len(marked) == 256


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: plots.sampling_designs([0, 1], {}), "at least one design"),
        (lambda: plots.sampling_designs([0, 9], {"a": [0]}), "numbers from 0 to 4"),
        (lambda: plots.sampling_designs([0, 1], {"a": [2]}), "a draws items from 2"),
        (lambda: plots.sampling_points(np.zeros(3), {"a": [[0, 0]]}), "an image"),
        (lambda: plots.sampling_points(np.zeros((3, 3)), {}), "0 designs"),
    ],
    ids=["none", "class", "item", "vector", "no points"],
)
def test_what_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
