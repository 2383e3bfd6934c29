"""Atomic files: a crash, a full disk or a kill leaves the old or the new, never half.

Everything is written under a temporary name beside its place, flushed to the disk, and
then renamed. What a killed process left under such a name, the next one to write the
same removes (`leftovers`). As with a plain `open`, a link to a file stays a link, and a
file that was there keeps its mode.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from typing import BinaryIO

from keras_gan.core import leftovers


def _sync_folder(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new(path):
    """The absolute path of what must not exist yet."""
    path = os.path.abspath(os.fspath(path))
    if os.path.lexists(path):
        raise FileExistsError(f"{path} exists already; choose another, or remove it.")
    return path


def _sync_tree(folder):
    for base, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(base, name), "rb") as file:
                os.fsync(file.fileno())
        _sync_folder(base)


@contextlib.contextmanager
def new_folder(path: str | os.PathLike) -> Iterator[str]:
    """A folder that appears at `path` as a whole when the block ends without error.

    Args:
        path: must not exist.

    Yields:
        The temporary folder to write into.

    Raises:
        FileExistsError: if `path` exists.
        OSError: if it cannot be written; nothing stays behind then.
    """
    path = _new(path)
    with workspace(path) as temporary:
        os.chmod(temporary, 0o777 & ~_umask())
        yield temporary
        _sync_tree(temporary)
        os.rename(temporary, path)
        _sync_folder(os.path.dirname(path))


@contextlib.contextmanager
def workspace(path: str | os.PathLike) -> Iterator[str]:
    """A hidden folder beside `path`, gone when the block ends, for steps towards it.

    What a killed process left of an earlier one for the same path is removed.

    Raises:
        OSError: if it cannot be made.
    """
    path = os.path.abspath(os.fspath(path))
    parent, name = os.path.split(path)
    os.makedirs(parent, exist_ok=True)
    leftovers.remove(parent, of=name)
    temporary, descriptor = leftovers.temporary_folder(path)
    try:
        with _errors_naming(path, temporary):
            yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        os.close(descriptor)


@contextlib.contextmanager
def draft(path: str | os.PathLike) -> Iterator[str]:
    """A name to write a file at, which is renamed to `path` if the block ends well.

    For what is looked at by others before it counts. Beside the file is a folder of its
    own, gone when the block ends.

    Args:
        path: must not exist.

    Raises:
        FileExistsError: if `path` exists.
        OSError: if it cannot be written; nothing stays behind then.
    """
    path = _new(path)
    with workspace(path) as folder:
        temporary = os.path.join(folder, os.path.basename(path))
        with _errors_naming(path, temporary):
            yield temporary
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        os.rename(temporary, path)
        _sync_folder(os.path.dirname(path))


@contextlib.contextmanager
def new_file(path: str | os.PathLike) -> Iterator[BinaryIO]:
    """A binary file that replaces `path` as a whole when the block ends without error.

    Where `path` is a symbolic link, the file that it names is replaced. A file that is
    replaced gives the new one its mode, and its owner where that is allowed.

    Raises:
        OSError: if it cannot be written, with the path, or if a folder, a pipe or a
            device has that name; what was there stays then.
    """
    path = os.path.abspath(os.fspath(path))
    before = _status(path)
    target = os.path.realpath(path)
    parent, name = os.path.split(target)
    with _errors_naming(path, target):
        os.makedirs(parent, exist_ok=True)
        leftovers.remove(parent, of=name)
        temporary, descriptor = leftovers.temporary_file(target)
    try:
        with _errors_naming(path, temporary), os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _resemble(temporary, before)
            os.replace(temporary, target)  # still locked
            _sync_folder(parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _status(path):
    """The status of a regular file, as of `os.stat`, or None if there is none."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(found.st_mode):
        reason = "This is a pipe or a device, and a file is wanted: choose another name"
        raise OSError(errno.EINVAL, reason, path)
    return found


def _resemble(temporary, before):
    """Give a new file the mode and owner of the one before it, if there is one."""
    if before is None:
        os.chmod(temporary, 0o666 & ~_umask())
        return
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(temporary, before.st_uid, before.st_gid)
    os.chmod(temporary, stat.S_IMODE(before.st_mode))


@contextlib.contextmanager
def _errors_naming(path, temporary):
    """A scope in which errors of the disk name `path`, and no temporary name."""
    try:
        yield
    except OSError as error:
        there = path if error.filename is None else os.fspath(error.filename)
        if there != path and temporary not in str(there):
            raise  # of another file
        there = str(there).replace(temporary, path)
        if error.errno is None or not error.strerror:  # Pillow's and HDF5's
            said = str(error).replace(temporary, path)
            raise OSError(f"{there} could not be written: {said}") from error
        raise OSError(error.errno, error.strerror, there) from error


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sha256(path: str | os.PathLike) -> str:
    """The hex sha256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
