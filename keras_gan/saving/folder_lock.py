"""The lock of a folder: one process at a time writes into it."""

import contextlib
import os
import re
import socket
from typing import Self

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

NAME = ".lock"
REACHED, STOPPED = "reached", "stopped at"
_NOTE = re.compile(rf"\n({REACHED}|{STOPPED}) step (\d+)\n")


class FolderInUseError(RuntimeError):
    """The error for a folder that another process writes into; it names both."""


class FolderLock:
    """The lock of a folder: the right to write, which one process has at a time.

    It is a lock of the operating system on the file `.lock` in the folder, so it ends
    with the process, however that ends: nothing stale stays behind. The file stays, and
    says who was the last to hold it, and how far that one came. Where there are no such
    locks (Windows, some network file systems) nobody is kept out.

    Args:
        folder: path, made if it does not exist.

    Raises:
        FolderInUseError: if another process (or another lock of this one) has it.
        OSError: if nothing can be written there.

    Example:

    >>> lock = FolderLock("run/checkpoints")
    >>> check_free("run/checkpoints")
    Traceback (most recent call last):
    keras_gan.saving.folder_lock.FolderInUseError: ... is in use: process ...
    >>> lock.release()
    >>> check_free("run/checkpoints")
    """

    def __init__(self, folder: str | os.PathLike) -> None:
        os.makedirs(folder, exist_ok=True)
        self._folder = folder
        self._file = None
        if fcntl is None:
            return
        self._file = _taken(folder, os.O_CREAT)
        holder = f"{os.getpid()} on {socket.gethostname()}".encode()
        self._end = len(holder)
        with contextlib.suppress(OSError):  # a full disk: the lock holds without a name
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, holder, 0)

    def note(self, step: int, word: str = REACHED) -> None:
        """Write down how far the run in the folder has come, for `noted`.

        Args:
            step: int, the last whole step.
            word: REACHED, or STOPPED: of a step after which there are none.
        """
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.pwrite(self._file, f"\n{word} step {step}\n".encode(), self._end)

    def is_there(self) -> bool:
        """Whether the file that is locked is still the one in the folder."""
        if self._file is None:
            return True
        try:
            there = os.stat(os.path.join(self._folder, NAME))
        except OSError:
            return False
        return os.path.samestat(there, os.fstat(self._file))

    def release(self) -> None:
        """Let others write, from now on."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def check_free(folder: str | os.PathLike) -> None:
    """Raise a FolderInUseError if somebody writes into a folder; change nothing."""
    if fcntl is not None and os.path.isfile(os.path.join(folder, NAME)):
        os.close(_taken(folder))


def noted(folder: str | os.PathLike) -> tuple[str, int] | None:
    """(word, step): what the last holder of a folder's lock noted; None if nothing."""
    try:
        with open(os.path.join(folder, NAME), errors="replace") as file:
            found = _NOTE.search(file.read(400))
    except OSError:
        return None
    return (found[1], int(found[2])) if found else None


def _taken(folder, flags=0):
    """The descriptor of the lock file, locked where that is possible."""
    file = os.open(os.path.join(folder, NAME), os.O_RDWR | flags, 0o666)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(file, 200, 0).decode(errors="replace").split("\n")[0]
        holder = holder or "unknown"
        os.close(file)
        raise FolderInUseError(
            f"{folder} is in use: process {holder} is training into it. Wait for its "
            "end, stop it, or choose another folder."
        ) from error
    except OSError:  # a file system without locks
        pass
    return file
