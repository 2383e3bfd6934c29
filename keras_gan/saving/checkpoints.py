"""Checkpoints of a run: every variable that the next step depends on, bit for bit.

A checkpoint is a folder `step-000000123` with `state.npz` (plain arrays, never
pickled, by the keys of `saving.keys`), `config.json`, `manifest.json` and `SHA256SUMS`
(so that `sha256sum -c` can check it too). It appears under its name as a whole or not
at all.
"""

import json
import os
import shutil
import zipfile
from collections.abc import Collection
from typing import Any

import keras
import numpy as np

from keras_gan.core import distribution, files
from keras_gan.core.finite import NonFiniteError, first_non_finite
from keras_gan.saving import configs, keys, run_folders
from keras_gan.saving.hdf5 import Held
from keras_gan.saving.run_folders import (
    CONFIG,
    FORMAT,
    MANIFEST,
    STATE,
    SUMS,
    folder,
    steps,
)


def save(
    game: keras.Model,
    directory: str | os.PathLike,
    manifest: dict[str, Any],
    keep: int,
    spared: Collection[int] = (),
    config: dict[str, Any] | None = None,
) -> None:
    """Write a checkpoint of the step that `game` has reached.

    Args:
        game: a compiled game.
        directory: the folder of checkpoints.
        manifest: JSON-serialisable dict to keep with the arrays.
        keep: how many checkpoints to keep, the newest.
        spared: steps whose checkpoints are kept besides.
        config: dict, what `configs.of_game` gives, or None: a checkpoint without one
            is read by the script that wrote it only.

    Raises:
        NonFiniteError: if a variable holds NaN or Inf; nothing is written then.
        OSError: if it cannot be written; earlier checkpoints are untouched then.
    """
    step = int(game.step.numpy())
    path = folder(directory, step)
    # With several workers this reads metrics across all of them; the chief writes.
    arrays = {name: v.numpy() for name, v in keys.of_model(game).items()}
    _check_finite(arrays, step)
    if not distribution.is_chief(game.distribute_strategy):
        return
    if not os.path.isdir(path):  # else resumed, and stopped again at the same step
        manifest = {
            "format": FORMAT,
            "step": step,
            "graphs": _fingerprints(game),
            **manifest,
        }
        try:
            with files.new_folder(path) as temporary:
                _write(temporary, arrays, manifest, config)
        except OSError as error:
            raise OSError(
                error.errno,
                f"The checkpoint of step {step} could not be written: "
                f"{error.strerror or error}. Those before it are intact; free disk "
                "space, or repair the disk, then resume",
                path,
            ) from error
    for old in steps(directory)[:-keep]:
        if old not in spared:
            shutil.rmtree(folder(directory, old), ignore_errors=True)
    for name in os.listdir(directory):  # half-written when a run was killed
        if name.startswith(".step-"):
            shutil.rmtree(os.path.join(directory, name), ignore_errors=True)


def _check_finite(arrays, step):
    bad = first_non_finite(arrays)
    if bad is not None:
        raise NonFiniteError(
            f"{bad} holds NaN or Inf at step {step}, so no checkpoint is written; "
            "those before it are intact. Usual remedies: smaller learning rates, a "
            "gradient penalty such as R1, or clipnorm=1 in the optimizers."
        )


def _fingerprints(game):
    """Name -> fingerprint of the networks whose layers go by their places."""
    return {
        name: keys.fingerprint(network)
        for name, network in game.networks().items()
        if keys.has_numbered_layers(network)
    }


def _write(temporary, arrays, manifest, config):
    with open(os.path.join(temporary, STATE), "wb") as file:
        np.savez(file, **arrays)
    with open(os.path.join(temporary, MANIFEST), "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)
    names = [STATE, MANIFEST]
    if config is not None:
        names.append(CONFIG)
        with open(os.path.join(temporary, CONFIG), "w", encoding="utf-8") as file:
            file.write(configs.dumps(config))
    sums = [(files.sha256(os.path.join(temporary, name)), name) for name in names]
    with open(os.path.join(temporary, SUMS), "w", encoding="utf-8") as file:
        file.writelines(f"{digest}  {name}\n" for digest, name in sums)


def damage(path: str | os.PathLike) -> str | None:
    """The damage of a checkpoint, as a sentence; None if there is none.

    Numbers that are not finite are no better than flipped bits.
    """
    reason = run_folders.damage(path)
    if reason is not None:
        return reason
    try:
        bad = first_non_finite(load(path))
    except ValueError as error:
        return str(error)
    return None if bad is None else f"{bad} holds NaN or Inf"


def newest(directory: str | os.PathLike) -> tuple[str, dict[str, Any]] | None:
    """The newest undamaged checkpoint as (path, manifest), or None if there is none.

    As `run_folders.newest`, which does not look at the numbers.
    """
    return run_folders.newest(directory, damage)


def load(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """The arrays of a checkpoint: key -> NumPy array.

    Raises:
        ValueError: for a file in which an array is larger than what is stored of it, or
            that holds something else than arrays of numbers.
    """
    held(path)
    with np.load(os.path.join(path, STATE), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def held(path: str | os.PathLike) -> Held:
    """The contents of a checkpoint, by its file and before memory is taken: `Held`.

    Raises:
        ValueError: for a file in which an array is larger than what is stored of it, or
            that holds something else than arrays of numbers.
    """
    path = os.path.join(path, STATE)
    arrays = numbers = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    version = np.lib.format.read_magic(file)
                    read = {
                        (1, 0): np.lib.format.read_array_header_1_0,
                        (2, 0): np.lib.format.read_array_header_2_0,
                    }[version]
                    shape, _, dtype = read(file)
                    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
                    left = member.file_size - file.tell()
                stored = member.compress_type == zipfile.ZIP_STORED
                if dtype.hasobject or size != left or not stored:
                    raise ValueError(
                        f"{path} holds {member.filename}, which is no plain array of "
                        "numbers as keras_gan writes it."
                    )
                arrays, numbers = arrays + 1, numbers + size // dtype.itemsize
    except (zipfile.BadZipFile, KeyError, EOFError, OverflowError) as error:
        raise ValueError(f"{path} cannot be read as arrays: {error}.") from error
    return Held(arrays, numbers)


def restore(
    game: keras.Model,
    arrays: dict[str, np.ndarray],
    groups: Collection[str] | None = None,
    but: Collection[str] = (),
) -> None:
    """Assign stored arrays to the variables of `game`.

    Args:
        game: a compiled game of the same config.
        arrays: as `load` returns them.
        groups: the groups of keys to assign ("generator", "metrics" ...), all by
            default.
        but: groups that may be missing, or be others, and are left alone.

    Raises:
        ValueError: naming what is missing or of another shape; nothing is assigned
            then.
    """
    variables = {k: v for k, v in keys.of_model(game).items() if _group(k) not in but}
    arrays = {k: array for k, array in arrays.items() if _group(k) not in but}
    differing = sorted(set(variables) ^ set(arrays))
    differing += [
        f"{name} of shape {arrays[name].shape}, not {tuple(variables[name].shape)}"
        for name in sorted(set(variables) & set(arrays))
        if tuple(variables[name].shape) != arrays[name].shape
    ]
    if differing:
        raise ValueError(
            f"The checkpoint holds other variables than this game: {differing[:6]}"
            f"{' ...' if len(differing) > 6 else ''}. Build the game as it was built."
        )
    for name, variable in variables.items():
        if groups is None or _group(name) in groups:
            variable.assign(arrays[name])


def check_graphs(game: keras.Model, manifest: dict[str, Any]) -> None:
    """Raise a ValueError if a network's unnamed layers are not where they were.

    Args:
        game: a compiled game.
        manifest: that of a checkpoint.
    """
    now = _fingerprints(game)
    stored = manifest["graphs"]
    differing = [name for name in stored if stored[name] != now.get(name)]
    if differing or set(stored) != set(now):
        name = (differing or sorted(set(stored) ^ set(now)))[0]
        raise ValueError(
            f"The layers of {name} that have no names of their own are not those of "
            "the checkpoint: there are others, they lead elsewhere, or they have other "
            "shapes, so it is not known which weights are whose. Build the network as "
            "it was built. (Layers with names, name=..., may change places.)"
        )


def _group(key):
    return key.split("/")[0]
