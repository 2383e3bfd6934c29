"""Configs: a run as one readable JSON of model, compile, data, epochs and seed.

Objects are written as Keras writes them, `{"class_name": ..., "config": {...}}`. What
is written by the package holds every argument, so that a default that changes changes
no old game; what people write may leave out what has its default value. Only
keras_gan's registered classes and known parts of Keras may be named (`known_classes`);
nothing in a config is ever executed.
"""

import contextlib
import copy
import difflib
import inspect
import json
import math
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from keras_gan.core.arguments import ArgumentError
from keras_gan.saving import entries, known_classes, size_limit
from keras_gan.saving.objects import (
    PREFIX,
    SHAPES,
    brief,
    defaults_of,
    own_classes,
    whole,
)

# What comes out of Keras for an entry that is wrong inside.
ERRORS = (
    *(TypeError, KeyError, AttributeError, IndexError),
    *(OverflowError, RuntimeError, MemoryError, tf.errors.OpError),
)


def check(config: Any) -> None:
    """Raise unless a run's config has known entries and names known classes only.

    Raises:
        ValueError: naming the entry, with the nearest known ones.
    """
    entries.check(config)
    size_limit.check_config(config)
    _check_classes(config.get("model"), "model")
    _check_classes(config.get("compile"), "compile")


def _check_classes(value, where):
    if isinstance(value, list):
        for index, item in enumerate(value):
            _check_classes(item, f"{where}[{index}]")
        return
    if isinstance(value, float):
        endless = math.isinf(value) and where.startswith("compile")  # no rate is
        if math.isnan(value) or endless:
            raise ValueError(f"{where} is a finite number. Received: {value}.")
    if not isinstance(value, dict):
        return
    if "class_name" in value:
        _check_class(value, where)
    for key, item in value.items():
        _check_classes(item, f"{where}.{key}")


def _check_class(value, where):
    name, module = value["class_name"], value.get("module")
    registered = value.get("registered_name") or name
    if isinstance(registered, str) and registered.startswith(PREFIX):
        if registered in own_classes():
            _check_is_object(value, where)
            _check_arguments(own_classes()[registered], value.get("config"), where)
            return
        own = sorted(n.removeprefix(PREFIX) for n in own_classes())
        wanted = registered.removeprefix(PREFIX)
        near = difflib.get_close_matches(wanted, own, n=3, cutoff=0.3) or own
        raise ValueError(
            f"{where} names {registered!r}, which keras_gan does not have. Did you "
            f"mean {', '.join(near)}?"
        )
    if known_classes.is_known(module, name) and registered == name:
        _check_is_object(value, where)
        return
    raise ValueError(
        f"{where} names {name!r} from {module!r}. A config may name keras_gan's "
        f'classes ("{PREFIX}MLPGenerator") and Keras\' layers, operations, optimizers '
        'and the like ("module": "keras.layers") only, none that run code.'
    )


def _check_is_object(value, where):
    if not isinstance(value.get("config", {}), dict):
        raise ValueError(
            f"{where}.config is a JSON object of arguments. Received: "
            f"{entries.kind(value['config'])}."
        )


def _check_arguments(cls, arguments, where):
    """Networks pass arguments on to Keras, which ignores those it does not know."""
    parameters = inspect.signature(cls.__init__).parameters.values()
    named = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD][1:]
    others = {"name", "trainable", "dtype"}
    others.update(getattr(cls, "config_entries", ()))
    if "ema_decay" in named:  # a model
        others.add("frozen")
    unknown = sorted(set(arguments or ()) - {*named, *others})
    if unknown:
        near = difflib.get_close_matches(unknown[0], named, n=1, cutoff=0)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"{where}.config has {unknown[0]!r}, which {cls.__name__} does not take."
            f"{hint} It takes: {', '.join(named) or 'nothing'}."
        )


def of_game(game: keras.Model) -> dict[str, Any]:
    """The config of a compiled game, whole: its "model" and "compile" entries.

    Of an optimizer it says the learning rate that it was compiled with.

    Raises:
        ValueError: for a game of other classes than a config may name.
    """
    rules = {**game.get_compile_config(), **game.optimizer_configs}
    config = {
        "model": whole(keras.saving.serialize_keras_object(game)),
        "compile": {name: whole(value) for name, value in rules.items()},
    }
    check(config)  # what is written can be read
    return config


def shown(config: dict[str, Any]) -> dict[str, Any]:
    """A config without what has its default value, to be looked at."""
    model = brief(config["model"])
    family = own_classes().get(model["class_name"])
    defaults = _default_rules(family) if family else {}
    rules = {k: brief(v) for k, v in config.get("compile", {}).items()}
    rules = {
        k: v
        for k, v in rules.items()
        if v != (list(d) if isinstance(d := defaults.get(k, ...), tuple) else d)
    }
    return {**config, "model": model, "compile": rules}


def _default_rules(family):
    """The value of a rule that `compile` is not given: the family's own, or GAN's."""
    found = {}
    for cls in reversed(family.__mro__):
        if "compile" in vars(cls):
            found.update(defaults_of(cls.compile))
    return found


def _open_shapes(config):
    """The arguments of each network that leave a shape to the data, and its name."""
    for part in config["model"].get("config", {}).values():
        arguments = part.get("config", {}) if isinstance(part, dict) else {}
        yield from ((arguments, n) for n in SHAPES if arguments.get(n, 0) is None)


def needs_shape(config: dict[str, Any]) -> bool:
    """Whether the config leaves a shape to the data ("image_shape": null)."""
    return any(True for _ in _open_shapes(config))


def with_shape(config: dict[str, Any], sample_shape: Sequence[int]) -> dict[str, Any]:
    """A copy of the config in which each shape is filled in where it is null."""
    config = copy.deepcopy(config)
    for arguments, name in list(_open_shapes(config)):
        arguments[name] = list(sample_shape)
    return config


def needs_classes(config: dict[str, Any]) -> bool:
    """Whether the config leaves the number of classes to the data, by null."""
    parts = config["model"].get("config", {})
    return "num_classes" in parts and parts["num_classes"] is None


def with_classes(config: dict[str, Any], num_classes: int) -> dict[str, Any]:
    """A copy of a config for another number of classes, in the game and its networks.

    Their names and shares, which were those of other classes, are left out.
    """
    config = copy.deepcopy(config)
    parts = config["model"]["config"]
    inner = [part.get("config") for part in parts.values() if isinstance(part, dict)]
    for arguments in (parts, *inner):
        if isinstance(arguments, dict) and "num_classes" in arguments:
            arguments["num_classes"] = num_classes
    for name in ("class_names", "class_probabilities"):
        parts.pop(name, None)
    return config


def build(config: dict[str, Any], base: type[keras.Model] = keras.Model) -> keras.Model:
    """The compiled game that a config describes, from the weights its seed draws.

    Args:
        config: dict as `check` accepts it, with every shape filled in.
        base: the class that the game must be an instance of.

    Raises:
        ValueError: for a config that does not describe such a game, with the entry.
    """
    check(config)
    kind = own_classes().get(config["model"]["class_name"], keras.Model)
    if not issubclass(kind, base):
        raise ValueError(
            f"The config describes a {kind.__name__}; expected {base.__name__}."
        )
    seed = config.get("seed", 0)
    keras.utils.set_random_seed(seed)
    model = copy.deepcopy(config["model"])
    model["config"].setdefault("seed", seed)
    model["config"].setdefault("name", None)
    game = _naming(model, "model", keras.saving.deserialize_keras_object)
    if not isinstance(game, base):
        raise ValueError(
            f"The config describes a {type(game).__name__}; expected {base.__name__}."
        )
    rules = config.get("compile", {})
    _check_rules(type(game), rules)
    _naming(rules, "compile", game.compile_from_config)
    return game


def _naming(value, where, build):
    """The result of `build` on a copy of an entry, or an error that names the entry.

    Keras says what is wrong, and not where: the innermost object that cannot be built
    by itself is it, or the entry without which the rest can be built.
    """
    try:
        return build(copy.deepcopy(value))  # Keras writes into an optimizer's
    except (size_limit.TooLargeError, ArgumentError):  # which names the argument
        raise
    except (ValueError, *ERRORS) as error:
        found = _wrong_object(value, where)
        entry, reason = found or (_wrong_entry(value, where, build), error)
        if entry is None:
            raise
        raise ValueError(f"{entry}: {cause(reason)}") from error


def _wrong_object(value, where):
    """(path, error) of the innermost object that cannot be built; None if all can."""
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, item in items:
        inner = f"{where}[{key}]" if isinstance(value, list) else f"{where}.{key}"
        found = _wrong_object(item, inner)
        if found is not None:
            return found
    if isinstance(value, dict) and "class_name" in value and where != "model":
        try:
            keras.saving.deserialize_keras_object(copy.deepcopy(value))
        except size_limit.TooLargeError:
            raise
        except (ValueError, *ERRORS) as error:
            entry = _wrong_entry(value, where, keras.saving.deserialize_keras_object)
            return (entry or where), error
    return None


def _wrong_entry(value, where, build):
    """The path of the entry without which an object can be built, or None."""
    entries_of = value["config"] if "class_name" in value else value
    for name in entries_of:
        others = {k: v for k, v in entries_of.items() if k != name}
        rest = {**value, "config": others} if "class_name" in value else others
        with contextlib.suppress(ValueError, *ERRORS):
            build(copy.deepcopy(rest))
            inner = f"{where}.config" if "class_name" in value else where
            return f"{inner}.{name}"
    return None


def _check_rules(family, rules):
    """Raise a ValueError for a rule that `compile` does not take."""
    taken = []
    for cls in family.__mro__:
        if "compile" in vars(cls):
            parameters = inspect.signature(cls.compile).parameters.values()
            named = (
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                inspect.Parameter.KEYWORD_ONLY,
            )
            taken += [p.name for p in parameters if p.kind in named][1:]
            if all(p.kind is not p.VAR_KEYWORD for p in parameters):
                break  # else the rest goes to the class before
    unknown = sorted(set(rules) - set(taken))
    if unknown:
        near = difflib.get_close_matches(unknown[0], taken, n=1, cutoff=0)[0]
        raise ValueError(
            f"compile has {unknown[0]!r}, which is no rule of {family.__name__}. Did "
            f"you mean {near!r}? The rules are {', '.join(taken)}."
        )


def cause(error: Exception) -> str:
    """The cause of an error in an entry; Keras wraps it in the whole config."""
    if isinstance(error, KeyError):
        return f"the entry {error} is missing."
    return str(error).rsplit("Exception encountered: ", 1)[-1]


def dumps(config: dict[str, Any]) -> str:
    """JSON text with short lists and objects on one line, to be read by people."""
    return _layout(config, "") + "\n"


def _layout(value, indent):
    line = json.dumps(value)
    if not isinstance(value, dict | list) or len(line) + len(indent) <= 72:
        return line
    inner = indent + "  "
    if isinstance(value, list):
        rows = [_layout(item, inner) for item in value]
        opening, closing = "[]"
    else:
        rows = [f"{json.dumps(k)}: {_layout(v, inner)}" for k, v in value.items()]
        opening, closing = "{}"
    body = ",\n".join(inner + row for row in rows)
    return f"{opening}\n{body}\n{indent}{closing}"
