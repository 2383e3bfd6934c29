"""Covariance matrices: what is one, and its factor L with covariance = L L^T."""

import reprlib

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

LARGEST = 1e36  # float32 ends at 3.4e38, and a sample may be some deviations away


def factor(covariance: ArrayLike, dim: int, name: str = "covariance") -> np.ndarray:
    """The lower-triangular L of Cholesky with L L^T = covariance: mu + L z ~ N(mu, it).

    Args:
        covariance: array (dim, dim), symmetric and positive definite, or (dim,), the
            variances of independent coordinates.
        dim: int >= 1.
        name: what to call it in errors.

    Returns:
        float64 array (dim, dim).

    Raises:
        ValueError: for another shape, values that are not finite, a matrix that is not
            symmetric, or one that is not positive definite.

    Example:

    >>> factor([[4.0, 2.0], [2.0, 2.0]], 2).tolist()
    [[2.0, 0.0], [1.0, 1.0]]
    """
    matrix = as_floats(covariance, name)
    if matrix.shape == (dim,):
        matrix = np.diag(matrix)
    if matrix.shape != (dim, dim):
        raise ValueError(
            f"{name} is a matrix ({dim}, {dim}), or {dim} variances. "
            f"Received: shape {matrix.shape}."
        )
    if not np.allclose(matrix, matrix.T, rtol=1e-6, atol=1e-9 * abs(matrix).max()):
        row, column = np.unravel_index(np.argmax(abs(matrix - matrix.T)), matrix.shape)
        raise ValueError(
            f"{name} is symmetric. Received: {matrix[row, column]:g} at "
            f"[{row}, {column}], but {matrix[column, row]:g} at [{column}, {row}]. "
            "Pass (c + c.T) / 2 if the difference is rounding."
        )
    matrix = (matrix + matrix.T) / 2
    eigenvalues = np.linalg.eigvalsh(matrix)
    if eigenvalues[0] <= dim * np.finfo(float).eps * abs(eigenvalues).max():
        raise ValueError(
            f"{name} is positive definite: all eigenvalues (variances along its axes) "
            f"lie above 0. Received: one whose smallest is {eigenvalues[0]:.3g}. Add a "
            "small multiple of the identity, or leave out coordinates that are "
            "functions of others."
        )
    return np.linalg.cholesky(matrix)


def as_floats(
    values: ArrayLike, name: str, dtype: DTypeLike = np.float64
) -> np.ndarray:
    """`values` as a float array, or a ValueError if they are not all finite numbers.

    Numbers beyond `LARGEST` are refused too: what is made of them would be Inf.

    Example:

    >>> as_floats([1, 2], "mean")
    array([1., 2.])
    """
    array = real_array(values, name)
    check_finite(array, name)
    return array.astype(dtype, copy=False)


def real_array(values: ArrayLike, name: str) -> np.ndarray:
    """`values` as a float32 or float64 array; a ValueError where they are no numbers.

    Text, dates and complex numbers are none: NumPy would read the first two as numbers,
    and leave out a part of the third.

    Example:

    >>> real_array([1, 2], "mean").dtype
    dtype('float64')
    """
    try:
        if isinstance(values, np.ma.MaskedArray):
            values = np.ma.filled(values.astype(np.float64), np.nan)  # what is missing
        array = np.asarray(values)
        if array.dtype in (np.float32, np.float64):
            return array
        if array.dtype.kind in "cSUMm":
            raise TypeError
        with np.errstate(over="ignore"):
            return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(
            f"{name} holds finite numbers. Received: {reprlib.repr(values)}. Pass an "
            "array of floats, or lists of one length."
        ) from None


def check_finite(array: np.ndarray, name: str) -> None:
    """Raise a ValueError where numbers are NaN, Inf, or larger than `LARGEST`."""
    wrong = ~(abs(array) <= LARGEST)
    if not wrong.any():
        return
    where = tuple(int(i) for i in np.argwhere(wrong)[0])
    received = f"{array[where]:g}" + (f" at index {where}" if where else "")
    if not np.isfinite(array[where]):
        raise ValueError(f"{name} holds finite numbers. Received: {received}.")
    raise ValueError(
        f"{name} holds numbers of at most {LARGEST:g}, whose squares and products are "
        f"finite. Received: {received}. Divide by a unit that is larger."
    )
