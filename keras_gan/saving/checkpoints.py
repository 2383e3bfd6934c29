"""Checkpoints of a run: every variable that the next step depends on, bit for bit.

A checkpoint is a folder `step-000000123` with `state.npz` (plain arrays, never
pickled), `manifest.json` and `SHA256SUMS` (so that `sha256sum -c` can check it too). It
appears under its name as a whole or not at all.
"""

import json
import os
import re
import shutil
import warnings

import numpy as np

from keras_gan.core import distribution, files

FORMAT = 1
STATE, MANIFEST, SUMS = "state.npz", "manifest.json", "SHA256SUMS"
_NAME = re.compile(r"step-(\d{9,})$")


def variables_of(game):
    """Key -> variable for all that a run is made of, in an order set by its config.

    All networks with their batch statistics and Dropout's seeds, the averages, the
    counters, each player's optimizer with moments and step counts, and the metrics in
    the middle of an epoch.
    """
    groups = {
        "game": game.variables,
        **{name: found.variables for name, found in game.optimizers().items()},
        # What `fit` logs. Those of `evaluate` begin anew each time, and some are built
        # when they first see data.
        "metrics": [v for tracker in game.trackers for v in tracker.variables],
    }
    return {
        f"{group}/{index:04d}": variable
        for group, variables in groups.items()
        for index, variable in enumerate(variables)
    }


def steps(directory):
    """The steps of the checkpoints in a folder, ascending; [] if there is no folder."""
    if not os.path.isdir(directory):
        return []
    found = (_NAME.match(name) for name in os.listdir(directory))
    return sorted(int(match[1]) for match in found if match)


def folder(directory, step):
    """The folder of the checkpoint of `step`."""
    return os.path.join(directory, f"step-{step:09d}")


def save(game, directory, manifest, keep):
    """Write a checkpoint of the step that `game` has reached.

    Args:
        game: a compiled game.
        directory: the folder of checkpoints.
        manifest: JSON-serialisable dict to keep with the arrays.
        keep: how many checkpoints to keep, the newest.

    Raises:
        OSError: if it cannot be written; earlier checkpoints are untouched then.
    """
    step = int(game.step.numpy())
    path = folder(directory, step)
    # With several workers this reads metrics across all of them; the chief writes.
    arrays = {name: v.numpy() for name, v in variables_of(game).items()}
    if not distribution.is_chief(game.distribute_strategy):
        return
    if os.path.isdir(path):  # taken up, and stopped again at the same step
        return
    try:
        with files.new_folder(path) as temporary:
            _write(temporary, arrays, {"format": FORMAT, "step": step, **manifest})
    except OSError as error:
        raise OSError(
            error.errno,
            f"The checkpoint of step {step} could not be written: "
            f"{error.strerror or error}. Those before it are intact; mend the disk, "
            "then resume",
            path,
        ) from error
    for old in steps(directory)[:-keep]:
        shutil.rmtree(folder(directory, old), ignore_errors=True)
    for name in os.listdir(directory):  # half-written when a run was killed
        if name.startswith(".step-"):
            shutil.rmtree(os.path.join(directory, name), ignore_errors=True)


def _write(temporary, arrays, manifest):
    with open(os.path.join(temporary, STATE), "wb") as file:
        np.savez(file, **arrays)
    with open(os.path.join(temporary, MANIFEST), "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)
    sums = [(files.sha256(os.path.join(temporary, n)), n) for n in (STATE, MANIFEST)]
    with open(os.path.join(temporary, SUMS), "w", encoding="utf-8") as file:
        file.writelines(f"{digest}  {name}\n" for digest, name in sums)


def damage(path):
    """What is wrong with a checkpoint folder, as a sentence; None if nothing is."""
    try:
        with open(os.path.join(path, SUMS), encoding="utf-8") as file:
            expected = dict(reversed(line.split()) for line in file)
        for name in (STATE, MANIFEST):
            if files.sha256(os.path.join(path, name)) != expected.get(name):
                return f"{name} does not have the sha256 that {SUMS} says"
    except (OSError, ValueError) as error:
        return f"it cannot be read ({error})"
    return None


def newest(directory):
    """The newest undamaged checkpoint as (path, manifest), or None if there is none.

    A damaged one is reported as a warning, and the one before is taken.

    Raises:
        ValueError: if all of several are damaged, or it has a newer format.
    """
    found = steps(directory)
    for step in reversed(found):
        path = folder(directory, step)
        reason = damage(path)
        if reason is None:
            with open(os.path.join(path, MANIFEST), encoding="utf-8") as file:
                manifest = json.load(file)
            if manifest["format"] > FORMAT:
                raise ValueError(
                    f"{path} has format {manifest['format']}, and this version of "
                    f"keras_gan reads up to {FORMAT}. Upgrade keras_gan."
                )
            return path, manifest
        warnings.warn(
            f"The checkpoint {path} is damaged: {reason}. Trying the one before it.",
            stacklevel=3,
        )
    if found:
        raise ValueError(
            f"None of the {len(found)} checkpoints in {directory} can be read. Start "
            "anew in another folder, or remove this one."
        )
    return None


def load(path):
    """The arrays of a checkpoint: name -> NumPy array."""
    with np.load(os.path.join(path, STATE), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def restore(game, arrays, groups=None):
    """Assign stored arrays to the variables of `game`.

    Args:
        game: a compiled game of the same config.
        arrays: as `load` returns them.
        groups: the groups to assign ("game", "metrics" ...), all by default.

    Raises:
        ValueError: naming what is missing or of another shape; nothing is assigned
            then.
    """
    variables = variables_of(game)
    differing = sorted(set(variables) ^ set(arrays))
    differing += [
        name
        for name in set(variables) & set(arrays)
        if tuple(variables[name].shape) != arrays[name].shape
    ]
    if differing:
        raise ValueError(
            f"The checkpoint holds other variables than this game: {differing[:6]}"
            f"{' ...' if len(differing) > 6 else ''}. Build the game as it was built."
        )
    for name, variable in variables.items():
        if groups is None or name.split("/")[0] in groups:
            variable.assign(arrays[name])
