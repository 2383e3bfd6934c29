"""`keras-gan list` and `keras-gan lab`: what there is, without an import of it."""

import os

from rich.box import SIMPLE_HEAD
from rich.table import Table

from keras_gan.cli import run_config, zoo
from keras_gan.cli.lab.catalogue import EXPERIMENTS
from keras_gan.cli.reporting import console, say

PURPOSES = "purposes.json"  # of the zoo: name -> for whom an entry is


def show_zoo():
    """Print the table of the zoo: for whom each entry is, and how good."""
    # Whole words in the 80 columns of a narrow terminal.
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    for column in ("Name", "For", "Images", "Quality"):
        # Names are there to be copied; the rest breaks where the terminal is narrow.
        table.add_column(column, no_wrap=column == "Name")
    purposes = zoo.read_json(os.path.join(zoo.folder(), PURPOSES))
    for name in zoo.names():
        table.add_row(name, purposes[name], *_row(name))
    console.print(table)
    say("Quality: one score of those in the card (keras-gan evaluate NAME). An entry")
    say("without any has no weights yet: it is there to be trained.")
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
    source = config["data"]["source"]
    if source is None:
        return "--data", ""
    shape = "x".join(map(str, run_config.fixed_shape(config)))
    if not zoo.has_card(folder):
        return shape, ""
    metadata = zoo.read_json(zoo.metadata_path(folder))
    return shape, _quality(metadata["evaluation"]["scores"])


def _quality(scores):
    """The one score of a card that says most of what the entry is for."""
    if "class_accuracy" in scores:
        return f"{100 * scores['class_accuracy']['value']:.1f} % as wanted"
    if "classifier_error" in scores:
        return f"{100 * scores['classifier_error']['value']:.1f} % errors"
    return f"Frechet {scores['frechet_distance']['value']:.2g}"
