"""Writing so that a crash, a full disk or a kill leaves the old or the new, never half.

Everything is written under a temporary name beside its place, flushed to the disk, and
then renamed.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile


def _sync_folder(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_tree(folder):
    for base, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(base, name), "rb") as file:
                os.fsync(file.fileno())
        _sync_folder(base)


@contextlib.contextmanager
def new_folder(path):
    """A folder that appears at `path` as a whole when the block ends without error.

    Args:
        path: must not exist.

    Yields:
        The temporary folder to write into.

    Raises:
        FileExistsError: if `path` exists.
        OSError: if it cannot be written; nothing stays behind then.
    """
    path = os.path.abspath(os.fspath(path))
    if os.path.lexists(path):
        raise FileExistsError(f"{path} exists already; choose another, or remove it.")
    parent = os.path.dirname(path)
    os.makedirs(parent, exist_ok=True)
    temporary = tempfile.mkdtemp(prefix=f".{os.path.basename(path)}.", dir=parent)
    try:
        os.chmod(temporary, 0o777 & ~_umask())
        yield temporary
        _sync_tree(temporary)
        os.rename(temporary, path)
        _sync_folder(parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


@contextlib.contextmanager
def new_file(path):
    """A binary file that replaces `path` as a whole when the block ends without error.

    Raises:
        OSError: if it cannot be written; what was at `path` stays then.
    """
    path = os.path.abspath(os.fspath(path))
    parent = os.path.dirname(path)
    os.makedirs(parent, exist_ok=True)
    name = os.path.basename(path)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
        _sync_folder(parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def replacing(path, suffix):
    """A name beside `path` for what writes files itself; renamed to it at the end.

    Args:
        path: what is written, and replaced as a whole when the block ends well.
        suffix: str, how the temporary name ends, such as ".keras".

    Raises:
        OSError: if it cannot be written; what was at `path` stays then.
    """
    path = os.path.abspath(os.fspath(path))
    parent, name = os.path.split(path)
    os.makedirs(parent, exist_ok=True)
    temporary = os.path.join(parent, f".{name}.{os.getpid()}{suffix}")
    try:
        yield temporary
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _sync_folder(parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sha256(path):
    """The hex sha256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
