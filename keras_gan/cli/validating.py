"""Validation of a run by the images that it holds out, and its best checkpoint."""

import keras_gan
from keras_gan import datasets
from keras_gan.cli.reporting import say
from keras_gan.datasets.held_out import SPLIT
from keras_gan.saving import run_folders

SHARE = 0.08  # of the minutes, that validations take at most
FEWEST, MOST = 3, 25  # validations of a run whose config leaves their number open
KEYS = ("source", "batch_size", "image_size", "value_range", "channels", "held_out")


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
    return datasets.load(
        **{key: data[key] for key in KEYS if key in data},
        labels=bool(data.get("labels", False)),
        skip_corrupt=data.get("skip_corrupt", False),
        split=SPLIT,
        shuffle=False,
        drop_remainder=False,
    )


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
