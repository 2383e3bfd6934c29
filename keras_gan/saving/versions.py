"""The versions that something was saved by, and what is said where they differ."""

import os
import warnings
from typing import Any

import keras
import tensorflow as tf

import keras_gan


def now() -> dict[str, str]:
    """Name -> version of what a preset is read and written by."""
    return {
        "keras_gan": keras_gan.__version__,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
    }


def check(stored: Any, path: str | os.PathLike, what: str = "preset") -> None:
    """Warn if a preset was saved by versions that differ in their first two numbers.

    Those of one number differ by corrections only. A version that is not stored is not
    compared.

    Args:
        stored: what the metadata say, name -> version, or None.
        path: of the metadata, for messages.
        what: str, what was saved.

    Raises:
        ValueError: if `stored` is no such dict.
    """
    if stored is None:
        return
    said = stored.values() if isinstance(stored, dict) else [None]
    if not all(isinstance(version, str) and len(version) < 100 for version in said):
        raise ValueError(
            f'{path}: "versions" has a text for each of {", ".join(now())}. '
            f"Received: {repr(stored)[:200]}."
        )
    differing = {
        name: (stored[name], version)
        for name, version in now().items()
        if name in stored and _first_two(stored[name]) != _first_two(version)
    }
    if not differing:
        return
    changes = ", ".join(f"{k} {was} -> {is_}" for k, (was, is_) in differing.items())
    mend = ""
    if "keras_gan" in differing and _is_newer(*differing["keras_gan"]):
        mend = " It is newer than this keras_gan: upgrade it if the game differs."
    warnings.warn(
        f"The {what} of {path} was saved by other versions ({changes}): samples, and a "
        f"training that goes on, may differ in their bits.{mend}",
        stacklevel=5,
    )


def warn(
    path: str,
    stored: dict[str, Any],
    now: dict[str, Any],
    consequence: str,
) -> None:
    """Warn if something was written under versions that differ in anything.

    Args:
        path: what was written.
        stored, now: dicts, name -> version or another property.
        consequence: str, what follows from it.
    """
    changes = ", ".join(
        f"{name} {stored.get(name)} -> {now.get(name)}"
        for name in sorted(set(stored) | set(now))
        if stored.get(name) != now.get(name)
    )
    if changes:
        warnings.warn(
            f"{path} was written under other versions ({changes}): {consequence}.",
            stacklevel=4,
        )


def _first_two(version):
    return version.split(".")[:2]


def _is_newer(version, other):
    pairs = [[int(n) for n in _first_two(v) if n.isdecimal()] for v in (version, other)]
    return pairs[0] > pairs[1]
