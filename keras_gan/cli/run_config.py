"""The config of one run: read from JSON, checked, and changed by the options."""

import copy
import re

from keras_gan.cli import settings as settings_of_runs
from keras_gan.cli import zoo
from keras_gan.cli.settings import Setting
from keras_gan.core.arguments import is_integer
from keras_gan.saving import entries

DATA = {"source": None, "batch_size": 64, "image_size": None, "split": "train"}
DATA_KEYS = (
    *DATA,
    "labels",
    "skip_corrupt",
    "value_range",
    "channels",
    "held_out",
    "passes",
)
LARGEST_SEED = 2**31 - 1
RECIPES = ("photographs",)  # which fit a config to its data: `keras_gan.recipes`


def read(name):
    """The config that NAME means, complete and checked as far as JSON goes.

    Which classes it names is checked by `keras_gan.saving.configs`, when it is built.

    Raises:
        ValueError: naming the file and the entry.
    """
    path = zoo.config_path(name)
    config = zoo.read_json(path)
    try:
        return _complete(config)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _complete(config):
    entries.check(config)
    data = config.get("data", {})
    entries.refuse_unknown(data, DATA_KEYS, '"data"')
    kept = ("from", "validation", "recipe")
    config = {
        "model": config["model"],
        "compile": config.get("compile", {}),
        "data": {**DATA, **data},
        **_length(config.get("epochs", 1), config.get("steps")),
        "seed": config.get("seed", 0),
        **{key: config[key] for key in kept if key in config},
    }
    _check_values(config)
    return config


def _length(epochs, steps):
    """The entry that says how long a run is."""
    return {"epochs": epochs} if steps is None else {"steps": steps}


def _check_values(config):
    length = "steps" if "steps" in config else "epochs"
    start = config.get("from", {"preset": "", "sha256": ""})
    validation = config.get("validation", {})
    recipe = config.get("recipe")
    data, size = config["data"], config["data"]["image_size"]
    whole_pair = isinstance(size, list) and len(size) == 2
    sides = size if whole_pair else [size]
    labels, skip = (data.get(key, False) for key in ("labels", "skip_corrupt"))
    at_once = config["compile"].get("steps_per_execution", "auto")
    checks = (
        (
            "compile.steps_per_execution",
            at_once,
            'an integer >= 1 or "auto"',
            at_once == "auto" or is_integer(at_once, 1),
        ),
        ("data.source", data["source"], "a name or path", _is_text(data["source"])),
        (
            "data.batch_size",
            data["batch_size"],
            "an integer >= 1",
            is_integer(data["batch_size"], 1),
        ),
        (
            "data.image_size",
            size,
            "null, an integer or [height, width]",
            size is None or all(is_integer(side, 1) for side in sides),
        ),
        ("data.split", data["split"], "a name", isinstance(data["split"], str)),
        (
            "data.labels",
            labels,
            'true, false, or {"per_class": how many of each class are kept}, where '
            '"seed" says which',
            isinstance(labels, bool) or _is_few(labels),
        ),
        ("data.skip_corrupt", skip, "true or false", isinstance(skip, bool)),
        (
            "data.value_range",
            data.get("value_range"),
            "null or [low, high], two numbers with low < high",
            _is_range(data.get("value_range")),
        ),
        (
            "data.channels",
            data.get("channels"),
            "null, 1, 3 or 4",
            data.get("channels") is None
            or any(is_integer(data["channels"], n, n) for n in (1, 3, 4)),
        ),
        (
            "data.held_out",
            data.get("held_out"),
            "null, an integer >= 1 or a share between 0 and 1",
            _is_part(data.get("held_out")),
        ),
        (
            "data.passes",
            data.get("passes", 1),
            "an integer >= 1",
            is_integer(data.get("passes", 1), 1),
        ),
        (
            length,
            config[length],
            "an integer >= 1",
            is_integer(config[length], 1),
        ),
        (
            "from",
            start,
            'the "preset" that the run begins with, and its "sha256"',
            set(start) == {"preset", "sha256"}
            and all(isinstance(value, str) for value in start.values()),
        ),
        (
            "validation",
            validation,
            'how the run is measured by the images that are held out: {"freq": 5 '
            'epochs or "auto", "best": null or a quantity, "health": true or false}',
            _is_validation(validation),
        ),
        (
            "recipe",
            recipe,
            f"null or one of {', '.join(RECIPES)}",
            recipe is None or recipe in RECIPES,
        ),
        (
            "seed",
            config["seed"],
            f"an integer from 0 to {LARGEST_SEED}",
            is_integer(config["seed"], 0, LARGEST_SEED),
        ),
    )
    for name, value, expected, right in checks:
        if not right:
            raise ValueError(f'"{name}" is {expected}. Received: {value!r}.')


def _is_range(pair):
    if pair is None:
        return True
    return (
        isinstance(pair, list)
        and len(pair) == 2
        and all(type(x) in (int, float) and abs(x) < 1e300 for x in pair)
        and pair[0] < pair[1]
    )


def _is_part(held_out):
    """Whether `held_out` is a number of images or a share of them, or nothing."""
    if held_out is None or is_integer(held_out, 1):
        return True
    return type(held_out) is float and 0 < held_out < 1


def _is_few(labels):
    """Whether `labels` says how many of each class are kept, and perhaps which."""
    return (
        isinstance(labels, dict)
        and {"per_class"} <= set(labels) <= {"per_class", "seed"}
        and is_integer(labels["per_class"], 1)
        and is_integer(labels.get("seed", 0), 0, LARGEST_SEED)
    )


def _is_validation(validation):
    freq, best = validation.get("freq", "auto"), validation.get("best")
    return (
        set(validation) <= {"freq", "best", "health"}
        and (freq == "auto" or is_integer(freq, 1))
        and _is_text(best)
        and isinstance(validation.get("health", False), bool)
    )


def _is_text(value):
    return value is None or (isinstance(value, str) and value != "")


def no_data(name):
    """The error of a config that is to be trained and names no data."""
    return ValueError(
        f"{name} names no data of its own: pass --data with a folder or zip of "
        "images, an .npz, .npy or .h5 file, or a name such as digits or mnist."
    )


def parse_image_size(text):
    """ "32" -> 32, "32x48" -> [32, 48] (height x width); None stays.

    Raises:
        ValueError: for anything else.
    """
    if text is None:
        return None
    match = re.fullmatch(r"([1-9]\d*)(?:x([1-9]\d*))?", text)
    if not match:
        raise ValueError(
            f"--image-size is a side, such as 32, or HEIGHTxWIDTH, such as 32x48. "
            f"Received: {text}"
        )
    height, width = match.groups()
    return int(height) if width is None else [int(height), int(width)]


def parse_value_range(text):
    """[low, high] of "LOW:HIGH", or None of None.

    >>> parse_value_range("0:4095")
    [0.0, 4095.0]
    """
    if text is None:
        return None
    low, _, high = text.partition(":")
    try:
        pair = [float(low), float(high)]
    except ValueError:
        pair = []
    if not _is_range(pair):
        raise ValueError(
            "--value-range is LOW:HIGH, the values that are black and white, such as "
            f"0:255 or 0:4095. Received: {text}"
        )
    return pair


def parse_held_out(text):
    """A number of images, or a share of them; None stays.

    >>> parse_held_out("500"), parse_held_out("0.1")
    (500, 0.1)
    """
    if text is None:
        return None
    try:
        held_out = int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    except ValueError:
        held_out = text
    if not _is_part(held_out):
        raise ValueError(
            "--held-out is a number of images, such as 500, or a share between 0 and "
            f"1, such as 0.1. Received: {text}"
        )
    return held_out


def with_options(
    config,
    data,
    image_size,
    epochs,
    batch_size,
    seed,
    skip_corrupt,
    labels_per_class,
    value_range=None,
    steps=None,
    settings=(),
    channels=None,
    held_out=None,
):
    """A copy of `config` in which the options that were given (not None) take place.

    Other data come whole: the config's `image_size`, `split`, `value_range` and
    `channels` go with its own data.
    How many make a minibatch, and whether labels are read, goes with the game.
    """
    config = copy.deepcopy(config)
    if data is not None:
        kept = {
            k: config["data"][k]
            for k in ("batch_size", "labels")
            if k in config["data"]
        }
        config["data"] = {**DATA, "source": data, **kept}
    given = {
        "image_size": image_size,
        "batch_size": batch_size,
        "value_range": value_range,
        "channels": channels,
        "held_out": held_out,
    }
    for key, value in given.items():
        if value is not None:
            config["data"][key] = value
    if skip_corrupt:
        config["data"]["skip_corrupt"] = True
    if labels_per_class is not None:
        labels = config["data"].get("labels")
        seed_of_labels = labels.get("seed", 0) if isinstance(labels, dict) else 0
        few = {"per_class": labels_per_class, "seed": seed_of_labels}
        config["data"]["labels"] = few
    early = [setting for setting in settings if setting.is_early]
    given = {"epochs": epochs, "steps": steps, "seed": seed}
    given = [
        Setting((key,), value) for key, value in given.items() if value is not None
    ]
    return with_settings(config, [*early, *given])


def with_settings(config, settings):
    """A copy of `config` in which settings of data, length and seed take place.

    Raises:
        ValueError: for an entry that there is not, or a value that will not do.
    """
    config = copy.deepcopy(config)
    for setting in settings:
        if setting.path[0] in ("epochs", "steps"):
            config.pop("epochs", None)
            config.pop("steps", None)
        if setting.path == ("seed",):  # the written model of another run holds it too
            config["model"]["config"].pop("seed", None)
        config = settings_of_runs.apply(config, [setting], DATA_KEYS)
    _check_values(config)
    return config


def fixed_shape(config):
    """The shape of samples that a config's networks are made for; None if open."""
    for part in config["model"]["config"].values():
        if isinstance(part, dict) and isinstance(part.get("config"), dict):
            for shape in map(part["config"].get, ("image_shape", "sample_shape")):
                if shape is not None:
                    return tuple(shape)
    return None
