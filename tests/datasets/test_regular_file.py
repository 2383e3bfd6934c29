"""Only regular files are read: nothing hangs, and nothing floods the memory."""

import os

import pytest
from no_files import NO_FILES, pipe
from PIL import Image

from keras_gan.datasets import load, regular_file


@pytest.mark.parametrize("make", NO_FILES)
@pytest.mark.parametrize("name", ["z.npy", "z.npz", "z"])
def test_a_source_is_a_regular_file_or_a_folder(tmp_path, make, name):
    make(tmp_path / name)
    with pytest.raises(ValueError, match=f"{name} {NO_FILES[make].split(' to ')[0]}"):
        load(tmp_path / name, 1)


def test_links_to_folders_and_files_are_followed(tmp_path):
    (tmp_path / "data").mkdir()
    Image.new("L", (8, 6), 90).save(tmp_path / "data" / "a.png")
    os.symlink("data", tmp_path / "link")
    os.symlink("a.png", tmp_path / "data" / "b.png")
    assert load(tmp_path / "link", 1).num_samples == 2


def test_a_file_that_becomes_a_pipe_does_not_hang(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"whole")
    assert regular_file.read_regular(path) == b"whole"
    path.unlink()
    pipe(path)
    # As if it had been a file when it was looked at.
    monkeypatch.setattr(regular_file, "why_not_regular", lambda path: None)
    with pytest.raises(ValueError, match="it is a named pipe"):
        regular_file.read_regular(path)


def test_a_file_larger_than_the_memory_is_not_read(tmp_path):
    path = tmp_path / "a.png"
    with open(path, "wb") as file:
        file.truncate(2**43)  # 8.8 TB, of which nothing is on the disk
    with pytest.raises(ValueError, match="would take 8.8 TB of memory"):
        regular_file.read_regular(path)
