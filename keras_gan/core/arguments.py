"""Checks of arguments that networks and layers share."""

import operator


def check_positive(value, name):
    """Return `value` as an int, or raise a ValueError if it is none of at least 1."""
    try:
        number = operator.index(value)
    except (TypeError, AttributeError):  # a tensor of floats raises the latter
        number = 0
    if isinstance(value, bool) or number < 1:
        raise ValueError(
            f"{name} holds integers of at least 1. Received: {name}={value!r}."
        )
    return number
