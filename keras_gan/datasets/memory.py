"""Memory: how much there is, and what asks for more than that."""

import contextlib
import os
import pathlib

from keras_gan.core.arguments import ArgumentError

CGROUP = pathlib.Path("/sys/fs/cgroup/memory.max")
MEMINFO = pathlib.Path("/proc/meminfo")


def available_memory():
    """The bytes this process can have at most, or None where that is not known.

    On Linux, what is available now and in swap; elsewhere what the machine has.
    """
    found = []
    with contextlib.suppress(AttributeError, ValueError, OSError):  # not on Windows
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with contextlib.suppress(OSError, ValueError, KeyError):
        lines = [line.split() for line in MEMINFO.read_text().splitlines()]
        sizes = {name: 1024 * int(size) for name, size, *_ in lines}
        found = [sizes["MemAvailable:"] + sizes["SwapFree:"]]
    with contextlib.suppress(OSError, ValueError):
        found.append(int(CGROUP.read_text()))  # of a container; "max" without limit
    return min(found, default=None)


def check_memory(what, needed, mend, argument=None):
    """Raise before something is allocated that cannot be held.

    Args:
        what: str, the beginning of the error: what would take the memory.
        needed: int, bytes.
        mend: str, what to do instead.
        argument: str, the name of the argument that would be smaller, or None.

    Raises:
        ValueError: if `needed` is more than there is.
    """
    there = available_memory()
    if there is not None and needed > there:
        message = (
            f"{what} would take {in_words(needed)} of memory. There are "
            f"{in_words(there)}. {mend}"
        )
        raise ArgumentError(message, argument) if argument else ValueError(message)


def in_words(size):
    """A number of bytes to three digits: "4.2 GB", "1000 TB"."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size = size / 1000 if size < 10**300 else size // 1000  # of any length
    if size >= 10**15:
        return "more than 10^15 TB"
    return f"{size:.3g} TB" if size < 1000 else f"{size:.0f} TB"
