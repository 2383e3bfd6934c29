"""Extractors of this package that a config names, and that are made again from it."""

import functools
import inspect
import os
from collections.abc import Callable
from typing import Any

from keras_gan.saving import size_limit

_MAKERS: dict[str, Callable[..., Any]] = {}


def named_in_configs(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that makes a `Network`, whose config is its name and its arguments.

    The layers of a network of hundreds are no use in a config without their weights,
    which a file of the package or of the user has. (Not for weights that would have to
    be downloaded while a game is loaded.)
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def make(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        network = function(*bound.args, **bound.kwargs)
        network.made_by = {
            "made_by": function.__name__,
            "arguments": {
                name: os.fspath(value) if isinstance(value, os.PathLike) else value
                for name, value in bound.arguments.items()
            },
        }
        return network

    _MAKERS[function.__name__] = make
    return make


def make_again(config: dict[str, Any]) -> Any:
    """The extractor of such a config.

    Raises:
        ValueError: for a name of none.
    """
    name = config["made_by"]
    if name not in _MAKERS:
        raise ValueError(
            f"A config names an extractor of {sorted(_MAKERS)}. Received: {name!r}. "
            "A later version of keras_gan may have written it: install that."
        )
    with size_limit.not_counted():
        return _MAKERS[name](**config["arguments"])
