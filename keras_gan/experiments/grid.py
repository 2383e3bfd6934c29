"""Grids of variants: every combination of the values that entries of a config take."""

import itertools
import json
import re
from collections.abc import Iterable
from typing import NamedTuple


class Variant(NamedTuple):
    """A variant of a game: the entries of its config that are set, in order.

    Attributes:
        name: str, the values that tell it from others: "hinge, 64"; or "as it is".
        settings: tuple of str, "ENTRY=VALUE" as `keras-gan train --set` takes them.
        values: dict, the entries that vary, and their values as text.
    """

    name: str
    settings: tuple[str, ...]
    values: dict[str, str]


def axes(texts: Iterable[str]) -> dict[str, list[str]]:
    """Axes of a grid: entries and the values of each, of "ENTRY=VALUE,VALUE,...".

    A comma within brackets, braces or quotes belongs to its value.

    Raises:
        ValueError: for another form, an entry twice, or one value twice.

    >>> axes(["compile.loss=hinge,minimax", "model.generator.widths=[8,8],[16]"])
    {'compile.loss': ['hinge', 'minimax'], 'model.generator.widths': ['[8,8]', '[16]']}
    """
    found = {}
    for text in texts:
        entry, equals, values = text.partition("=")
        listed = [value.strip() for value in _split(values)]
        if not equals or not entry.strip() or not all(listed):
            raise ValueError(
                "--set is ENTRY=VALUE,VALUE,..., such as compile.loss=hinge,minimax. "
                f"Received: {text}"
            )
        if entry in found:
            raise ValueError(
                f"{entry} is set twice. Give all of its values at once: "
                f"{entry}={','.join([*found[entry], *listed])}"
            )
        twice = sorted({value for value in listed if listed.count(value) > 1})
        if twice:
            raise ValueError(f"{entry} has the value {twice[0]} twice.")
        found[entry] = listed
    return found


def _split(text):
    """Parts of a text between its commas outside of brackets and quotes."""
    parts, depth, quoted = [""], 0, False
    for sign in text:
        if sign == '"':
            quoted = not quoted
        elif not quoted:
            depth += (sign in "[{") - (sign in "]}")
        if sign == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def variants(found: dict[str, list[str]]) -> list[Variant]:
    """Variants of all combinations of `axes`, the last entry varying fastest.

    >>> [variant.name for variant in variants({"a": ["x", "y"], "b": ["1"]})]
    ['x', 'y']
    """
    varying = [entry for entry, values in found.items() if len(values) > 1]
    made = []
    for values in itertools.product(*found.values()):
        chosen = dict(zip(found, values, strict=True))
        told = {entry: chosen[entry] for entry in varying}
        name = ", ".join(_short(value) for value in told.values()) or "as it is"
        settings = tuple(f"{entry}={value}" for entry, value in chosen.items())
        made.append(Variant(name, settings, told))
    return made


def _short(value):
    """A value as it is said: of an object its class and arguments."""
    try:
        found = json.loads(value)
    except json.JSONDecodeError:
        return value
    if isinstance(found, list):
        return "[" + ", ".join(_short(json.dumps(item)) for item in found) + "]"
    if not isinstance(found, dict) or "class_name" not in found:
        return found if isinstance(found, str) else value
    arguments = found.get("config", {})
    inner = ", ".join(f"{key}={item}" for key, item in arguments.items())
    return f"{found['class_name'].removeprefix('keras_gan>')}({inner})"


def folder_name(text: str) -> str:
    """A text as the name of a folder: letters, digits, dots and dashes.

    >>> folder_name("R1(gamma=0.5), [8, 8]")
    'R1-gamma-0.5-8-8'
    """
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.") or "run"
