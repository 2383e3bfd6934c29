"""Registered classes: how a string, a config or an instance becomes an object."""

import difflib
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import keras

Registered = TypeVar("Registered", bound=type)
Base = TypeVar("Base")

if keras.backend.backend() != "tensorflow":
    raise ImportError(
        "keras_gan runs on TensorFlow, but keras.json says "
        f'"backend": "{keras.backend.backend()}". Set KERAS_BACKEND=tensorflow.'
    )


def register(cls: Registered) -> Registered:
    """Register a class under the package's name, so that `load_model` finds it."""
    return keras.saving.register_keras_serializable(package="keras_gan")(cls)


def register_in_place_of(replaced: type) -> Callable[[Registered], Registered]:
    """Register a class whose weights are stored as those of a class of Keras.

    Keras files weights under the class's `__name__`. A layer that computes what Keras'
    does, in another way, has a name of its own in Python and in configs, and its
    weights lie where Keras' own layer has them, so that each reads the other's.

    Args:
        replaced: the class of Keras.
    """

    def registered(cls):
        name, cls.__name__ = cls.__name__, replaced.__name__
        register = keras.saving.register_keras_serializable
        return register(package="keras_gan", name=name)(cls)

    return registered


def snake_case(name: str) -> str:
    """`NonSaturating` -> `non_saturating`, `R1` -> `r1`, `WGANGP` -> `wgangp`."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


def resolve(
    identifier: Any, kind: str, base: type[Base], classes: Iterable[type[Base]]
) -> Base:
    """An instance of `base` from a name, a Keras config, or an instance.

    Args:
        identifier: str ("non_saturating" or "NonSaturating"), a dict as written by
            `keras.saving.serialize_keras_object`, or an instance, which is returned.
        kind: str, the word for it in errors ("loss").
        base: the class whose instances are accepted.
        classes: the registered classes that a name may stand for.

    Raises:
        ValueError: naming what was received and the nearest names.
    """
    if isinstance(identifier, base):
        return identifier
    names = {snake_case(cls.__name__): cls for cls in classes}
    if isinstance(identifier, str):
        key = snake_case(identifier)
        if key in names:
            return names[key]()
        near = difflib.get_close_matches(key, names, n=1, cutoff=0.4)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ValueError(
            f"Unknown {kind} {identifier!r}.{hint} The {kind} names are "
            f"{', '.join(sorted(names))}."
        )
    if isinstance(identifier, dict):
        resolved = keras.saving.deserialize_keras_object(identifier)
        if isinstance(resolved, base):
            return resolved
    hint = " (a class: pass an instance)" if isinstance(identifier, type) else ""
    article = "an" if kind[0] in "aeiou" else "a"
    raise ValueError(
        f"Expected {article} {kind}: one of {', '.join(sorted(names))}, an instance of "
        f"keras_gan's {base.__name__}, or its config. Received: {identifier!r}{hint}."
    )
