"""Covariance matrices: what is one, and its factor L with covariance = L L^T."""

import numpy as np


def factor(covariance, dim, name="covariance"):
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


def as_floats(values, name):
    """`values` as a float64 array, or a ValueError if they are not all finite numbers.

    Example:

    >>> as_floats([1, 2], "mean")
    array([1., 2.])
    """
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds finite numbers. Received: {values!r}.")
    return array
