"""Keys of a model's variables in words: player, network, layer and variable.

A key is the same in every process that builds the same model. Layers go by their names.
Keras numbers those that were given none by the process (`dense_7`), so these go by the
attribute that holds them in a class of one's own, and elsewhere by their place in the
network: there a fingerprint of its graph says whether places still mean what they
meant.
"""

import hashlib
import json
import re

import keras

from keras_gan.core import compat
from keras_gan.core.registry import snake_case


def of_model(model: keras.Model) -> dict[str, keras.Variable]:
    """Key -> variable for all that a run is made of, in an order set by its config.

    Those of `of_weights`, and "metrics/..." for what `fit` logs. (The metrics of
    `evaluate` begin anew each time, and some are built when they first see data.)
    """
    found = of_weights(model)
    for tracker in model.trackers:
        found |= _prefixed(f"metrics/{tracker.name}", _named(tracker.variables))
    return found


def of_weights(model: keras.Model) -> dict[str, keras.Variable]:
    """Key -> variable of a model's networks, averages, counters, and of its optimizers.

    "<player>/<network>/<layer>/<variable>" for networks with their batch statistics and
    Dropout's seeds; "average/<network>/..." for their averages; "model/..." for
    counters; and, if it is compiled, "<optimizer>/<slot>/<key of its variable>".
    """
    found = {}
    for optimizer, networks in model.players().items():
        for name, network in networks.items():
            found |= _prefixed(f"{_player(optimizer)}/{name}", of_network(network))
    averaged = model.averaged_networks()
    names = {id(network): name for name, network in averaged.items()}
    for average, network in model.averages():
        found |= _prefixed(f"average/{names[id(network)]}", of_network(average))
    logged = [v for tracker in model.metrics for v in tracker.variables]
    claimed = {id(variable) for variable in (*found.values(), *logged)}
    others = [v for v in model.variables if id(v) not in claimed]
    found |= _prefixed("model", _named(others))
    if not model.compiled:
        return found
    moved = {id(variable): key for key, variable in found.items()}
    for name, optimizer in model.optimizers().items():
        networks = model.players()[name].values()
        trained = [v for net in networks for v in net.variables]
        keys = {moved[id(variable)]: variable for variable in trained}
        found |= _prefixed(name, _of_optimizer(optimizer, keys))
    return found


def _player(optimizer):
    """The player that an optimizer moves: "generator" of "generator_optimizer"."""
    return "model" if optimizer == "optimizer" else optimizer.removesuffix("_optimizer")


def of_network(network: keras.Model) -> dict[str, keras.Variable]:
    """Key -> variable of one network: "<layer>/<variable>", of nested layers a path.

    >>> import keras
    >>> layers = [keras.layers.Dense(2, name="hidden"), keras.layers.Dense(1)]
    >>> list(of_network(keras.Sequential([keras.Input((3,)), *layers])))
    ['hidden/kernel', 'hidden/bias', '1.dense/kernel', '1.dense/bias']
    """
    return {
        key: variable
        for path, layer, own in _walk(network)
        for key, variable in _prefixed(path, _named(own)).items()
    }


def layers_of(network: keras.Model) -> dict[str, keras.Layer]:
    """Path -> layer of all layers in a network, at any depth, and "" -> itself."""
    return {path: layer for path, layer, _ in _walk(network)}


def has_numbered_layers(network: keras.Model) -> bool:
    """Whether a layer with variables goes by its place, having no name of its own."""
    return any(
        own and re.search(r"(^|/)\d+\.", path) for path, _, own in _walk(network)
    )


def fingerprint(network: keras.Model) -> str:
    """The sha256 of a network's graph: kinds of layers, shapes, and what leads where.

    Names that Keras has numbered do not matter, those of one's own do.
    """
    described = [
        [path, type(layer).__name__, [[v.name, *v.shape] for v in own]]
        for path, layer, own in _walk(network)
    ]
    graph = [
        [[type(operation).__name__, calls] for operation, calls in _calls(layer)]
        for _, layer, _ in _walk(network)
    ]
    text = json.dumps([described, graph])
    return hashlib.sha256(text.encode()).hexdigest()


def is_numbered(name: str, class_name: str) -> bool:
    """Whether `name` is one that Keras gives to a layer of this class: `dense_7`."""
    return re.fullmatch(rf"{snake_case(class_name)}(_\d+)?", name) is not None


def _walk(layer, path="", seen=None):
    """Triples (path, layer, own variables) of a layer and all in it, each once."""
    seen = {id(layer)} if seen is None else seen
    children = [child for child in compat.layers_in(layer) if id(child) not in seen]
    seen.update(id(child) for child in children)
    inner = {id(v) for child in children for v in child.variables}
    found = [(path, layer, [v for v in layer.variables if id(v) not in inner])]
    taken = set()
    with_variables = [child for child in children if child.variables]
    places = {id(child): place for place, child in enumerate(with_variables)}
    attributes = _attributes(layer)
    for child in children:
        name, kind = child.name, type(child).__name__
        if is_numbered(name, kind):
            name = attributes.get(id(child), name)
        if is_numbered(name, kind) or name in taken:
            place = places.get(id(child), f"_{len(taken)}")
            name = f"{place}.{snake_case(kind)}"
        taken.add(name)
        found += _walk(child, f"{path}/{name}" if path else name, seen)
    return found


def _attributes(layer):
    """Id of a layer -> "conv" or "blocks.0", the attribute of `layer` that holds it.

    A functional or sequential model holds its layers by the graph instead.
    """
    found = {}
    if isinstance(layer, keras.Sequential) or hasattr(layer, "operations"):
        return found
    for name, value in sorted(compat.attributes_of(layer)):
        for inner, held in _parts(name, value):
            found.setdefault(id(held), inner)
    return found


def _parts(name, value):
    """Pairs (name, layer) of the layers in an attribute, also in lists and dicts."""
    if isinstance(value, keras.Layer):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _parts(f"{name}.{key}", inner)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _parts(f"{name}.{place}", inner)


def _calls(network):
    """Pairs (operation, where each of its calls in the network takes its inputs)."""
    operations = getattr(network, "operations", None) or []
    places = {id(operation): place for place, operation in enumerate(operations)}
    for operation in operations:
        calls = []
        for inputs in compat.calls_of(operation):
            origins = [compat.origin(tensor) for tensor in inputs]
            if all(id(origin) in places for origin, _ in origins):
                calls.append([[places[id(one)], node] for one, node in origins])
        yield operation, calls


def _named(variables):
    """Name -> variable; a name that stands twice is numbered from its second one on."""
    found, counts = {}, {}
    for variable in variables:
        count = counts[variable.name] = counts.get(variable.name, 0) + 1
        found[variable.name if count == 1 else f"{variable.name}.{count}"] = variable
    return found


def _of_optimizer(optimizer, trained):
    """Key -> variable: "<slot>/<key of its variable>", or the variable's own name.

    Keras names a slot after the path of its variable, which may be that of several.
    """
    stems = {key: v.path.replace("/", "_") + "_" for key, v in trained.items()}
    found, plain = {}, []
    for variable in optimizer.variables:
        name = variable.name
        begins = [key for key, stem in stems.items() if name.startswith(stem)]
        longest = max((len(stems[key]) for key in begins), default=0)
        slots = [
            f"{name.removeprefix(stems[key])}/{key}"
            for key in begins
            if len(stems[key]) == longest
        ]
        free = [slot for slot in slots if slot not in found]
        if free:
            found[free[0]] = variable
        else:
            plain.append(variable)
    return {**_named(plain), **found}


def _prefixed(prefix, variables):
    return {f"{prefix}/{key}" if prefix else key: v for key, v in variables.items()}
