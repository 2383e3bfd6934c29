"""What a killed process leaves is removed, and nothing of anybody who lives."""

import contextlib
import os
import signal
import threading
import time

import pytest
from helpers.processes import start

from keras_gan.core import files, leftovers

# Writes one thing of each kind, says so, and waits in the middle of it.
WRITER = """
import contextlib, sys, time
from keras_gan.core import files

folder = sys.argv[1]
with contextlib.ExitStack() as open_ones:
    file = open_ones.enter_context(files.new_file(f"{folder}/1.png"))
    inner = open_ones.enter_context(files.new_folder(f"{folder}/preset"))
    space = open_ones.enter_context(files.workspace(f"{folder}/cache"))
    for path in (f"{inner}/half", f"{space}/half"):
        open(path, "w").write("half")
    print("writing", flush=True)
    time.sleep(300)
"""
OF_USERS = (
    *("1.png", ".1.png", ".1.png.abcdefgh", ".1.png.keras_gan-new", "1.png.keras_gan"),
    *("1.png.keras_gan-abcdefgh", ".keras_gan-abcdefgh", ".1.png.keras_gan-abcdefgh~"),
)


@pytest.fixture
def killed(tmp_path):
    """A folder in which a process was killed, and its names before and after."""
    for name in OF_USERS:
        (tmp_path / name).write_text(name)
    (tmp_path / ".mine.keras_gan").mkdir()
    process = start("-c", WRITER, tmp_path)
    try:
        assert process.stdout.readline() == "writing\n"
        own = {*OF_USERS, ".mine.keras_gan"}
        left = set(os.listdir(tmp_path)) - own
        assert len(left) == 3
        leftovers.remove(tmp_path)
        assert set(os.listdir(tmp_path)) == own | left  # its writer lives
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert set(os.listdir(tmp_path)) == own | left
    return tmp_path, own, left


def test_what_a_killed_process_left_is_removed_and_no_file_of_a_user(killed):
    folder, own, _ = killed
    leftovers.remove(folder)
    assert set(os.listdir(folder)) == own
    assert all((folder / name).read_text() == name for name in OF_USERS)


def test_the_next_to_write_the_same_removes_it_and_nothing_else(killed):
    folder, own, left = killed

    def of(name):
        return {other for other in left if other.startswith(f".{name}.")}

    with files.new_file(folder / "1.png") as file:
        file.write(b"whole")
    assert set(os.listdir(folder)) == own | left - of("1.png")
    with files.new_folder(folder / "preset"):
        pass
    assert set(os.listdir(folder)) == own | of("cache") | {"preset"}
    with files.workspace(folder / "cache"):
        pass
    assert set(os.listdir(folder)) == own | {"preset"}


@pytest.mark.parametrize(
    ("make", "looks"),
    [
        ("temporary_file", "before it is locked"),
        ("temporary_folder", "before it is locked"),
        ("temporary_folder", "before it is opened"),
    ],
)
def test_what_is_taken_for_abandoned_before_it_is_locked_is_made_anew(
    make, looks, tmp_path, monkeypatch
):
    """Another process may find a name in the moment between its making and locking."""
    lock, opened, removers = leftovers._lock, leftovers._opened, []

    def remover(path):
        descriptor = os.open(path, os.O_RDONLY)
        assert lock(descriptor)

        def remove():
            time.sleep(0.2)
            os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
            os.close(descriptor)

        removers.append(threading.Thread(target=remove))
        removers[-1].start()

    def opened_late(path):
        if looks == "before it is opened" and not removers:
            remover(path)
            removers[-1].join()
        return opened(path)

    def locked_late(descriptor, **options):
        if not removers:
            (path,) = tmp_path.iterdir()
            remover(path)
        return lock(descriptor, **options)

    monkeypatch.setattr(leftovers, "_opened", opened_late)
    monkeypatch.setattr(leftovers, "_lock", locked_late)
    path, descriptor = getattr(leftovers, make)(str(tmp_path / "1.png"))
    removers[0].join()
    assert len(removers) == 1 and os.listdir(tmp_path) == [os.path.basename(path)]
    assert os.path.samestat(os.stat(path), os.fstat(descriptor))
    os.close(descriptor)


def test_two_who_write_the_same_leave_each_other_alone(tmp_path):
    with files.new_file(tmp_path / "a") as one, files.new_file(tmp_path / "a") as two:
        one.write(b"one")
        two.write(b"two")
    assert (tmp_path / "a").read_bytes() == b"one"  # that ended last
    assert os.listdir(tmp_path) == ["a"]


def test_a_name_that_was_removed_before_it_was_locked_is_made_anew(
    tmp_path, monkeypatch
):
    """As by another process between the two steps."""
    lock, seen = leftovers._lock, []

    def late(descriptor, **options):
        if not seen:
            seen.extend(os.listdir(tmp_path))
            os.unlink(tmp_path / seen[0])
        return lock(descriptor, **options)

    monkeypatch.setattr(leftovers, "_lock", late)
    with files.new_file(tmp_path / "a") as file:
        file.write(b"whole")
    assert seen and os.listdir(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"whole"


def test_a_link_with_such_a_name_is_no_leftover(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / ".a.keras_gan-abcdefgh").symlink_to("kept")
    leftovers.remove(tmp_path)
    assert os.listdir(tmp_path / "kept") == ["file"]
    assert (tmp_path / ".a.keras_gan-abcdefgh").is_symlink()


@pytest.mark.parametrize("locks", [None, "refused"])
def test_without_locks_nothing_is_removed(tmp_path, monkeypatch, locks):
    (tmp_path / ".a.keras_gan-abcdefgh").touch()
    if locks is None:
        monkeypatch.setattr(leftovers, "fcntl", None)
    else:
        monkeypatch.setattr(leftovers.fcntl, "flock", _refuse)
    leftovers.remove(tmp_path)
    with files.new_file(tmp_path / "a") as file, contextlib.suppress(OSError):
        file.write(b"whole")
    assert sorted(os.listdir(tmp_path)) == [".a.keras_gan-abcdefgh", "a"]


def _refuse(*_):
    raise OSError("this file system has no locks")
