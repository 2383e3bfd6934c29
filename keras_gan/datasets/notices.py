"""Warnings that point at the user's line, however deep the library found out."""

import inspect
import os
import pathlib
import warnings

_PACKAGE = f"{pathlib.Path(__file__).parents[1]}{os.sep}"


def warn(message):
    """Warn (`UserWarning`) at the innermost line outside of `keras_gan`."""
    level, frame = 2, inspect.currentframe().f_back
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, stacklevel=level)
