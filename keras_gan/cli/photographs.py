"""`keras-gan train photos`: a config that is fitted to one's own pictures, and said."""

import contextlib
import pathlib
import statistics

import numpy as np
import tensorflow as tf
from rich.table import Table

from keras_gan import datasets, recipes
from keras_gan.cli.reporting import console, say
from keras_gan.saving import configs

MINUTES = 30.0
CROPPED = 0.05  # of a picture, from which on it is said that it is cut off


def with_size(config):
    """The config with a size of images, chosen by those of the files where it has none.

    Other data, such as arrays, keep the size that they have.
    """
    data = config["data"]
    if data["source"] is None:
        return config
    path = pathlib.Path(data["source"]).expanduser()
    if not (path.is_dir() or path.suffix.lower() == ".zip"):
        return config
    sizes = datasets.image_sizes(path)
    if data["image_size"] is None and sizes:
        sides = [min(size) for size in sizes]
        side = recipes.side_for(sides)
        say(
            f"Pictures:   {side} x {side} pixels, as the shorter side of most has "
            f"{statistics.median(sides):g}; --image-size chooses another"
        )
        data = {**data, "image_size": side}
    _say_cropping(sizes, data["image_size"])
    return {**config, "data": data}


def _say_cropping(sizes, wanted):
    """Say how much of the pictures lies outside of what is seen, if it is much."""
    if wanted is None or not sizes:
        return
    height, width = wanted if isinstance(wanted, list | tuple) else (wanted, wanted)
    aspects = [(w * height) / (h * width) for h, w in sizes]
    lost = statistics.fmean(1 - min(aspect, 1 / aspect) for aspect in aspects)
    if lost > CROPPED:
        wide = statistics.median(aspects) > 1
        say(
            f"Cropped:    the middle is seen; {100 * lost:.0f} % of a picture, at its "
            f"{'left and right' if wide else 'top and bottom'}, is cut off"
        )


def all_images(config, conditional, load):
    """A data set of all images, with labels if they have any that are not unwanted.

    Args:
        config: dict, a run's.
        conditional: bool or None, as asked.
        load: function of a config, which loads its data.
    """
    data = {**config["data"], "held_out": None, "batch_size": 1}
    if conditional is not False:
        # What else is wrong with the data comes out without labels.
        with contextlib.suppress(ValueError):
            return load({**config, "data": {**data, "labels": True}})
    return load({**config, "data": data})


def fitted(config, dataset, asked, name):
    """The config of a game that is fitted to a data set, with the reasons said.

    Args:
        config: dict, with "recipe".
        dataset: `EpochDataset` of all images.
        asked: `training.Asked`, with a number of minutes.
        name: str, what the user called the config.

    Raises:
        ValueError: for data that the recipe has no game for.
    """
    shape = tuple(dataset.sample_shape)
    if len(shape) != 3:
        raise ValueError(
            f"{name} is for pictures. Received: data whose samples have shape {shape}."
        )
    counts = None
    if dataset.num_classes is not None:
        labels = dataset.labels[dataset.labels >= 0]
        counts = np.bincount(labels, minlength=dataset.num_classes).tolist()
    recipe = recipes.photographs(
        shape,
        dataset.num_samples,
        class_counts=counts,
        minutes=asked.minutes or MINUTES,
        conditional=asked.conditional,
        accelerated=bool(tf.config.list_physical_devices("GPU")),
        held_out=config["data"].get("held_out"),
        batch_size=asked.batch_size,
    )
    _show(recipe.choices)
    whole = configs.of_game(recipe.game())
    for number in ("seed", "name"):  # the run's own
        whole["model"]["config"].pop(number, None)
    whole["compile"]["steps_per_execution"] = "auto"
    data = {**config["data"], **recipe.data}
    kept = {key: value for key, value in config.items() if key != "recipe"}
    fitted = {**kept, **whole, "data": data}
    if recipe.best is not None:
        fitted["validation"] = {"freq": "auto", "best": recipe.best, "health": True}
    return fitted


def _show(choices):
    table = Table.grid(padding=(0, 2))
    for choice in choices:
        table.add_row(f"{choice.what.capitalize()}:", f"{choice.value} ({choice.why})")
    console.print(table)
