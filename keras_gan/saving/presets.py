"""Presets: a game as a directory of config.json, model.weights.h5, metadata.json.

Beside them lies a README.md, which says in plain Markdown what it is; nothing reads it.
"""

import difflib
import functools
import json
import os
import warnings

import keras

from keras_gan.core import files
from keras_gan.core.arguments import check_integer, is_integer
from keras_gan.core.finite import first_non_finite
from keras_gan.saving import (
    checkpoints,
    configs,
    hdf5,
    hubs,
    in_memory,
    json_files,
    keys,
    model_card,
    run_folders,
    size_limit,
    transfer,
    versions,
    zoo,
)
from keras_gan.saving.hubs import CONFIG, METADATA, WEIGHTS

FORMAT = 1
STATES = ("training", "networks")


def save_to_preset(
    game: keras.Model, path: str | os.PathLike, state: str = "training"
) -> None:
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
    config = configs.of_game(game)  # before anything is written
    with files.new_folder(path) as folder:
        weights = os.path.join(folder, WEIGHTS)
        saved = game if state == "training" else _Networks(game)
        write = functools.partial(keras.Model.save_weights, saved)
        with open(weights, "wb") as file:
            file.write(in_memory.written(write, weights))
        with open(os.path.join(folder, CONFIG), "w", encoding="utf-8") as file:
            file.write(configs.dumps(config))
        metadata = {
            "format": FORMAT,
            "state": state,
            "parameters": {
                name: network.count_params()
                for name, network in game.networks().items()
            },
            **_class_names(game),
            "versions": versions.now(),
            "sha256": {
                name: files.sha256(os.path.join(folder, name))
                for name in (CONFIG, WEIGHTS)
            },
        }
        with open(os.path.join(folder, METADATA), "w", encoding="utf-8") as file:
            json.dump(metadata, file, indent=2)
            file.write("\n")
        card = os.path.join(folder, model_card.README)
        with open(card, "w", encoding="utf-8") as file:
            file.write(model_card.of_game(game, metadata))


def _class_names(game):
    """The names of a game's classes, for readers of the metadata."""
    names = getattr(game, "class_names", None)
    return {} if names is None else {"class_names": names}


def from_preset(
    preset: str | os.PathLike,
    base: type[keras.Model],
    num_classes: int | None = None,
) -> keras.Model:
    """Read a game from the zoo by name, from a folder by path, from a hub by handle.

    Args:
        preset: a name of the zoo; the path of a preset or of a run; or
            "hf://user/repo[@revision]" or
            "kaggle://owner/model/framework/variation[/version]". Of a run that has
            ended its preset is read, of another one its newest checkpoint, also while
            it trains; "path@step" and "path@best" are checkpoints too.
        base: the class that the game must be an instance of.
        num_classes: int >= 1, of the game that is to begin with these weights; None for
            the game as it is.

    Returns:
        A compiled game; with `num_classes` one that was not trained on yet.

    Raises:
        ValueError: for an unknown name (with the nearest ones), a config without
            weights, a changed or truncated file, one that lies elsewhere, a newer
            format.
        ImportError, OSError: for a handle that cannot be fetched.
    """
    game = _read(preset, base)
    return game if num_classes is None else _of_classes(game, num_classes, preset)


def _of_classes(source, num_classes, preset):
    """A game of another number of classes, with what fits of the source's weights."""
    num_classes = check_integer(num_classes, "num_classes", 1)
    if not hasattr(source, "num_classes"):
        raise ValueError(
            f"{preset} holds a {type(source).__name__}, which knows no classes. "
            f"Received: num_classes={num_classes}. Leave it out."
        )
    config = configs.with_classes(configs.of_game(source), num_classes)
    game = configs.build(config)
    kept, left = transfer.start(game, source, os.fspath(preset))
    warnings.warn(
        f"{len(kept)} variables are those of {preset}. For {num_classes} classes, "
        f"{len(left)} have another shape and begin anew: {', '.join(left) or 'none'}.",
        stacklevel=4,
    )
    return game


def _read(preset, base):
    """The game of a preset as it was saved."""
    folder = _find(os.fspath(preset))
    if run_folders.step_of(folder) is not None:
        return _from_checkpoint(folder, base)
    metadata = _verified(folder, preset)
    if not zoo.contains(folder):  # whose presets are tested on all versions taken
        versions.check(metadata.get("versions"), os.path.join(folder, METADATA))
    config = _read_json(os.path.join(folder, CONFIG))
    weights = os.path.join(folder, WEIGHTS)
    held = hdf5.check(weights)
    with size_limit.of_preset(metadata, held, folder):
        game = _built(config, base, os.path.join(folder, CONFIG))
    size_limit.check_samples(game)
    with_training = metadata["state"] == "training"
    try:
        with warnings.catch_warnings():  # Keras only warns of what it leaves out
            warnings.filterwarnings("error", "Skipping")
            (game if with_training else _Networks(game)).load_weights(weights)
    except (ValueError, UserWarning) as error:
        raise ValueError(
            f"{weights} does not hold the weights of the game that {CONFIG} describes: "
            "some are missing, or have other shapes. Save the preset anew."
        ) from error
    arrays = {key: v.numpy() for key, v in keys.of_weights(game).items()}
    if (bad := first_non_finite(arrays)) is not None:
        raise ValueError(
            f"{weights} holds NaN or Inf, in {bad}. It draws nothing that could be "
            "looked at: take an earlier checkpoint, or train again."
        )
    if not with_training:
        for average, network in game.averages():
            network.set_weights(average.get_weights())
    return game


def _from_checkpoint(folder, base):
    """The game of a checkpoint, with all that its training goes on with."""
    for name in (run_folders.STATE, run_folders.MANIFEST, CONFIG):
        _refuse_to_leave(folder, name)
    path = os.path.join(folder, CONFIG)
    if not os.path.isfile(path):
        raise ValueError(
            f"The checkpoint {folder} has no {CONFIG}: its game has classes of "
            "somebody's own. Run the script that made it, whose fit goes on with it."
        )
    manifest = run_folders.manifest_of(folder)
    stored = {name: manifest["versions"].get(name) for name in versions.now()}
    versions.check(stored, folder, "checkpoint")
    with size_limit.of_weights(checkpoints.held(folder)):
        game = _built(_read_json(path), base, path)
    size_limit.check_samples(game)
    checkpoints.check_graphs(game, manifest)
    checkpoints.restore(game, checkpoints.load(folder), but=("metrics",))
    print(f"{folder}: read at step {manifest['step']}")
    return game


def _built(config, base, path):
    """The model of a config, or a ValueError that names the file.

    What is wrong inside of an entry comes out of Keras as errors of many kinds.
    """
    try:
        return configs.build(config, base)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    except configs.ERRORS as error:
        raise ValueError(
            f"{path} describes no model that can be built: {configs.cause(error)}"
        ) from error


def _verified(folder, preset):
    """The metadata of a preset whose files are what it says."""
    for name in hubs.FILES:
        _refuse_to_leave(folder, name)
    path = os.path.join(folder, METADATA)
    if not os.path.isfile(path):
        name = os.path.basename(folder)
        raise ValueError(
            f"{preset} is a configuration without trained weights. Train it with "
            f"`keras-gan train {name}` and pass the output folder's preset."
        )
    metadata = _read_json(path)
    _check_metadata(metadata, path)
    for name in (CONFIG, WEIGHTS):
        path = os.path.join(folder, name)
        if not os.path.isfile(path) or files.sha256(path) != metadata["sha256"][name]:
            raise ValueError(
                f"{os.path.realpath(path)} is missing, truncated or changed: it does "
                f"not have the sha256 that {METADATA} says. Remove it, and fetch or "
                "save the preset again."
            )
    return metadata


def _refuse_to_leave(folder, name):
    path = os.path.join(folder, name)
    target = os.path.realpath(path)
    homes = hubs.homes(folder)
    if not any(os.path.commonpath([home, target]) == home for home in homes):
        raise ValueError(
            f"{path} is a link to {target}, outside of the preset. Copy the file into "
            "the folder if you trust it."
        )


def _check_metadata(metadata, path):
    """Raise unless all that is read of the metadata is there and of its form."""
    if not isinstance(metadata, dict):
        raise ValueError(f"{path} is no JSON object, so this is no preset.")
    number = metadata.get("format")
    if not is_integer(number, 1):
        raise ValueError(
            f'{path}: "format" is a whole number from 1. Received: {number!r}.'
        )
    if number > FORMAT:
        raise ValueError(
            f"{path} has format {number}, and this version of keras_gan reads up to "
            f"{FORMAT}. Upgrade keras_gan."
        )
    if metadata.get("state") not in STATES:
        raise ValueError(
            f'{path}: "state" is one of {STATES}. Received: {metadata.get("state")!r}.'
        )
    sums = metadata.get("sha256")
    if not isinstance(sums, dict) or set(sums) != {CONFIG, WEIGHTS}:
        raise ValueError(
            f'{path}: "sha256" has one entry each for {CONFIG} and {WEIGHTS}, and no '
            f"others. Received: {sums!r}."
        )


class _Networks(keras.Model):
    """A game's networks under names of their own; of the averaged ones the averages."""

    def __init__(self, game):
        super().__init__()
        averages = {id(network): average for average, network in game.averages()}
        for name, network in game.networks().items():
            setattr(self, name, averages.get(id(network), network))
        self.built = True


def _find(preset):
    """The folder of a zoo entry, a run's preset or a fetched one, or `preset` itself.

    ./NAME is always a folder.
    """
    if hubs.is_handle(preset):
        return hubs.fetch(preset)
    names = zoo.names()
    if preset in names:
        return os.path.join(zoo.folder(), preset)
    of_run = os.path.join(preset, "preset")  # where `keras-gan train` leaves it
    if os.path.isfile(os.path.join(of_run, METADATA)):
        return of_run
    checkpoint = run_folders.find(preset, checkpoints.damage)
    if checkpoint is not None:
        return checkpoint
    if os.path.isfile(os.path.join(preset, CONFIG)):
        return preset
    if os.path.exists(preset):
        raise ValueError(
            f"{preset} is no preset: there is no {CONFIG} in it, and no checkpoint. A "
            "preset is a folder that save_to_preset wrote."
        )
    near = difflib.get_close_matches(preset, names, n=3, cutoff=zoo.NEAR)
    hint = f"Did you mean {', '.join(near)}?" if near else f"It has {', '.join(names)}."
    raise ValueError(
        f"Unknown preset {preset!r}: neither a folder nor a name of the zoo. {hint}"
    )


def _read_json(path):
    try:
        return json_files.read(path)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error}.") from error
