"""Checks of HDF5 weights: plain arrays of numbers, all of them in that file."""

import os
import typing

import h5py

NUMBERS = "biuf"
# The largest game of the field's papers, in training, has a third of it.
MOST_OBJECTS = 10_000


class Held(typing.NamedTuple):
    """The contents of a file of weights: how many arrays, and numbers in them."""

    arrays: int
    numbers: int


def check(path: str | os.PathLike) -> Held:
    """Raise unless an HDF5 file is a tree of plain arrays, as Keras writes weights.

    HDF5 can also hold links into other files, arrays whose values lie in other files
    or are views of them, objects, and arrays that are large although the file is small.

    Args:
        path: of the file.

    Returns:
        `Held`.

    Raises:
        ValueError: naming what the file holds, and where.

    Example:

    >>> with h5py.File("outside.h5", "w") as file:
    ...     file["weights"] = h5py.ExternalLink("other.h5", "/secret")
    >>> check("outside.h5")
    Traceback (most recent call last):
    ...
    ValueError: outside.h5 holds an ExternalLink at /weights. ...
    """
    try:
        with h5py.File(path, "r") as file:
            found = _look_through(file)
    except (OSError, RuntimeError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read as HDF5: {error}.") from error
    if isinstance(found, str):
        raise ValueError(
            f"{path} holds {found}. A preset's weights are plain arrays of numbers in "
            "one file, as save_to_preset writes them. Save the preset anew."
        )
    return found


def _look_through(file):
    """The contents of a file; in words, what it is that is no plain array or group."""
    seen, open_groups = set(), [file]
    arrays = numbers = 0
    while open_groups:
        group = open_groups.pop()
        if len(seen) + len(group) > MOST_OBJECTS:
            return f"more than {MOST_OBJECTS:,} arrays and groups"
        for name in group:
            where = f"{group.name.rstrip('/')}/{name}"
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                return f"an {type(link).__name__} at {where}"
            item = group[name]
            place = h5py.h5o.get_info(item.id).addr
            if place in seen:
                return f"a second name of one object at {where}"
            seen.add(place)
            if isinstance(item, h5py.Group):
                open_groups.append(item)
            elif (problem := _problem(item)) is not None:
                return f"{problem} at {where}"
            else:
                arrays += 1
                numbers += item.size
    return Held(arrays, numbers)


def _problem(item):
    """The reason why `item` is no plain array of numbers; or None."""
    if not isinstance(item, h5py.Dataset):
        return "a named type"
    if item.shape is None or item.dtype.kind not in NUMBERS:
        return f"values of type {item.dtype}"
    if item.is_virtual:
        return "a virtual array"
    if item.external:
        return f"an array that lies in {item.external[0][0]!r}"
    if item.id.get_storage_size() != item.nbytes:
        return f"an array of {item.nbytes} bytes in {item.id.get_storage_size()}"
    return None
