"""Numbers that are no longer numbers, and the error that names them."""

import numpy as np


class NonFiniteError(ArithmeticError):
    """The error for a non-finite number (NaN or Inf); it names whose and the step."""


def first_non_finite(arrays: dict[str, np.ndarray]) -> str | None:
    """The key of the first array that holds NaN or Inf, or None.

    Args:
        arrays: dict, key -> NumPy array of any type.

    >>> first_non_finite({"a": np.ones(2), "b": np.array([1.0, np.nan])})
    'b'
    """
    for key, array in arrays.items():
        array = np.asarray(array)
        if array.dtype.name.startswith("bfloat"):  # no subtype of NumPy's floats
            array = array.astype("float32")
        if np.issubdtype(array.dtype, np.inexact) and not np.isfinite(array).all():
            return key
    return None
