"""`keras-gan lab` lists its experiments, and refuses before it plays."""

import functools
import pathlib

import pytest
from helpers.commands import call, refused
from matplotlib.figure import Figure
from PIL import Image

from keras_gan.cli.lab import catalogue, game_1d

DRAWN = [name for entry in catalogue.EXPERIMENTS.values() for name in entry.files]


def test_the_catalogue_is_the_folder():
    folder = pathlib.Path(catalogue.__file__).parent
    named = {entry.module for entry in catalogue.EXPERIMENTS.values()}
    drawing = {p.stem for p in folder.glob("*.py") if "\ndef draw(" in p.read_text()}
    assert named == drawing
    assert len(set(DRAWN)) == len(DRAWN)


@pytest.mark.parametrize("arguments", [["lab"], ["lab", "--help"]], ids=str)
def test_every_name_is_listed(arguments):
    code, shown, _ = call(*arguments)
    assert code == 0
    for name in catalogue.EXPERIMENTS:
        assert name in shown


def test_an_unknown_name_is_answered_with_the_nearest():
    assert "Did you mean game-1d" in refused("lab", "game1d")


def test_a_picture_is_not_written_over(tmp_path):
    (tmp_path / "game-1d.gif").write_bytes(b"old")
    message = refused("lab", "game-1d", "--output", tmp_path)
    assert "game-1d.gif exists already. Pass --overwrite" in message
    assert [path.name for path in tmp_path.iterdir()] == ["game-1d.gif"]


def test_a_folder_that_is_a_file_and_a_picture_that_is_a_folder(tmp_path):
    (tmp_path / "file").touch()
    assert "file is a file" in refused("lab", "game-1d", "--output", tmp_path / "file")
    (tmp_path / "game-1d.png").mkdir()
    call_ = ("lab", "game-1d", "--overwrite", "--output", tmp_path)
    assert "game-1d.png is a folder" in refused(*call_)


def test_an_experiment_writes_its_picture_and_says_where(tmp_path):
    code, shown, _ = call("lab", "kl", "--output", tmp_path / "new")
    assert code == 0
    path = tmp_path / "new" / "kl.png"
    assert shown.splitlines() == [str(path)]
    assert Image.open(path).width == 1200
    assert "Pass --overwrite" in refused("lab", "kl", "--output", tmp_path / "new")


def test_the_seed_reaches_the_experiment_and_a_film_has_all_its_frames(
    tmp_path, monkeypatch
):
    def frame(number):
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([0, number, 3])
        return figure

    def draw(seed):
        film = [functools.partial(frame, number) for number in range(seed)]
        return {"game-1d.png": frame(0), "game-1d.gif": film}

    monkeypatch.setattr(game_1d, "draw", draw)
    code, shown, _ = call("lab", "game-1d", "--output", tmp_path, "--seed", 5)
    assert code == 0
    assert len(shown.splitlines()) == 2
    assert Image.open(tmp_path / "game-1d.gif").n_frames == 5


ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.parametrize("name", catalogue.EXPERIMENTS)
def test_the_page_shows_each_picture_below_its_command(name):
    page = (ROOT / "docs" / "lab.md").read_text()
    command = f"keras-gan lab {name}\n"
    sections = [text for text in page.split("\n## ") if command in text]
    assert len(sections) == 1
    for file in catalogue.EXPERIMENTS[name].files:
        assert f"](images/{file})" in sections[0]
        size = (ROOT / "docs" / "images" / file).stat().st_size
        assert size < (1_000_000 if file.endswith(".gif") else 150_000)


def test_the_film_on_the_page_is_the_one_that_is_drawn():
    film = Image.open(ROOT / "docs" / "images" / "game-1d.gif")
    assert film.n_frames == len(game_1d.FILM)
