"""Names on the command line, and the folders that they mean, without TensorFlow."""

import difflib
import os

from keras_gan.saving import hubs, json_files, run_folders
from keras_gan.saving.hubs import CONFIG, METADATA
from keras_gan.saving.zoo import NEAR, folder, names


def local(name):
    """The folder of a preset that NAME means on a hub, fetched; any other NAME itself.

    Raises:
        ValueError, OSError: if it cannot be fetched.
        RuntimeError: if the hub's client is not installed.
    """
    if not hubs.is_handle(name):
        return name
    try:
        return hubs.fetch(name)
    except ImportError as error:
        raise RuntimeError(str(error)) from error


def has_weights(path):
    """Whether the folder of a zoo entry or preset holds trained weights."""
    return os.path.isfile(metadata_path(path))


def has_card(path):
    """Whether the folder of a zoo entry or preset says what was measured of it."""
    return has_weights(path) and "evaluation" in read_json(metadata_path(path))


def metadata_path(path):
    """The file beside a preset's weights."""
    return os.path.join(path, METADATA)


def is_run(path):
    """Whether `path` is the output folder of a training."""
    config = os.path.isfile(os.path.join(path, CONFIG))
    return config and os.path.isdir(os.path.join(path, "checkpoints"))


def _entry(name):
    """The folder of the zoo entry `name`, or None."""
    return os.path.join(folder(), name) if name in names() else None


def _unknown(name, kinds):
    if os.path.basename(name) != name:
        return FileNotFoundError(f"There is no {name}.{_siblings(name)}")
    near = difflib.get_close_matches(name, names(), n=3, cutoff=NEAR)
    hint = f"Did you mean {', '.join(near)}? " if near else ""
    return ValueError(
        f"Unknown name {name!r}: neither a name of the zoo nor {kinds}. {hint}"
        "`keras-gan list` shows all names."
    )


def _siblings(path):
    """The hint at folders beside a path that does not exist."""
    parent, name = os.path.split(os.path.abspath(os.path.expanduser(path)))
    if not os.path.isabs(os.path.expanduser(path)):
        parent = os.path.relpath(parent)
    if not os.path.isdir(parent):
        return f" There is no folder {parent} either."
    beside = [entry.name for entry in os.scandir(parent) if entry.is_dir()]
    near = difflib.get_close_matches(name, beside, n=3, cutoff=NEAR)
    if near:
        return f" Did you mean {', '.join(os.path.join(parent, one) for one in near)}?"
    if not beside:
        return f" The folder {parent} holds no others."
    more = ", ..." if len(beside) > 3 else ""
    return f" The folders in {parent} are {', '.join(sorted(beside)[:3])}{more}."


def config_path(name):
    """The config file that NAME means: a zoo entry, a file, a run's or preset's folder.

    Of checkpoints that a script wrote, it is the one beside their arrays. A name of the
    zoo comes first; write ./NAME for a folder of the same name.

    Raises:
        ValueError: for an unknown name, with the nearest ones, or a folder without
            config.json.
        FileNotFoundError: for a path that does not exist, with those beside it.
    """
    if hubs.is_handle(name):
        raise ValueError(
            f"{name} is on a hub, from where `keras-gan info`, `sample` and `export` "
            "take it. To train on with it: GAN.from_preset(...).fit(...) in Python."
        )
    path = run_folders.without_choice(os.path.expanduser(name))
    if _entry(name):
        path = _entry(name)
    if os.path.isdir(path):
        inside = os.path.join(path, CONFIG)
        if not os.path.isfile(inside):
            checkpoint = run_folders.find(name)  # of a script's BackupAndRestore
            if checkpoint is not None:
                return _config_of_checkpoint(checkpoint)
            raise ValueError(
                f"There is no {CONFIG} in the folder {name}. To train on a folder of "
                f"images, pass it as data: keras-gan train photos --data {name}"
            )
        return inside
    if not os.path.isfile(path):
        raise _unknown(name, "an existing config file or run folder")
    return path


def _config_of_checkpoint(path):
    inside = os.path.join(path, CONFIG)
    if not os.path.isfile(inside):
        raise ValueError(
            f"{path} has no {CONFIG}: its game has classes of one's own, so only the "
            "script that wrote the checkpoint can read it."
        )
    return inside


def preset_path(name):
    """The folder of trained weights that NAME means: a zoo entry, a preset, a run.

    A preset on a hub is fetched. Of a run that has not ended it is the newest
    checkpoint; "RUN@step" and "RUN@best" are checkpoints too.

    Raises:
        ValueError: for an unknown name, or one without trained weights yet.
        OSError, RuntimeError: for a preset that cannot be fetched.
        FileNotFoundError: for a path that does not exist, with those beside it.
    """
    path = os.path.expanduser(local(name))
    if _entry(name):
        if has_weights(_entry(name)):
            return _entry(name)
        raise ValueError(
            f"{name} is a configuration without trained weights. Train it with "
            f"`keras-gan train {name}`, then pass the run's folder, such as "
            f"runs/{name}."
        )
    for place in (path, os.path.join(path, "preset")):
        if has_weights(place):
            return place
    if run_folders.has_checkpoints(path):
        return path  # which of them can be read is seen when it is
    checkpoint = run_folders.find(path)
    if checkpoint is not None:
        return checkpoint
    if not os.path.isdir(path):
        raise _unknown(name, "an existing folder of a run or preset")
    if is_run(path):
        raise ValueError(
            f"The run in {name} has no checkpoint yet. One is written at the end of an "
            f"epoch; go on with `keras-gan train {name} --resume`."
        )
    raise ValueError(
        f"{name} is neither a run's folder nor a preset: there is no {METADATA} in it."
    )


def run_path(name):
    """The folder of the run that NAME is.

    Raises:
        ValueError: if it is none.
    """
    path = os.path.expanduser(name)
    if not is_run(path):
        raise ValueError(
            f"{name} is not the folder of a run, such as `keras-gan train` makes: "
            "runs/mlp_digits."
        )
    return path


def read_json(path):
    """The contents of the JSON file `path`.

    Raises:
        ValueError: with line and column, if it is no JSON.
    """
    return json_files.read(path)
