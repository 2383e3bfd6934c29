"""Files that are replaced as a whole, and what stays of those before them."""

import json
import os
import pathlib
import stat

import numpy as np
import pytest
from helpers.small import mlp

from keras_gan import pixels
from keras_gan.core import files
from keras_gan.saving import run_folders


def write(path, content=b"new"):
    with files.new_file(path) as file:
        file.write(content)


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_link_stays_and_the_file_that_it_names_is_replaced(tmp_path):
    """Through two links, the first one relative, into another folder."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "file").write_bytes(b"old")
    (tmp_path / "second").symlink_to(tmp_path / "disk" / "file")
    (tmp_path / "first").symlink_to("second")
    write(tmp_path / "first")
    assert os.readlink(tmp_path / "first") == "second"
    assert os.path.islink(tmp_path / "second")
    assert not os.path.islink(tmp_path / "disk" / "file")
    assert (tmp_path / "disk" / "file").read_bytes() == b"new"
    assert os.listdir(tmp_path / "disk") == ["file"]


def test_a_link_to_what_is_not_there_yet(tmp_path):
    (tmp_path / "link").symlink_to("file")
    write(tmp_path / "link")
    assert os.path.islink(tmp_path / "link")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_link_to_a_file_in_a_linked_folder_with_a_way_up(tmp_path):
    """`disk/..` is the folder above what `disk` names, and not `tmp_path`."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "file").write_bytes(b"old")
    (tmp_path / "disk").symlink_to("a/b")
    (tmp_path / "link").symlink_to("disk/../file")
    write(tmp_path / "link")
    assert (tmp_path / "a" / "file").read_bytes() == b"new"
    assert sorted(os.listdir(tmp_path)) == ["a", "disk", "link"]


def test_a_draft_is_a_file_when_its_block_ends_well(tmp_path):
    with files.draft(tmp_path / "file.txt") as path:
        pathlib.Path(path).write_text("new")
        assert not (tmp_path / "file.txt").exists()
        assert os.path.basename(path) == "file.txt"  # some readers go by the ending
    assert (tmp_path / "file.txt").read_text() == "new"
    with (
        pytest.raises(FileExistsError, match="exists already"),
        files.draft(tmp_path / "file.txt"),
    ):
        pass
    with pytest.raises(KeyError), files.draft(tmp_path / "other") as path:
        pathlib.Path(path).write_text("half")
        raise KeyError
    with pytest.raises(OSError) as error, files.draft(tmp_path / "other") as path:
        os.open(path, os.O_RDONLY)
    assert error.value.filename == str(tmp_path / "other")
    assert os.listdir(tmp_path) == ["file.txt"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_keeps_its_mode(tmp_path, mode):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)
    write(path)
    assert path.read_bytes() == b"new" and mode_of(path) == mode
    (tmp_path / "link").symlink_to("file")
    write(tmp_path / "link", b"newer")
    assert path.read_bytes() == b"newer" and mode_of(path) == mode


def test_a_new_file_has_the_mode_of_the_process(tmp_path):
    before = os.umask(0o027)
    try:
        write(tmp_path / "file")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "file") == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to another user")
def test_a_file_keeps_its_owner(tmp_path):
    write(tmp_path / "file", b"old")
    os.chown(tmp_path / "file", 4711, 4712)
    write(tmp_path / "file")
    found = os.stat(tmp_path / "file")
    assert (found.st_uid, found.st_gid) == (4711, 4712)


WRITERS = {
    "g.keras": lambda path: mlp().save(path),
    "g.weights.h5": lambda path: mlp().save_weights(path),
    "picture.png": lambda path: pixels.write_png(path, np.zeros((2, 2, 1), np.uint8)),
    "best.json": lambda path: run_folders.write_best(path.parent, {"step": 3}),
}


@pytest.mark.parametrize("name", WRITERS)
def test_all_that_write_keep_links_and_modes(tmp_path, name):
    real = tmp_path / "real"
    real.write_bytes(b"old")
    real.chmod(0o600)
    (tmp_path / name).symlink_to("real")
    WRITERS[name](tmp_path / name)
    assert os.path.islink(tmp_path / name) and mode_of(real) == 0o600
    assert real.read_bytes() != b"old"
    assert sorted(os.listdir(tmp_path)) == sorted(["real", name])


def test_a_failed_write_through_a_link_names_the_link(tmp_path, monkeypatch):
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("disk/file")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write(tmp_path / "link")
    assert caught.value.filename == str(tmp_path / "link")
    assert (tmp_path / "disk" / "file").read_bytes() == b"old"
    assert os.listdir(tmp_path / "disk") == ["file"]


def test_what_cannot_be_made_is_told_by_its_own_name(tmp_path, monkeypatch):
    def refused(**_):
        raise PermissionError(13, "Permission denied", tmp_path / ".json.keras_gan-ab")

    monkeypatch.setattr(files.leftovers.tempfile, "mkstemp", refused)
    monkeypatch.setattr(files.leftovers.tempfile, "mkdtemp", refused)
    with pytest.raises(PermissionError) as caught:
        write(tmp_path / "json")
    assert caught.value.filename == str(tmp_path / "json")
    with (
        pytest.raises(PermissionError) as caught,
        files.new_folder(tmp_path / "preset"),
    ):
        pass
    assert caught.value.filename == str(tmp_path / "preset")


def test_pipes_devices_folders_and_links_in_a_ring_are_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to pipe").symlink_to("pipe")
    (tmp_path / "to nothing").symlink_to(os.devnull)
    (tmp_path / "ring").symlink_to("ring")
    (tmp_path / "folder").mkdir()
    for name, reason in {
        "pipe": "a pipe or a device",
        "to pipe": "a pipe or a device",
        "to nothing": "a pipe or a device",
        "ring": "symbolic links",
        "folder": "Is a directory",
    }.items():
        before = os.lstat(tmp_path / name)
        with pytest.raises(OSError, match=reason) as caught:
            write(tmp_path / name, json.dumps(name).encode())
        assert caught.value.filename == str(tmp_path / name)
        assert os.lstat(tmp_path / name) == before
    assert len(os.listdir(tmp_path)) == 5
