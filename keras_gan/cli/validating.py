"""Validation of a run by the images that it holds out, and its best checkpoint."""

import itertools

import numpy as np
import tensorflow as tf

import keras_gan
from keras_gan import callbacks, datasets
from keras_gan.cli.reporting import say
from keras_gan.datasets.held_out import SPLIT
from keras_gan.saving import run_folders

SHARE = 0.08  # of the minutes, that validations take at most
FEWEST, MOST = 3, 25  # validations of a run whose config leaves their number open
MOST_IMAGES = 10_000  # that copies are looked for among
KEYS = (
    *("source", "batch_size", "image_size", "value_range", "channels", "held_out"),
    "skip_corrupt",
)


def held_out(config):
    """The data that a config is validated on, or None if it asks for no validation.

    Raises:
        ValueError: if it asks for one and holds nothing out.
    """
    if "validation" not in config:
        return None
    data = config["data"]
    if data.get("held_out") is None:
        raise ValueError(
            '"validation" measures by images that are held out of the training. '
            'Received: no "held_out" in "data". Pass --held-out 0.1, or leave out '
            '"validation".'
        )
    return _in_order(data, SPLIT)


def _in_order(data, split):
    """A part of a config's data, once and in its order, the last batch included."""
    return datasets.load(
        **{key: data[key] for key in KEYS if key in data},
        labels=bool(data.get("labels", False)),
        split=split,
        shuffle=False,
        drop_remainder=False,
    )


def monitors(config, held_out):
    """The callbacks that watch a run's health by images, if its config asks for it.

    Args:
        config: dict, a run's, whose validations have a frequency.
        held_out: what it is validated on, as of `held_out`.
    """
    if held_out is None or not config["validation"].get("health", False):
        return []
    labelled = bool(config["data"].get("labels", False))
    trained = _in_order(config["data"], config["data"]["split"])
    images, others = (_arrays(part, labelled) for part in (trained, held_out))
    every = config["validation"]["freq"]
    return [callbacks.HealthMonitor(images, held_out=others, every=every)]


def _arrays(dataset, labelled):
    """The first images of a data set as an array, with labels as a pair."""
    batches = itertools.islice(dataset, -(-MOST_IMAGES // dataset.batch_size))
    rows = [tf.nest.map_structure(np.asarray, batch) for batch in batches]
    if not labelled:
        return np.concatenate(rows)
    return tuple(np.concatenate(part) for part in zip(*rows, strict=True))


def number_in(config, minutes, seconds):
    """The number of validations of `seconds` each that some minutes have room for."""
    if config["validation"].get("freq", "auto") != "auto":
        return 0
    room = SHARE * 60 * minutes / max(seconds, 1e-3)
    return int(min(MOST, max(FEWEST, room)))


def with_frequency(config, epochs, number=MOST):
    """The config whose validations come every so many epochs, where it says "auto".

    Args:
        config: dict, a run's.
        epochs: int, how many the run has.
        number: int, how many validations are wanted.
    """
    validation = config.get("validation")
    if validation is None or validation.get("freq", "auto") != "auto":
        return config
    freq = max(1, epochs // max(1, number))
    return {**config, "validation": {**validation, "freq": freq}}


def of_fit(config, data, epochs):
    """The arguments of `fit` that say by what it validates, and after which epochs.

    They are counted back from the last one, which is always among them.
    """
    if data is None:
        return {}
    freq = config["validation"]["freq"]
    return {
        "validation_data": data,
        "validation_freq": list(range(epochs, 0, -freq))[::-1],
    }


def keep_best(run):
    """Let the preset of a run that has ended be that of its best checkpoint."""
    found = run_folders.best(run.checkpoints)
    if found is None:
        return
    last = run_folders.steps(run.checkpoints)[-1]
    name, value, step = found["name"], found["value"], found["step"]
    say(f"Best:       {name} {value:.4g} at step {step:,} of {last:,}")
    if step != last:
        best = run_folders.folder(run.checkpoints, step)
        run.save_preset(keras_gan.models.GAN.from_preset(best))
