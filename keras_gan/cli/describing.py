"""`keras-gan info`: the parts, rules and data of one game."""

import json
import math
import os

from rich.table import Table

from keras_gan.cli import run_config, zoo
from keras_gan.cli.building import build
from keras_gan.cli.reporting import console, say
from keras_gan.saving import configs


def describe(name, title):
    """Print what NAME (a zoo entry, a config, a run's or a preset's folder) is."""
    path = zoo.config_path(name)
    config = run_config.read(name)
    configs.check(config)
    config = configs.shown(config)
    folder = os.path.dirname(path)
    places = folder, os.path.join(folder, "preset")
    trained = [place for place in places if zoo.has_weights(place)]
    preset = trained[0] if trained else None
    is_open = configs.needs_shape(config) or configs.needs_classes(config)
    game = None if is_open else build(config, title, preset)
    console.print(_parts(config["model"], game, title=title))
    console.print(_settings(config, of_run=zoo.read_json(path)))
    if game is not None:
        _say_support(game.prior.latent_dim, game.generator.output_shape[1:])
    say(f"Config:   {path}")
    say(f"Weights:  {preset or 'none yet'}")


def _parts(model, game, title):
    table = Table(title=title)
    for column in ("Part", "Class", "Settings", "Output", "Parameters"):
        table.add_column(column)
    for part, value in model["config"].items():
        if not _is_part(part, value):
            continue
        network = getattr(game, part, None)
        made = hasattr(network, "count_params")
        table.add_row(
            part,
            _class(value),
            _options(value["config"]),
            _shape(network.output_shape) if made else "",
            f"{network.count_params():,}" if made else "",
        )
    return table


def _settings(config, of_run):
    """The rules, and what the config says of a run; a preset's says nothing of it."""
    table = Table(show_header=False)
    plain = {
        key: value
        for key, value in config["model"]["config"].items()
        if not _is_part(key, value) and key != "class_names"
    }
    names = config["model"]["config"].get("class_names")
    table.add_row("game", f"{_class(config['model'])} {_options(plain)}".strip())
    if names:
        table.add_row("classes", ", ".join(map(str, names)))
    for rule, value in config["compile"].items():
        table.add_row(rule, _text(value))
    if "data" in of_run:
        table.add_row("data", _options(config["data"]))
    for key in ("epochs", "steps", "seed", "from"):
        if key in of_run:
            table.add_row(key, _text(config[key]))
    return table


def _is_part(name, value):
    """Whether an argument of a game is a network, a prior or the like."""
    is_object = isinstance(value, dict) and "class_name" in value
    return is_object and name != "ema_decay"  # which is a number, or a half-life


def _say_support(latent_dim, shape):
    """Say what a latent narrower than the samples means for them; else nothing."""
    if None not in shape and latent_dim < math.prod(shape):
        say(
            f"Latents:  {latent_dim} numbers make samples of {math.prod(shape):,}, so "
            f"the samples fill at most {latent_dim} dimensions, as in most GANs; the "
            "model has no density"
        )


def _class(value):
    return value["class_name"].removeprefix("keras_gan>")


def _shape(shape):
    return " x ".join(str(side) for side in shape[1:])


def _options(values):
    return ", ".join(f"{key}={_text(value)}" for key, value in values.items())


def _text(value):
    """A config's value as Python would write it: Adam(learning_rate=0.001)."""
    if isinstance(value, dict) and "class_name" in value:
        return f"{_class(value)}({_options(value.get('config', {}))})"
    if isinstance(value, list):
        return f"[{', '.join(_text(item) for item in value)}]"
    return value if isinstance(value, str) else json.dumps(value)
