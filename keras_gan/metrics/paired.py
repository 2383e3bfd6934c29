"""The error of each sample against the one that it is paired with."""

import numpy as np
from keras import ops


def squared_distances(real, fake):
    """||x - x'||^2 of each pair, in float64: two arrays (n, ...) -> (n,).

    Raises:
        ValueError: for two shapes that are not equal, no samples, or values that are
            not finite.
    """
    real, fake = np.asarray(real, np.float64), np.asarray(fake, np.float64)
    if real.ndim < 2 or real.shape != fake.shape or len(real) < 1:
        raise ValueError(
            "Pairs are two arrays of the same shape (n, ...), n >= 1. Received: "
            f"{real.shape} and {fake.shape}."
        )
    if not (np.isfinite(real).all() and np.isfinite(fake).all()):
        raise ValueError("Samples are finite. Received: NaN or Inf.")
    return np.square(real - fake).sum(axis=tuple(range(1, real.ndim)))


def squared_distances_of_batch(real, fake):
    """The same of two tensors (batch, ...), in float32, inside a graph."""
    away = ops.cast(real, "float32") - ops.cast(fake, "float32")
    return ops.sum(ops.square(away), axis=tuple(range(1, len(away.shape))))
