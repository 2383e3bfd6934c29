"""A game to and from a directory: config.json, model.weights.h5, metadata.json."""

import difflib
import json
import os

import keras
import tensorflow as tf

from keras_gan import configs, files

FORMAT = 1
CONFIG, WEIGHTS, METADATA = "config.json", "model.weights.h5", "metadata.json"
STATES = ("training", "networks")


def zoo_folder():
    """The folder of the zoo: inside an installed package, beside it in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    for parent in (package, os.path.dirname(package)):
        folder = os.path.join(parent, "zoo")
        if os.path.isdir(folder):
            return folder
    raise FileNotFoundError(
        "The zoo is not installed beside keras_gan. Install the package with pip."
    )


def zoo_names():
    """The names of the zoo's entries, sorted."""
    folder = zoo_folder()
    return sorted(
        name
        for name in os.listdir(folder)
        if os.path.isfile(os.path.join(folder, name, CONFIG))
    )


def save_to_preset(game, path, state="training"):
    """Write `game` to a new folder, which appears as a whole or not at all.

    Args:
        game: a compiled game.
        path: a folder that does not exist yet.
        state: "training": all weights, counters and both optimizers, so that training
            goes on; "networks": the (averaged) generator and the discriminator.

    Raises:
        FileExistsError: if `path` exists.
        ValueError: for another `state`, or an uncompiled game.
    """
    if state not in STATES:
        raise ValueError(f"state is one of {STATES}. Received: state={state!r}.")
    if not game.compiled:
        raise ValueError(
            "A preset holds the rules too, so that it can be trained on: call "
            "compile() before save_to_preset()."
        )
    config = configs.of_game(game)
    with files.new_folder(path) as folder:
        weights = os.path.join(folder, WEIGHTS)
        (game if state == "training" else _Networks(game)).save_weights(weights)
        with open(os.path.join(folder, CONFIG), "w", encoding="utf-8") as file:
            file.write(configs.dumps(config))
        metadata = {
            "format": FORMAT,
            "state": state,
            "parameters": {
                "generator": game.generator.count_params(),
                "discriminator": game.discriminator.count_params(),
            },
            "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
            "sha256": {
                name: files.sha256(os.path.join(folder, name))
                for name in (CONFIG, WEIGHTS)
            },
        }
        with open(os.path.join(folder, METADATA), "w", encoding="utf-8") as file:
            json.dump(metadata, file, indent=2)
            file.write("\n")


def from_preset(preset, base):
    """Read a game from the zoo by name, or from a folder by path.

    Args:
        preset: a name of the zoo, or the path of a preset or of a run that has ended.
        base: the class that the game must be an instance of.

    Returns:
        A compiled game.

    Raises:
        ValueError: for an unknown name (with the nearest ones), a config without
            weights, a changed or truncated file, a newer format.
    """
    folder = _find(os.fspath(preset))
    config = _read_json(os.path.join(folder, CONFIG))
    metadata_path = os.path.join(folder, METADATA)
    if not os.path.isfile(metadata_path):
        name = os.path.basename(folder)
        raise ValueError(
            f"{preset} is a configuration without trained weights. Train it with "
            f"`keras-gan train {name}` and pass the output folder's preset."
        )
    metadata = _read_json(metadata_path)
    if metadata.get("format", 0) > FORMAT:
        raise ValueError(
            f"{preset} has format {metadata['format']}, and this version of keras_gan "
            f"reads up to {FORMAT}. Upgrade keras_gan."
        )
    for name in (CONFIG, WEIGHTS):
        path = os.path.join(folder, name)
        if not os.path.isfile(path) or files.sha256(path) != metadata["sha256"][name]:
            raise ValueError(
                f"{path} is missing, truncated or changed: it does not have the sha256 "
                f"that {METADATA} says. Fetch or save the preset again."
            )
    game = configs.build(config, base)
    weights = os.path.join(folder, WEIGHTS)
    if metadata["state"] == "training":
        game.load_weights(weights)
    else:
        _Networks(game).load_weights(weights)
        game.generator.set_weights(game.sampler.get_weights())
    return game


class _Networks(keras.Model):
    """The two networks that a game draws and judges with, under names of their own."""

    def __init__(self, game):
        super().__init__()
        self.generator = game.sampler
        self.discriminator = game.discriminator
        self.built = True


def _find(preset):
    """The folder of a zoo entry or of a run's preset, or else `preset` itself.

    ./NAME is always a folder.
    """
    names = zoo_names()
    if preset in names:
        return os.path.join(zoo_folder(), preset)
    of_run = os.path.join(preset, "preset")  # where `keras-gan train` leaves it
    if os.path.isfile(os.path.join(of_run, METADATA)):
        return of_run
    if os.path.isfile(os.path.join(preset, CONFIG)):
        return preset
    if os.path.exists(preset):
        raise ValueError(
            f"{preset} is no preset: there is no {CONFIG} in it. A preset is a folder "
            "that save_to_preset wrote."
        )
    near = difflib.get_close_matches(preset, names, n=3, cutoff=0.3) or names
    raise ValueError(
        f"Unknown preset {preset!r}: neither a folder nor a name of the zoo. "
        f"Did you mean {', '.join(near)}?"
    )


def _read_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read as JSON: {error}.") from error
