"""Entries of a run's config, checked by their form, without Keras.

Whether the classes that are named exist, and take such arguments, is seen when Keras is
there (`saving.configs`).
"""

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

KEYS = (
    "model",
    "compile",
    "data",
    "epochs",
    "steps",
    "seed",
    "from",
    "validation",
    "recipe",
)


def check(config: Any) -> None:
    """Raise unless a config has known entries of the right kind.

    Args:
        config: what a JSON file holds.

    Raises:
        ValueError: naming the entry, with the nearest known one.
    """
    if not isinstance(config, dict):
        raise ValueError(
            f"a config is a JSON object with the entries {', '.join(KEYS)}. Received: "
            f"{kind(config)}."
        )
    refuse_unknown(config, KEYS, "the config")
    if "epochs" in config and "steps" in config:
        raise ValueError(
            'the length of a run is its "epochs" or its "steps". Received both.'
        )
    for key in ("model", "compile", "data", "from", "validation"):
        if key in config and not isinstance(config[key], dict):
            raise ValueError(
                f'"{key}" is a JSON object. Received: {kind(config[key])}.'
            )
    model = config.get("model", {})
    named = isinstance(model.get("class_name"), str)
    if not named or not isinstance(model.get("config"), dict):
        raise ValueError(
            '"model" has a "class_name", such as "keras_gan>GAN", and a "config".'
        )


def refuse_unknown(found: Iterable[str], known: Sequence[str], where: str) -> None:
    """Raise a ValueError for a name that is not known, with the nearest one.

    Args:
        found: iterable of str, such as a dict.
        known: the names that there are.
        where: str, what to call the place in the error.
    """
    unknown = sorted(set(found) - set(known))
    if unknown:
        near = difflib.get_close_matches(unknown[0], known, n=1, cutoff=0)[0]
        raise ValueError(
            f"unknown entry {unknown[0]!r} in {where}. Did you mean {near!r}? The "
            f"entries are {', '.join(known)}."
        )


def kind(value: Any) -> str:
    """The kind of a JSON value in words.

    >>> kind([]), kind(None), kind(3)
    ('a list', 'null', '3')
    """
    words = {list: "a list", str: "a text", type(None): "null"}
    return words.get(type(value), f"{value!r}")
