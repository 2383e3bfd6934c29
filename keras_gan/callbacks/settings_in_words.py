"""The settings of a run in words, for TensorBoard's page of texts: Markdown."""

import json

import keras

from keras_gan.saving import configs


def config_of(model):
    """The config of a compiled model, also of one with classes of one's own."""
    try:
        return configs.of_game(model)
    except ValueError:
        serialize = keras.saving.serialize_keras_object
        rules = {**model.get_compile_config(), **model.optimizer_configs}
        return {"model": serialize(model), "compile": rules}


def entries_of(value, path=""):
    """Pairs (entry, value) of a config, entries as `keras-gan train --set` has them.

    Example:

    >>> adam = {"class_name": "Adam", "config": {"learning_rate": 0.001}}
    >>> dict(entries_of({"compile": {"optimizer": adam, "penalties": []}}))
    {'compile.optimizer': 'Adam', 'compile.optimizer.learning_rate': 0.001}
    """
    if isinstance(value, dict) and "class_name" in value:
        yield path, str(value["class_name"]).removeprefix("keras_gan>")
        value = value.get("config")
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from entries_of(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple) and any(isinstance(x, dict) for x in value):
        for index, inner in enumerate(value):
            yield from entries_of(inner, f"{path}.{index}")
    elif value is not None and value != [] and value != ():
        yield path, value


def table(pairs):
    """Pairs as a table of Markdown."""
    rows = [f"| {name} | {_cell(value)} |\n" for name, value in pairs]
    return "".join(["| entry | value |\n| --- | --- |\n", *rows])


def code(config):
    """A config as a block of JSON."""
    plain = json.loads(json.dumps(config, default=str))
    return f"```\n{configs.dumps(plain)}\n```"


def _cell(value):
    return str(value).replace("|", "\\|").replace("\n", " ")
