"""What stored numbers depend on besides their config: versions, compared on load."""

import warnings

import keras
import tensorflow as tf

import keras_gan


def current():
    """Name -> version of keras_gan, Keras and TensorFlow."""
    return {
        "keras_gan": keras_gan.__version__,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
    }


def warn(path, stored, now, consequence):
    """Warn if something was written under other versions.

    Args:
        path: what was written.
        stored, now: dicts, name -> version or another property.
        consequence: str, what follows from it.
    """
    names = sorted(set(stored) | set(now))
    changes = ", ".join(
        f"{name} {stored.get(name)} -> {now.get(name)}"
        for name in names
        if stored.get(name) != now.get(name)
    )
    if changes:
        warnings.warn(
            f"{path} was written under other versions ({changes}): {consequence}.",
            stacklevel=4,
        )
