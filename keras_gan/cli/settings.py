"""Settings of a run's config on the command line: `--set compile.loss=hinge`."""

import copy
import difflib
import json
from typing import NamedTuple

from keras_gan.saving import entries

EARLY = ("data", "epochs", "steps", "seed")  # entries that are read before the data


class Setting(NamedTuple):
    """One entry of a config, and the value that it is to have."""

    path: tuple[str, ...]
    value: object

    @property
    def is_early(self):
        """Whether the entry is read before the data are."""
        return self.path[0] in EARLY


def parse(text):
    """The setting that "PATH=VALUE" means.

    Args:
        text: str; the path has its entries between dots, "compile.loss". The value is
            JSON where it is any, else a text.

    Raises:
        ValueError: for another form, or an entry that no config has.

    >>> parse("compile.loss=hinge")
    Setting(path=('compile', 'loss'), value='hinge')
    >>> parse("model.generator.filters=64").value
    64
    """
    place, equals, value = text.partition("=")
    path = tuple(place.strip().split("."))
    if not equals or not all(path):
        raise ValueError(
            "--set is ENTRY=VALUE, such as compile.loss=hinge, data.batch_size=32 or "
            f"model.generator.filters=64. Received: {text}"
        )
    entries.refuse_unknown([path[0]], entries.KEYS, "--set")
    if len(path) == 1 and path[0] not in EARLY[1:]:
        raise ValueError(
            f"--set names one entry of {path[0]}, such as {path[0]}.NAME=VALUE. "
            f"Received: {text}"
        )
    try:
        return Setting(path, json.loads(value))
    except json.JSONDecodeError:
        return Setting(path, value)


def apply(config, settings, known=None):
    """A copy of a config in which settings take place.

    Entries of an object's arguments go without the word "config" between:
    "model.generator.filters" is config["model"]["config"]["generator"]["config"] ...

    Args:
        config: dict.
        settings: iterable of `Setting`.
        known: None, or names that "data" may have beside those in it.

    Raises:
        ValueError: for an entry that is not there, with the nearest ones.
    """
    config = copy.deepcopy(config)
    for setting in settings:
        place, said = config, []
        for name in setting.path[:-1]:
            place = _arguments(_inside(place, name, said))
            said.append(name)
        last = setting.path[-1]
        if said == ["data"] and known is not None:
            entries.refuse_unknown([last], known, "data")
        elif said:
            _inside(place, last, said)
        place[int(last) if isinstance(place, list) else last] = setting.value
    return config


def _arguments(value):
    """The arguments of an object as Keras writes it; other values as they are."""
    is_object = isinstance(value, dict) and "class_name" in value
    return value["config"] if is_object else value


def _inside(place, name, said):
    """The entry `name` of a dict or list, or an error that says what there is."""
    where = ".".join(said) or "the config"
    if isinstance(place, list):
        if not name.isdecimal() or int(name) >= len(place):
            raise ValueError(
                f"--set: {where} is a list of {len(place)}, whose entries are numbered "
                f"from 0. Received: {where}.{name}."
            )
        return place[int(name)]
    if not isinstance(place, dict):
        raise ValueError(
            f"--set: {where} is {json.dumps(place)}, which has no entry {name!r}. Set "
            f"{where} as a whole."
        )
    if name not in place:
        near = difflib.get_close_matches(name, place, n=3, cutoff=0.4)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise ValueError(
            f"--set: unknown entry {name!r} in {where}. {hint}Its entries are "
            f"{', '.join(place) or 'none'}."
        )
    return place[name]
