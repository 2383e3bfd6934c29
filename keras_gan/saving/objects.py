"""Keras objects as JSON: whole for files, brief for people.

Objects are written as Keras writes them, `{"class_name": ..., "config": {...}}`.
"""

import copy
import inspect
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_gan.core import registration
from keras_gan.core.registry import snake_case
from keras_gan.saving import known_classes
from keras_gan.saving.keys import is_numbered

PREFIX = "keras_gan>"
BRIEF = ("keras.optimizers", "keras.optimizers.schedules", "keras.initializers")
SHAPES = ("image_shape", "sample_shape")  # of data; read without the class
IN_A_GRAPH = "inbound_nodes"  # what the layers of a functional model are called on


def own_classes() -> dict[str, type]:
    """Registered name -> class of keras_gan."""
    registration.load_all()
    registered = keras.saving.get_custom_objects()
    return {
        name: cls
        for name, cls in registered.items()
        if name.startswith(PREFIX) and isinstance(cls, type)
    }


def whole(value: Any) -> Any:
    """A serialized Keras object with every argument, defaults too.

    What Keras numbers by the process (`adam_3`, `dense_7`) is left out, or numbered
    anew where it is needed, so that a game is written alike in every process.

    Args:
        value: what `keras.saving.serialize_keras_object` returned, or a part of it.

    Returns:
        JSON-serialisable value from which the same object can be built.

    Raises:
        ValueError: for a class that is neither keras_gan's nor a known one of Keras.

    >>> whole(keras.saving.serialize_keras_object(keras.initializers.Constant(0.5)))
    {'module': 'keras.initializers', 'class_name': 'Constant', 'config': {'value': 0.5}}
    """
    if isinstance(value, list | tuple):
        return [whole(item) for item in value]
    if isinstance(value, float) and float(np.float32(value)) == value:
        return float(str(np.float32(value)))  # 0.001 for 0.0010000000474974513
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__tuple__":
        return whole(value["config"]["value"])
    if "class_name" not in value:
        return {key: whole(item) for key, item in value.items()}
    if value["class_name"] in known_classes.VALUES:
        return value
    return _whole_object(value)


def _whole_object(value):
    kind, module = value["class_name"], value["module"]
    registered = value.get("registered_name")
    own = own_classes().get(registered)
    if own is None and not known_classes.is_known(module, kind):
        raise ValueError(
            "A preset and a run's config name classes of keras_gan, and layers, "
            "operations, optimizers and the like of Keras that run no code of others. "
            f"Received: {registered or kind!r}. Keep a game with "
            'classes of your own by save("gan.keras").'
        )
    config, in_a_graph = value["config"], IN_A_GRAPH in value
    if kind == "Functional" and own is None:
        config = renumbered(config)
    config = {key: whole(item) for key, item in config.items()}
    numbered = keras.Layer, keras.optimizers.Optimizer
    named_by_keras = own is None or issubclass(own, numbered)
    name = config.get("name", "")
    if named_by_keras and not in_a_graph and is_numbered(name or "", kind):
        if kind in known_classes.MODELS:  # which Keras tells by their having a name
            config["name"] = snake_case(kind)
        else:
            del config["name"]
    if own is not None and config.get("name", "") is None:
        del config["name"]
    found = {"class_name": registered} if own else {"module": module}
    found |= {"class_name": registered if own else kind, "config": config}
    if in_a_graph:
        if own is not None:  # what names no module is another format to Keras
            found |= {"module": own.__module__, "registered_name": registered}
        found |= {"name": value["name"], IN_A_GRAPH: whole(value[IN_A_GRAPH])}
    return found


def renumbered(config: dict[str, Any]) -> dict[str, Any]:
    """A functional or sequential model whose unnamed layers count from 0 of each kind.

    Args:
        config: what `get_config` of such a model gives.
    """
    config = copy.deepcopy(config)
    layers = config["layers"]
    in_a_graph = "input_layers" in config
    for layer in layers:
        layer.setdefault("name", layer["config"].get("name", ""))
    kept = {
        layer["name"]
        for layer in layers
        if not is_numbered(layer["name"], layer["class_name"])
    }
    names, counts = {}, {}
    for layer in layers:
        old, stem = layer["name"], snake_case(layer["class_name"])
        new = old
        while old not in kept:
            count = counts[stem] = counts.get(stem, -1) + 1
            new = f"{stem}_{count}" if count else stem
            if new not in kept:
                break
        names[old] = layer["name"] = new
        if "name" in layer["config"]:
            layer["config"]["name"] = new
        if in_a_graph:
            layer[IN_A_GRAPH] = _by_names(layer[IN_A_GRAPH], names)
    if in_a_graph:
        for end in ("input_layers", "output_layers"):
            config[end] = _references(config[end], names)
    return config


def _by_names(calls, names):
    """The calls of a layer with the new names of the layers that it is called on."""
    if isinstance(calls, list | tuple):
        return [_by_names(item, names) for item in calls]
    if not isinstance(calls, dict):
        return calls
    found = {key: _by_names(item, names) for key, item in calls.items()}
    if found.get("class_name") == "__keras_tensor__":
        tensor = found["config"]
        old, *place = tensor["keras_history"]
        found["config"] = {**tensor, "keras_history": [names.get(old, old), *place]}
    return found


def _references(value, names):
    """A nest of ["layer", call, output], what a model takes and gives, renamed."""
    if isinstance(value, dict):
        return {key: _references(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], str):
            return [names.get(value[0], value[0]), *value[1:]]
        return [_references(item, names) for item in value]
    return value


def brief(value: Any) -> Any:
    """A written object without what has its default value, to be looked at.

    Args:
        value: what `whole` returned, or a part of it, or what people wrote so.
    """
    if isinstance(value, list):
        return [brief(item) for item in value]
    if not isinstance(value, dict):
        return value
    if not isinstance(value.get("config"), dict) or "class_name" not in value:
        return {key: brief(item) for key, item in value.items()}
    own = own_classes().get(value["class_name"])
    config = {key: brief(item) for key, item in value["config"].items()}
    defaults = {}
    if own is not None:
        defaults = defaults_of(own.__init__)
        if config.get("name") == snake_case(own.__name__):
            del config["name"]
    elif value.get("module") in BRIEF:
        modules = {"keras.optimizers.schedules": keras.optimizers.schedules}
        place = modules.get(value["module"]) or getattr(
            keras, value["module"].removeprefix("keras.")
        )
        cls = getattr(place, value["class_name"], None)
        defaults = defaults_of(cls.__init__) if cls else {}
    config = {
        k: v for k, v in config.items() if k in SHAPES or v != _plain(defaults, k)
    }
    return {**value, "config": config}


def _plain(defaults, name):
    """A default as JSON has it: tuples are lists there."""
    value = defaults.get(name, ...)
    return list(value) if isinstance(value, tuple) else value


def defaults_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Name -> default of the parameters of `function` that have one."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}
