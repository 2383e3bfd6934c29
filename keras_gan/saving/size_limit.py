"""Bounds on what a config builds: a few bytes can ask for more memory than there is.

How large a network becomes is known when it is built. So each variable's shape is asked
for before it has a value, and the building ends at the first one too many.
"""

import contextlib
import contextvars
import math
import os
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from keras_gan.core import registration
from keras_gan.datasets.memory import available_memory, check_memory, in_words
from keras_gan.saving.hdf5 import Held

# A preset of networks becomes a game that has an average of each, and optimizers with
# three variables for each weight at most.
FOR_EACH = 5
SPARE_NUMBERS, SPARE_VARIABLES = 10_000, 1_000  # counters, positions of Dropouts

MOST_LAYERS = 1_000
MOST_OBJECTS = 10_000
MOST_LEVELS = 100
LONGEST_TEXT = 4_000


_counted = contextvars.ContextVar("counted", default=True)


class TooLargeError(ValueError):
    """The error for a game with more or larger variables than it may have."""


@contextlib.contextmanager
def of_preset(
    metadata: dict[str, Any], held: Held, path: str | os.PathLike
) -> Iterator[None]:
    """A scope in which no more is built than a preset's weights are for.

    Args:
        metadata: dict, of which "parameters" is read: name of a network -> number.
        held: `hdf5.Held`, what the file of weights holds.
        path: of the preset's folder, for messages.

    Raises:
        ValueError: if the metadata speak of more numbers than the file holds.
        TooLargeError: in the scope, by the first variable too many.
    """
    claimed = metadata.get("parameters", {})
    whole = isinstance(claimed, dict) and all(
        type(number) is int and number >= 0 for number in claimed.values()
    )
    if not whole or sum(claimed.values()) > held.numbers:
        raise ValueError(
            f'{path}: "parameters" of the metadata says how many numbers each network '
            f"has, and the weights hold {held.numbers:,} in all. Received: "
            f"{repr(claimed)[:200]}. Save the preset anew."
        )
    with of_weights(held):
        yield


def of_weights(held: Held) -> contextlib.AbstractContextManager[None]:
    """A scope in which no more is built than stored weights are for.

    Args:
        held: `hdf5.Held`, what is stored.

    Raises:
        TooLargeError: in the scope, by the first variable too many.
    """
    return _limited(
        FOR_EACH * held.numbers + SPARE_NUMBERS,
        FOR_EACH * held.arrays + SPARE_VARIABLES,
        f"its weights are {held.numbers:,} numbers in {held.arrays} arrays. The config "
        "is not that of the weights: save them anew.",
    )


@contextlib.contextmanager
def of_memory() -> Iterator[None]:
    """A scope in which no variables are built that the memory cannot hold.

    Raises:
        TooLargeError: in the scope, by the first variable too many.
    """
    there = available_memory()
    numbers = math.inf if there is None else there // 4  # of float32
    with _limited(
        numbers,
        math.inf,
        f"there are {in_words(there or 0)} of memory. Make the networks smaller.",
    ):
        yield


@contextlib.contextmanager
def not_counted() -> Iterator[None]:
    """A scope for what a config names and does not describe, such as a shipped network.

    Its size is known, and its weights are not those of the game.
    """
    token = _counted.set(False)
    try:
        yield
    finally:
        _counted.reset(token)


@contextlib.contextmanager
def _limited(most_numbers, most_variables, reason):
    numbers = variables = 0

    def counting(create, **options):
        nonlocal numbers, variables
        if not _counted.get():
            return create(**options)
        numbers += _size(options["initial_value"])
        variables += 1
        if numbers > most_numbers or variables > most_variables:
            raise TooLargeError(
                f"It describes a game of more than {numbers - 1:,} numbers in "
                f"{variables} variables, but {reason}"
            )
        return create(**options)

    with tf.variable_creator_scope(counting):
        yield


def _size(value):
    """The count of numbers in a first value, or in what a function would make."""
    if not callable(value):
        return math.prod(value.shape)
    try:
        with tf.Graph().as_default():  # in which nothing has a value
            return math.prod(value().shape)
    except RuntimeError:  # it reads other variables, which takes ten times as long
        traced = tf.function(value, autograph=False).get_concrete_function()
        return traced.output_shapes.num_elements()


def check_samples(game: keras.Model) -> None:
    """Raise a ValueError for a game of which one sample is larger than the memory."""
    shape = game.sample_shape()
    if shape is not None and None not in shape:
        sides = " x ".join(str(side) for side in shape)
        check_memory(
            f"One sample of {sides}",
            4 * math.prod(shape),
            "Take a preset of smaller samples.",
        )


def check_config(value: Any) -> None:
    """Raise a ValueError for JSON with more in it than any game's config has."""
    layers = objects = 0
    level, open_ones = 0, [value]
    while open_ones:
        level += 1
        inner = []
        for item in open_ones:
            if isinstance(item, str) and len(item) > LONGEST_TEXT:
                raise ValueError(
                    f"A config has a text of {len(item):,} characters. A name has "
                    f"{LONGEST_TEXT:,} at most. It begins: {item[:40]!r}."
                )
            if isinstance(item, dict):
                objects += "class_name" in item
                layers += _is_layer(item)
                inner += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                inner += item
        for found, most, what in (
            (level, MOST_LEVELS, "levels"),
            (objects, MOST_OBJECTS, "objects"),
            (layers, MOST_LAYERS, "layers"),
        ):
            if found > most:
                raise ValueError(
                    f"A config has {most:,} {what} at most. Received: one with "
                    f"{found:,} or more."
                )
        open_ones = inner


def _is_layer(item):
    if "class_name" not in item:
        return False
    if item.get("module") in ("keras.layers", "keras"):
        return True
    name = item.get("registered_name") or item["class_name"]
    registration.load_all()
    found = keras.saving.get_custom_objects()
    found = found.get(name) if isinstance(name, str) else None
    return isinstance(found, type) and issubclass(found, keras.Layer)
