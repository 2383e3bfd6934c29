"""`keras-gan lab` lists its experiments, and refuses before it plays."""

import importlib.util
import pathlib

import pytest
from commands import call, refused

from keras_gan_cli.lab import catalogue

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


def test_matplotlib_is_asked_for_before_anything_is_played(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    message = refused("lab", "game-1d", "--output", tmp_path / "new")
    assert 'pip install "keras_gan[plots]"' in message
    assert not (tmp_path / "new").exists()
