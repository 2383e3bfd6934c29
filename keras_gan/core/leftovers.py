"""Temporary names, and how what a killed process left under them is told and removed.

A temporary file or folder is locked by the operating system for as long as its writer
lives, so whoever gets the lock knows that nobody writes there any more. A file of the
user's has another name, and is never looked at.
"""

import contextlib
import os
import re
import shutil
import tempfile

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

MARK = "keras_gan"
_NAME = re.compile(rf"\.(?P<of>.+)\.{MARK}-[a-z0-9_]{{8}}", re.DOTALL)


def prefix(name: str) -> str:
    """The beginning of a temporary name for what is to be called `name`."""
    return f".{name}.{MARK}-"


def temporary_file(path: str) -> tuple[str, int]:
    """An empty locked file beside `path`, and its descriptor, to be closed last.

    Raises:
        OSError: if it cannot be made, naming `path`.
    """

    def make():
        parent, name = os.path.split(path)
        descriptor, made = tempfile.mkstemp(prefix=prefix(name), dir=parent)
        return made, descriptor

    return _locked(make, path)


def temporary_folder(path: str) -> tuple[str, int]:
    """An empty locked folder beside `path`, and its descriptor, to be closed last.

    Raises:
        OSError: if it cannot be made, naming `path`.
    """

    def make():
        parent, name = os.path.split(path)
        while True:
            made = tempfile.mkdtemp(prefix=prefix(name), dir=parent)
            with contextlib.suppress(FileNotFoundError):  # taken for abandoned
                return made, _opened(made)

    return _locked(make, path)


def remove(folder: str | os.PathLike, of: str | None = None) -> None:
    """Remove what killed processes left behind in a folder, not below it.

    Where there are no locks (Windows, some network file systems), nothing is removed.

    Args:
        folder: path; one that cannot be read is left alone.
        of: str, the name that was to be written; None for all names.

    Example:

    >>> from keras_gan.core import files
    >>> with files.new_file("samples/1.png"):
    ...     remove("samples")  # not what is being written
    ...     [name[:17] for name in os.listdir("samples")]
    ['.1.png.keras_gan-']
    """
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        match = _NAME.fullmatch(name)
        if match and of in (None, match["of"]):
            _remove_abandoned(os.path.join(folder, name))


def _remove_abandoned(path):
    try:
        descriptor = _opened(path)
    except OSError:  # a link, or not ours to read, or gone
        return
    try:
        if not _lock(descriptor):
            return
        if os.path.isdir(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(path)
    finally:
        os.close(descriptor)


def _locked(make, path):
    """A new file or folder, locked before anybody has taken it for abandoned."""
    while True:
        try:
            made, descriptor = make()
        except OSError as error:
            raise OSError(error.errno, error.strerror, path) from error
        _lock(descriptor, wait=True)  # for one who looked before it was locked
        with contextlib.suppress(OSError):
            if os.path.samestat(os.stat(made), os.fstat(descriptor)):
                return made, descriptor
        os.close(descriptor)


def _opened(path):
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags)


def _lock(descriptor, wait=False):
    """Whether this process has the lock now, or had it."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:  # another has it, or a file system without locks
        return False
    return True
