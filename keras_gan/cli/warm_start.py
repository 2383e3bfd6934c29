"""The start of a run with weights: `keras-gan train NAME --from PRESET`."""

import os

import keras_gan
from keras_gan.cli import zoo
from keras_gan.cli.reporting import say
from keras_gan.core import files
from keras_gan.saving import checkpoints, configs, hubs, run_folders, transfer

IMAGES = 64_000  # of a run that begins with weights, where nobody says its length


def with_start(config, path, dataset):
    """The config of a run that begins with the weights in the folder `path`.

    A game of classes becomes one of the data's classes.
    """
    if not zoo.has_weights(path):
        path = run_folders.find(path, checkpoints.damage)
    start = {"preset": os.path.abspath(path), "sha256": _sum(path)}
    config = {**config, "from": start}
    known = config["model"]["config"].get("num_classes")
    if known is None or dataset.num_classes in (None, known):
        return config
    return configs.with_classes(config, dataset.num_classes)


def begin(config, game, run):
    """Give a new run the weights that its config names, if it names any.

    A run that is resumed has its own, if it has come to a checkpoint.

    Raises:
        ValueError: if they have changed meanwhile, or do not fit.
    """
    start = config.get("from")
    resumed = run.mode == "resume" and checkpoints.newest(run.checkpoints) is not None
    if start is None or resumed:
        return
    path = start["preset"]
    if not os.path.isdir(path) or _sum(path) != start["sha256"]:
        raise ValueError(
            f"The run begins with the weights in {path}, which are gone, or have "
            "changed since. Start it anew with --from."
        )
    source = keras_gan.models.GAN.from_preset(path)
    kept, left = transfer.start(game, source, path)
    say(
        f"Begins with {len(kept)} variables of {path}; averages begin there too, "
        "optimizers and counters at 0, with the config's rates: --set "
        "compile.generator_optimizer.learning_rate=... gives others."
    )
    if left:
        say(f"Begin anew, for other classes: {', '.join(left)}.")


def with_length(config, dataset):
    """The config of a run whose length is left to the command."""
    steps = max(1, IMAGES // dataset.batch_size)
    say(
        f"It has {steps:,} steps, {IMAGES:,} images, which --steps, --epochs or "
        "--minutes change."
    )
    config = {key: value for key, value in config.items() if key != "epochs"}
    return {**config, "steps": steps}


def _sum(path):
    """The sha256 of the weights in a preset's or checkpoint's folder."""
    if zoo.has_weights(path):
        return zoo.read_json(zoo.metadata_path(path))["sha256"][hubs.WEIGHTS]
    return files.sha256(os.path.join(path, run_folders.STATE))
