"""The error of each sample against the one that it is paired with."""

import numpy as np
from keras import ops

from keras_gan.covariance import as_floats


def squared_distances(real, fake):
    """||x - x'||^2 of each pair, in float64: two arrays (n, ...) -> (n,).

    Raises:
        ValueError: for two shapes that are not equal, no samples, or values that are
            not finite.
    """
    real, fake = as_floats(real, "real"), as_floats(fake, "fake")
    if real.ndim < 2 or real.shape != fake.shape or len(real) < 1:
        raise ValueError(_pairs(real.shape, fake.shape))
    return np.square(real - fake).sum(axis=tuple(range(1, real.ndim)))


def squared_distances_of_batch(real, fake):
    """The same of two tensors (batch, ...), in float32, inside a graph.

    Raises:
        ValueError: for shapes that are known and not equal, which would be broadcast.
    """
    real, fake = ops.cast(real, "float32"), ops.cast(fake, "float32")
    if len(real.shape) < 2 or not real.shape.is_compatible_with(fake.shape):
        raise ValueError(_pairs(real.shape, fake.shape))
    return ops.sum(ops.square(real - fake), axis=tuple(range(1, len(real.shape))))


def _pairs(real, fake):
    return (
        "Pairs are two arrays of the same shape (n, ...), n >= 1. Received: "
        f"{tuple(real)} and {tuple(fake)}."
    )
