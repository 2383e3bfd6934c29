"""Folders of checkpoints: which steps there are, and whether they can be read.

This file imports neither Keras nor TensorFlow, so that the command finds a checkpoint
before they start.
"""

import json
import os
import re
import time
import warnings
from collections.abc import Callable
from typing import Any

from keras_gan.core import files
from keras_gan.saving import json_files

FORMAT = 2
STATE, MANIFEST, CONFIG = "state.npz", "manifest.json", "config.json"
SUMS = "SHA256SUMS"
BEST = "best.json"
_NAME = re.compile(r"step-(\d{9,})$")
_CHOICE = re.compile(r"(.+)@(\d+|best)$")


def steps(directory: str | os.PathLike) -> list[int]:
    """The steps of the checkpoints in a folder, ascending; [] if there is no folder."""
    if not os.path.isdir(directory):
        return []
    found = (_NAME.match(name) for name in os.listdir(directory))
    return sorted(int(match[1]) for match in found if match)


def folder(directory: str | os.PathLike, step: int) -> str:
    """The folder of the checkpoint of `step`."""
    return os.path.join(directory, f"step-{step:09d}")


def step_of(path: str | os.PathLike) -> int | None:
    """The step of a checkpoint's folder, or None if it is named like none."""
    match = _NAME.match(os.path.basename(os.path.abspath(path)))
    return int(match[1]) if match else None


def damage(path: str | os.PathLike) -> str | None:
    """The damage of a checkpoint folder, as a sentence; None if there is none."""
    try:
        with open(os.path.join(path, SUMS), encoding="utf-8") as file:
            expected = dict(reversed(line.split()) for line in file)
        for name in sorted({STATE, MANIFEST, *expected}):
            if not os.path.isfile(os.path.join(path, name)):  # a FIFO would wait
                return f"{name} is no file"
            if files.sha256(os.path.join(path, name)) != expected.get(name):
                return f"{name} does not have the sha256 that {SUMS} says"
    except (OSError, ValueError) as error:
        return f"it cannot be read ({error})"
    return None


def manifest_of(path: str | os.PathLike) -> dict[str, Any]:
    """The manifest of an undamaged checkpoint.

    Raises:
        ValueError: if it has another format.
    """
    manifest = json_files.read(os.path.join(path, MANIFEST))
    kinds = {"format": int, "step": int, "graphs": dict, "versions": dict}
    has = isinstance(manifest, dict) and "format" in manifest
    if not has or (
        manifest["format"] == FORMAT
        and not all(
            isinstance(manifest.get(name), kind) for name, kind in kinds.items()
        )
    ):
        raise ValueError(
            f"{path}/{MANIFEST} is no manifest of a checkpoint: it has no "
            f"{', '.join(kinds)}."
        )
    if manifest["format"] != FORMAT:
        newer = isinstance(manifest["format"], int) and manifest["format"] > FORMAT
        remedy = "Upgrade keras_gan" if newer else "Train anew"
        raise ValueError(
            f"{path} has format {manifest['format']}, and this version of keras_gan "
            f"reads format {FORMAT}. {remedy}."
        )
    return manifest


def newest(
    directory: str | os.PathLike, what_is_wrong: Callable[[str], str | None] = damage
) -> tuple[str, dict[str, Any]] | None:
    """The newest undamaged checkpoint as (path, manifest), or None if there is none.

    A damaged one is reported as a warning, and the one before is taken.

    Args:
        directory: the folder of checkpoints.
        what_is_wrong: function of a checkpoint's folder, None or a sentence.

    Raises:
        ValueError: if all of several are damaged, or it has another format.
    """
    found = steps(directory)
    for step in reversed(found):
        path = folder(directory, step)
        reason = what_is_wrong(path)
        if reason is None:
            return path, manifest_of(path)
        if not os.path.isdir(path):  # a run in training has just removed it
            continue
        warnings.warn(
            f"The checkpoint {path} is damaged: {reason}. Trying the one before it.",
            stacklevel=3,
        )
    if found and steps(directory):
        raise ValueError(
            f"None of the {len(found)} checkpoints in {directory} can be read. Start "
            "anew in another folder, or remove this one."
        )
    return None


def best(directory: str | os.PathLike) -> dict[str, Any] | None:
    """The best checkpoint so far: {"step", "name", "value"}, or None."""
    path = os.path.join(directory, BEST)
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write_best(directory: str | os.PathLike, found: dict[str, Any]) -> None:
    """Say which checkpoint is the best: {"step", "name", "value"}."""
    with files.new_file(os.path.join(directory, BEST)) as file:
        file.write(json.dumps(found).encode())


def without_choice(name: str) -> str:
    """The path of a run in "path@step" or "path@best"; any other path itself."""
    choice = None if os.path.lexists(name) else _CHOICE.match(name)
    return choice[1] if choice else name


def has_checkpoints(name: str) -> bool:
    """Whether a path is a run, or a folder of checkpoints, with one at least."""
    inside = os.path.join(name, "checkpoints")
    return bool(steps(inside if os.path.isdir(inside) else name))


def find(
    name: str | os.PathLike, what_is_wrong: Callable[[str], str | None] = damage
) -> str | None:
    """The checkpoint that a path means, or None if it means none.

    Args:
        name: the path of a checkpoint, of a folder of checkpoints, or of a run; of the
            latter two the newest, or that of "path@step" or "path@best".
        what_is_wrong: function of a checkpoint's folder, None or a sentence.

    Returns:
        The checkpoint's folder, undamaged.

    Raises:
        ValueError: for a step that is not there, with those that are; a damaged one; a
            run without a best one.
    """
    name = os.path.expanduser(os.fspath(name))
    path = without_choice(name)
    wanted = None if path == name else name.rsplit("@", 1)[1]
    if wanted is None and step_of(path) is not None and os.path.isdir(path):
        return _checked(path, what_is_wrong)
    inside = os.path.join(path, "checkpoints")
    directory = inside if os.path.isdir(inside) else path
    if not steps(directory):
        if wanted is not None and os.path.isdir(path):
            raise ValueError(f"There are no checkpoints in {path}.")
        return None
    if wanted is None:
        return _newest_of_a_run(directory, what_is_wrong)
    if wanted == "best":
        found = best(directory)
        if found is None:
            raise ValueError(
                f"No checkpoint in {directory} is marked as the best: the run was "
                "trained without BackupAndRestore(best=...), such as "
                'best="val_frechet_distance". Pass a step, as in '
                f"{path}@{steps(directory)[-1]}."
            )
        wanted = found["step"]
    step = int(wanted)
    if step not in steps(directory):
        there = ", ".join(str(step) for step in steps(directory))
        raise ValueError(
            f"There is no checkpoint of step {step} in {directory}. The steps are: "
            f"{there}."
        )
    return _checked(folder(directory, step), what_is_wrong)


def _newest_of_a_run(directory, what_is_wrong):
    """The newest checkpoint; a run in training may remove it as it is looked at."""
    for _ in range(5):
        found = newest(directory, what_is_wrong)
        if found is not None:
            return found[0]
        time.sleep(0.1)
    return None


def _checked(path, what_is_wrong):
    reason = what_is_wrong(path)
    if reason is not None:
        raise ValueError(f"The checkpoint {path} is damaged: {reason}.")
    manifest_of(path)
    return path
