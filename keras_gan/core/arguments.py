"""Checks of arguments, and the error that names the argument."""

import math
import operator
from collections.abc import Collection
from typing import Any


class ArgumentError(ValueError):
    """A value that an argument does not take.

    Args:
        message: str.
        argument: str, the name of the argument that another value is asked for.
    """

    def __init__(self, message: str, argument: str) -> None:
        super().__init__(message, argument)  # both, so that it can be pickled
        self.argument = argument

    def __str__(self) -> str:
        return self.args[0]


def is_number(value: Any) -> bool:
    """Whether a value is a finite int or float, and no bool.

    >>> [is_number(value) for value in (3, 0.5, True, "3", float("nan"), 10**400)]
    [True, True, False, False, False, False]
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that no float holds
        return False


def is_integer(
    value: Any, minimum: int | None = None, maximum: int | None = None
) -> bool:
    """Whether a value is an integer in a range: an int, or a scalar of NumPy or
    TensorFlow, but no bool and no float.

    >>> [is_integer(value, minimum=1) for value in (3, 3.0, True, "3", 0)]
    [True, False, False, False, False]
    """
    if isinstance(value, bool):
        return False
    try:
        number = operator.index(value)
    except (TypeError, AttributeError):  # a tensor of floats raises the latter
        return False
    return (minimum is None or number >= minimum) and (
        maximum is None or number <= maximum
    )


def check_integer(
    value: Any,
    name: str,
    minimum: int | None = None,
    maximum: int | None = None,
    hint: str = "",
) -> int:
    """Return an integer in a range as an int, or raise.

    Args:
        value: see `is_integer`.
        name: str, the name of the argument.
        minimum, maximum: int, or None for no bound.
        hint: str, a sentence on why, or on what to do.

    Raises:
        ArgumentError: saying what was received and what was expected.

    Example:

    >>> check_integer(3, "steps", minimum=1)
    3
    """
    if not is_integer(value, minimum, maximum):
        raise ArgumentError(
            f"{name} is an integer{_bounds(minimum, maximum)}. Received: "
            f"{name}={value!r}.{hint and ' '}{hint}",
            name,
        )
    return operator.index(value)


def check_integers(
    values: Collection[Any], name: str, minimum: int | None = None
) -> tuple[int, ...]:
    """Return integers of at least `minimum` as a tuple of ints, or raise.

    Raises:
        ArgumentError: as `check_integer`.
    """
    if not all(is_integer(value, minimum) for value in values):
        raise ArgumentError(
            f"{name} holds integers{_bounds(minimum, None)}. Received: "
            f"{name}={values!r}.",
            name,
        )
    return tuple(operator.index(value) for value in values)


def _bounds(minimum, maximum):
    if minimum is not None and maximum is not None:
        return f" from {minimum} to {maximum}"
    if minimum is not None:
        return f" of at least {minimum}"
    return "" if maximum is None else f" of at most {maximum}"
