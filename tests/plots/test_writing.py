"""Figures become files as a whole, and leave nothing of matplotlib's own settings."""

import subprocess
import sys

import matplotlib
import pytest
from matplotlib.figure import Figure
from PIL import Image

from keras_gan import plots


def figure(height=1.0):
    made = Figure(figsize=(4, 2))
    made.subplots().plot([0, height])
    return made


def test_a_png_has_the_width_that_is_asked_for(tmp_path):
    plots.write_png(tmp_path / "a.png", figure(), width=800)
    assert Image.open(tmp_path / "a.png").size == (800, 400)


def test_a_gif_has_each_figure_once(tmp_path):
    path = tmp_path / "new" / "a.gif"
    heights = (1.0, 10.0, 100.0)
    plots.write_gif(path, map(figure, heights), 200, seconds=0.2, last=1)
    film = Image.open(path)
    assert film.n_frames == 3
    assert film.size == (200, 100)
    assert film.info["loop"] == 0  # for ever
    times = []
    for index in range(3):
        film.seek(index)
        times.append(film.info["duration"])
    assert times == [200, 200, 1000]
    assert [path.name for path in path.parent.iterdir()] == ["a.gif"]


def test_what_was_there_stays_if_a_figure_cannot_be_drawn(tmp_path):
    path = tmp_path / "a.gif"
    path.write_bytes(b"old")

    def broken():
        yield figure()
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        plots.write_gif(path, broken())
    assert path.read_bytes() == b"old"
    with pytest.raises(ValueError, match="at least one figure"):
        plots.write_gif(path, [])


def test_settings_stay(tmp_path):
    before = dict(matplotlib.rcParams)
    plots.write_png(tmp_path / "a.png", plots.style.new_figure(4, 3)[0])
    assert dict(matplotlib.rcParams) == before


SCRIPT = """
import sys
import keras_gan
assert "matplotlib" not in sys.modules
keras_gan.plots.write_png("a.png", keras_gan.plots.style.new_figure(4, 3)[0])
print("pyplot" if "matplotlib.pyplot" in sys.modules else "no pyplot")
"""


def test_it_is_imported_when_asked_for_and_without_pyplot(tmp_path):
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.split("\n")[-2] == "no pyplot", done.stderr
