"""Files with contents on a disk, and no pipes, devices or links to nothing."""

import errno
import os
import stat

from .memory import check_memory

KINDS = (
    (stat.S_ISREG, None),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode), "a device"),
)


def why_not_regular(path):
    """The kind of `path` (links followed) if it is no regular file, else None."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "is a symbolic link that leads back to itself"
        if os.path.islink(path) and isinstance(error, FileNotFoundError):
            return f"is a symbolic link to {os.readlink(path)}, where nothing is"
        return f"cannot be opened: {error.strerror}"
    return _kind(mode)


def _kind(mode):
    for matches, name in KINDS:
        if matches(mode):
            return None if name is None else f"is {name} and no regular file"
    return "is no regular file"


def read_regular(path):
    """The bytes of a regular file; a pipe does not block, and a device does not flood.

    Raises:
        ValueError: if `path` is none, or larger than the memory.
        OSError: if it cannot be read.
    """
    problem = why_not_regular(path)
    if problem is not None:  # opening a device may set it going
        raise ValueError(f"it {problem}")
    # What was a file a moment ago may be a pipe by now, and opening one would wait.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if _kind(status.st_mode) is not None:
            raise ValueError(f"it {_kind(status.st_mode)}")
        check_memory("reading it", status.st_size, "An image is smaller")
        return file.read()
