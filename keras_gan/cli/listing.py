"""`keras-gan list` and `keras-gan lab`: what there is, without an import of it."""

import os

from rich.box import SIMPLE_HEAD
from rich.table import Table

from keras_gan.cli import run_config, zoo
from keras_gan.cli.lab.catalogue import EXPERIMENTS
from keras_gan.cli.reporting import console, say


def show_zoo():
    """Print the table of the zoo."""
    # Whole words in the 80 columns of a narrow terminal.
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    for column in ("Name", "Game", "Networks", "Images", "Weights"):
        # Names are there to be copied; the rest breaks where the terminal is narrow.
        table.add_column(column, no_wrap=column == "Name", overflow="fold")
    for name in zoo.names():
        table.add_row(name, *_row(name))
    console.print(table)
    say("Train one:        keras-gan train mlp_digits")
    say("On your pictures: keras-gan train photos --data FOLDER")


def show_lab():
    """Print the table of the experiments."""
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Name", no_wrap=True)
    table.add_column("Shows")
    for name, experiment in EXPERIMENTS.items():
        table.add_row(name, experiment.shows)
    console.print(table)
    say("Run one:          keras-gan lab game-1d")


def _row(name):
    config = run_config.read(name)
    folder = os.path.dirname(zoo.config_path(name))
    parts = config["model"]["config"]
    networks = _short(parts["generator"]).removesuffix("Generator")
    open_ = "recipe" in config  # which chooses the shape
    shape = None if open_ else run_config.fixed_shape(config)
    images = [config["data"]["source"] or "--data", "x".join(map(str, shape or ()))]
    return (
        _short(config["model"]),
        networks,
        " ".join(images).strip(),
        "yes" if zoo.has_weights(folder) else "no",
    )


def _short(part):
    return part["class_name"].removeprefix("keras_gan>")
