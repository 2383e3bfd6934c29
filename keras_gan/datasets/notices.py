"""Warnings that point at the user's line, however deep the library found out."""

import inspect
import os
import pathlib
import warnings

import keras

_told = set()
# Keras too, which calls callbacks and steps
_PACKAGES = tuple(
    f"{folder}{os.sep}"
    for folder in (
        pathlib.Path(__file__).parents[1],
        pathlib.Path(keras.__file__).parent,
    )
)


def warn(message):
    """Warn (`UserWarning`) at the innermost line outside of `keras_gan` and Keras."""
    level, frame = 2, inspect.currentframe().f_back
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGES):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, stacklevel=level)


def warn_once(key, message):
    """A warning of one thing, once in a process however often it is met.

    Python too shows a warning once for each place by default, but begins anew whenever
    a filter changes, as it does in each run of Keras. Filters that ask for every
    warning have every one.

    Args:
        key: hashable, what the warning is of.
        message: str.
    """
    if key in _told and not _all_are_asked_for(message):
        return
    _told.add(key)
    warn(message)


def _all_are_asked_for(message):
    """Whether the first filter that meets a UserWarning shows, or raises, each."""
    for action, text, category, module, line in warnings.filters:
        general = module is None and line == 0 and issubclass(UserWarning, category)
        if general and (text is None or text.match(message)):
            return action in ("always", "error")
    return False
