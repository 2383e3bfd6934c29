"""Checks of features: what the metrics ask of them before they compute."""

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core.covariance import LARGEST, real_array
from keras_gan.core.typing import Tensor, TensorLike

ROWS = 2048  # rows that are looked at, or multiplied, at a time


def chunks(count: int, rows: int = ROWS) -> list[slice]:
    """Slices that cover range(count), of at most `rows` each."""
    return [slice(start, start + rows) for start in range(0, count, rows)]


def rows_of(values: ArrayLike, name: str, at_least: int = 1) -> np.ndarray:
    """`values` as an array (n, dim) of finite floats.

    float32 and float64 stay as they are, so that a large array is not copied; the
    metrics compute in float64, chunk by chunk.

    Raises:
        ValueError: for another shape, fewer than `at_least` rows, or values that are
            not finite or larger than `LARGEST`.

    Example:

    >>> rows_of([[1, 2]], "features").dtype
    dtype('float64')
    """
    array = real_array(values, name)
    if array.ndim != 2 or array.shape[1] < 1:
        raise ValueError(
            f"{name} has the shape (samples, features). Received: {array.shape}. "
            "Flatten samples with samples.reshape(len(samples), -1), or pass them "
            "through an extractor of keras_gan.metrics.features."
        )
    if len(array) < at_least:
        raise ValueError(
            f"{name} has at least {at_least} rows here. Received: {len(array)}."
        )
    for rows in chunks(len(array)):
        largest = abs(array[rows]).max()  # NaN if one is
        where = f"in rows {rows.start} to {min(rows.stop, len(array)) - 1}"
        if not np.isfinite(largest):
            raise ValueError(
                f"{name} holds finite numbers. Received: NaN or Inf {where}."
            )
        if largest > LARGEST:
            raise ValueError(
                f"{name} holds numbers of at most {LARGEST:g}, whose cubes and sums "
                f"are finite. Received: {largest:g} {where}. Divide all sets that are "
                "compared by the same number."
            )
    return array


def same_features(*named: tuple[ArrayLike, str], at_least: int = 1) -> list[np.ndarray]:
    """Several sets of features, each a pair (values, name), of one dimension.

    Returns:
        A list of arrays (n_i, dim), see `rows_of`.

    Raises:
        ValueError: as `rows_of`, or for sets of different dimensions.
    """
    arrays = [rows_of(values, name, at_least) for values, name in named]
    if len({array.shape[1] for array in arrays}) > 1:
        received = ", ".join(
            f"{name} {array.shape}"
            for array, (_, name) in zip(arrays, named, strict=True)
        )
        raise ValueError(
            f"Sets that are compared have features of one extractor, so of one "
            f"dimension. Received: {received}."
        )
    return arrays


def as_tensor(values: TensorLike, name: str) -> Tensor:
    """`values` as a tensor of real numbers; a ValueError for complex ones and text."""
    tensor = tf.convert_to_tensor(values)
    if tensor.dtype.is_complex or tensor.dtype == tf.string:
        raise ValueError(
            f"{name} takes samples of real numbers. Received: {tensor.dtype.name}. "
            "Pass floats."
        )
    return tensor
