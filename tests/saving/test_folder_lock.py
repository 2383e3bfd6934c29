"""One process at a time writes into a folder."""

import errno
import os
import subprocess
import sys

import pytest

from keras_gan.saving import folder_lock
from keras_gan.saving.folder_lock import FolderInUseError, FolderLock, check_free

SCRIPT = """
import sys
from keras_gan.saving.folder_lock import FolderLock
lock = FolderLock(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """A process that holds the folder."""
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, **pipes)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_another_process_is_kept_out_and_told_who_holds_it(tmp_path, other):
    message = f"{tmp_path} is in use: process {other.pid} on "
    for attempt in (FolderLock, check_free):
        with pytest.raises(FolderInUseError, match=message):
            attempt(tmp_path)


def test_a_killed_process_leaves_nothing_stale(tmp_path, other):
    other.kill()
    other.wait()
    check_free(tmp_path)
    with FolderLock(tmp_path):
        text = (tmp_path / folder_lock.NAME).read_text()
    assert text.startswith(f"{os.getpid()} on ")


def test_checking_changes_nothing(tmp_path):
    check_free(tmp_path / "none")
    check_free(tmp_path)
    assert not list(tmp_path.iterdir())
    FolderLock(tmp_path).release()
    before = (tmp_path / folder_lock.NAME).stat()
    check_free(tmp_path)
    assert (tmp_path / folder_lock.NAME).stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_locks_keeps_nobody_out(tmp_path, monkeypatch, number):
    def flock(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder_lock.fcntl, "flock", flock)
    with FolderLock(tmp_path), FolderLock(tmp_path):
        check_free(tmp_path)


def test_a_system_without_fcntl_keeps_nobody_out(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_lock, "fcntl", None)
    with FolderLock(tmp_path), FolderLock(tmp_path):
        check_free(tmp_path)
