"""A run as one readable JSON: model, compile, data, epochs, seed.

Objects are written as Keras writes them, `{"class_name": ..., "config": {...}}`, but
brief: what has its default value is left out. Only keras_gan's registered classes and
Keras' own parts may be named; nothing in a config is ever executed.
"""

import copy
import difflib
import inspect
import json
import re

import keras
import numpy as np

from keras_gan.core import registration
from keras_gan.core.registry import snake_case

KEYS = ("model", "compile", "data", "epochs", "seed")
PREFIX = "keras_gan>"
KERAS_MODULES = (
    *("keras", "keras.layers", "keras.models", "keras.initializers"),
    *("keras.optimizers", "keras.optimizers.schedules", "keras.constraints"),
    *("keras.regularizers", "keras.metrics"),
)
BRIEF = ("keras.optimizers", "keras.optimizers.schedules", "keras.initializers")
ALWAYS = ("image_shape",)  # what data a game is for is read without the class
REFUSED = ("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer")


def _own_classes():
    registration.load_all()
    registered = keras.saving.get_custom_objects()
    return {
        name: cls
        for name, cls in registered.items()
        if name.startswith(PREFIX) and isinstance(cls, type)
    }


def check(config):
    """Raise unless a run's config has known entries and names known classes only.

    Raises:
        ValueError: naming the entry, with the nearest known ones.
    """
    if not isinstance(config, dict) or "model" not in config:
        raise ValueError(
            f"A config is a JSON object with the entries {', '.join(KEYS)}; "
            '"model" is required.'
        )
    unknown = sorted(set(config) - set(KEYS))
    if unknown:
        near = difflib.get_close_matches(unknown[0], KEYS, n=1, cutoff=0)
        raise ValueError(
            f"Unknown entry {unknown[0]!r} in the config. Did you mean {near[0]!r}? "
            f"The entries are {', '.join(KEYS)}."
        )
    _check_classes(config.get("model"), "model")
    _check_classes(config.get("compile"), "compile")


def _check_classes(value, where):
    if isinstance(value, list):
        for index, item in enumerate(value):
            _check_classes(item, f"{where}[{index}]")
        return
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
        if registered in _own_classes():
            _check_arguments(_own_classes()[registered], value.get("config"), where)
            return
        own = sorted(n.removeprefix(PREFIX) for n in _own_classes())
        wanted = registered.removeprefix(PREFIX)
        near = difflib.get_close_matches(wanted, own, n=3, cutoff=0.3) or own
        raise ValueError(
            f"{where} names {registered!r}, which keras_gan does not have. Did you "
            f"mean {', '.join(near)}?"
        )
    if module in KERAS_MODULES and name not in REFUSED and registered == name:
        return
    raise ValueError(
        f"{where} names {name!r} from {module!r}. A config may name keras_gan's "
        f'classes ("{PREFIX}MLPGenerator") and Keras\' layers, initializers, '
        'optimizers and the like ("module": "keras.layers") only, none that run code.'
    )


def _check_arguments(cls, arguments, where):
    """Networks pass arguments on to Keras, which ignores those it does not know."""
    parameters = inspect.signature(cls.__init__).parameters.values()
    named = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD][1:]
    unknown = sorted(set(arguments or ()) - {*named, "name", "trainable", "dtype"})
    if unknown:
        near = difflib.get_close_matches(unknown[0], named, n=1, cutoff=0)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"{where}.config has {unknown[0]!r}, which {cls.__name__} does not take."
            f"{hint} It takes: {', '.join(named) or 'nothing'}."
        )


def brief(value):
    """A serialized Keras object without what has its default value.

    Args:
        value: what `keras.saving.serialize_keras_object` returned, or a part of it.

    Returns:
        JSON-serialisable value from which the same object can be built.
    """
    if isinstance(value, list | tuple):
        return [brief(item) for item in value]
    if isinstance(value, float) and float(np.float32(value)) == value:
        return float(str(np.float32(value)))  # 0.001 for 0.0010000000474974513
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__tuple__":
        return brief(value["config"]["value"])
    if "class_name" not in value:
        return {key: brief(item) for key, item in value.items()}
    registered = value.get("registered_name")
    config = {k: brief(v) for k, v in value["config"].items()}
    own = _own_classes().get(registered)
    if own is not None:
        defaults = _defaults(own.__init__)
        if issubclass(own, keras.Model) or config.get("name") == snake_case(
            own.__name__
        ):
            config.pop("name", None)  # Keras' own, or the default
        config = {
            k: v
            for k, v in config.items()
            if k in ALWAYS or v != brief(defaults.get(k, ...))
        }
        return {"class_name": registered, "config": config}
    if (value["module"] or "").split(".")[0] != "keras":
        raise ValueError(
            "A preset and a run's config name classes of keras_gan and Keras only. "
            f"Received: {registered or value['class_name']!r}. Keep a game with "
            'classes of your own by save("gan.keras").'
        )
    cls = getattr(_module(value["module"]), value["class_name"], None)
    if value["module"] in BRIEF and cls:
        defaults = _defaults(cls.__init__)
        config = {k: v for k, v in config.items() if v != defaults.get(k, ...)}
        if re.fullmatch(
            rf"{snake_case(cls.__name__)}(_\d+)?", config.get("name") or ""
        ):
            del config["name"]  # numbered by Keras, in the order of the process
    return {
        "module": value["module"],
        "class_name": value["class_name"],
        "config": config,
    }


def _module(name):
    found = keras
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def _defaults(function):
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def of_game(game):
    """The brief config of a compiled game: its "model" and "compile" entries."""
    model = brief(keras.saving.serialize_keras_object(game))
    defaults = _default_rules(type(game))
    rules = {k: brief(v) for k, v in game.get_compile_config().items()}
    rules = {k: v for k, v in rules.items() if v != brief(defaults.get(k, ...))}
    return {"model": model, "compile": rules}


def _default_rules(family):
    """What `compile` takes for a rule that is not given: the family's own, or GAN's."""
    found = {}
    for cls in reversed(family.__mro__):
        if "compile" in vars(cls):
            found.update(_defaults(cls.compile))
    return found


def needs_shape(config):
    """Whether the config leaves `image_shape` to the data ("image_shape": null)."""
    return any(
        isinstance(part, dict) and part.get("config", {}).get("image_shape", 0) is None
        for part in config["model"].get("config", {}).values()
    )


def with_shape(config, image_shape):
    """A copy of the config in which `image_shape` is filled in where it is null."""
    config = copy.deepcopy(config)
    for part in config["model"]["config"].values():
        if (
            isinstance(part, dict)
            and part.get("config", {}).get("image_shape", 0) is None
        ):
            part["config"]["image_shape"] = list(image_shape)
    return config


def build(config, base=keras.Model):
    """The compiled game that a config describes, from the weights its seed draws.

    Args:
        config: dict as `check` accepts it, with every `image_shape` filled in.
        base: the class that the game must be an instance of.

    Raises:
        ValueError: for a config that does not describe such a game.
    """
    check(config)
    seed = config.get("seed", 0)
    keras.utils.set_random_seed(seed)
    model = copy.deepcopy(config["model"])
    model["config"].setdefault("seed", seed)
    model["config"].setdefault("name", None)
    game = keras.saving.deserialize_keras_object(model)
    if not isinstance(game, base):
        raise ValueError(
            f"The config describes a {type(game).__name__}; expected {base.__name__}."
        )
    rules = copy.deepcopy(config.get("compile", {}))  # Keras writes into an optimizer's
    _check_rules(type(game), rules)
    game.compile_from_config(rules)
    return game


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


def cause(error):
    """What an error in an entry says; Keras wraps it in the whole config."""
    if isinstance(error, KeyError):
        return f"the entry {error} is missing."
    return str(error).rsplit("Exception encountered: ", 1)[-1]


def dumps(config):
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
