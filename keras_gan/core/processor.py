"""The processor that a number was computed on."""

import os
import platform


def model() -> str:
    """The processor's name, such as "AMD EPYC 7B13", or its kind where none is told."""
    return _line("model name") or platform.processor() or platform.machine()


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def description() -> str:
    """The cores and the model in words: "2 cores of AMD EPYC 7B13"."""
    number = cores()
    return f"{number} core{'s' if number > 1 else ''} of {model()}"


def vector_instructions() -> list[str]:
    """The vector instructions of the processor, which decide how sums are grouped."""
    wanted = ("avx", "fma", "amx", "neon", "sve", "asimd")
    found = _line("flags", "Features") or ""
    return sorted(flag for flag in found.split() if flag.startswith(wanted))


def _line(*names):
    """The line of Linux' about the processor under one of these names, or None."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            line = next(line for line in file if line.startswith(names))
    except (OSError, StopIteration):
        return None
    return line.split(":", 1)[1].strip()
