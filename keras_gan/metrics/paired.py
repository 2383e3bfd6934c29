"""Paired errors: each sample against the one that it is paired with."""

import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.covariance import as_floats
from keras_gan.core.typing import Tensor, TensorLike
from keras_gan.metrics.checks import as_tensor


def squared_distances(real: ArrayLike, fake: ArrayLike) -> np.ndarray:
    """||x - x'||^2 of each pair, in float64: two arrays (n, ...) -> (n,).

    Raises:
        ValueError: for two shapes that are not equal, no samples, or values that are
            not finite.
    """
    real, fake = as_floats(real, "real"), as_floats(fake, "fake")
    if real.ndim < 2 or real.shape != fake.shape or len(real) < 1:
        raise ValueError(_pairs(real.shape, fake.shape))
    return np.square(real - fake).sum(axis=tuple(range(1, real.ndim)))


def squared_distances_of_batch(real: TensorLike, fake: TensorLike) -> Tensor:
    """The same of two tensors (batch, ...), in float32, inside a graph.

    Raises:
        ValueError: for shapes that are known and not equal, which would be broadcast.
    """
    real, fake = (
        ops.cast(as_tensor(samples, "A metric of pairs"), "float32")
        for samples in (real, fake)
    )
    if len(real.shape) < 2 or not real.shape.is_compatible_with(fake.shape):
        raise ValueError(_pairs(real.shape, fake.shape))
    return ops.sum(ops.square(real - fake), axis=tuple(range(1, len(real.shape))))


def finite(value: Tensor, name: str) -> Tensor:
    """The value of a metric; a ValueError where it is NaN or Inf, outside of graphs."""
    if tf.executing_eagerly() and not np.isfinite(value):
        raise ValueError(
            f"{name} saw samples of NaN or Inf, or so far apart that their squares are "
            f"no float32 numbers. Received: a value of {float(value)}. Look at the "
            "samples (gan.sample)."
        )
    return value


def _pairs(real, fake):
    return (
        "Pairs are two arrays of the same shape (n, ...), n >= 1. Received: "
        f"{tuple(real)} and {tuple(fake)}."
    )
