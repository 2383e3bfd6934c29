"""HDF5 files as a source."""

import contextlib
import math

import numpy as np

from keras_gan.core.arguments import ArgumentError

from .array_files import keys_of, source_of
from .memory import check_memory

LISTED = 8  # data sets that an error names


def open_hdf5(path, split, image_size, value_range=None):
    """An `ArraySource` of an HDF5 file.

    Images are the data set `images`, `x` or `x_train`, with the labels `labels`, `y` or
    `y_train` as in an `.npz` file; or else the only one in the file of three or four
    axes, with the only one of integers that has one for each. Nothing outside of the
    file is read: links, virtual data sets and those in raw files are passed over.
    What is stored in one piece is memory-mapped, what is compressed or in chunks is
    read, if the memory can hold it.

    Args:
        path: `pathlib.Path` of a regular file.
        split, image_size, value_range: as of `datasets.load`.

    Raises:
        ValueError: naming the file, if it is no HDF5, leaves open which data set is
            meant, lacks the split, holds what `ArraySource` refuses, or more than the
            memory.
    """
    import h5py

    # What HDF5 raises on a damaged file is not limited to some classes.
    try:
        file = h5py.File(path, "r")
    except Exception as error:
        raise ValueError(
            f"{path} cannot be read as HDF5: {error}. Pass a file that h5py opens."
        ) from error
    with file:
        try:
            found = dict(_datasets(file))
        except Exception as error:
            raise ValueError(f"{path} cannot be read as HDF5: {error}.") from error
        image_key, label_key = _chosen(path, found, split)
        images = _array(path, image_key, found[image_key])
        labels = None
        if label_key is not None:
            labels = _array(path, label_key, found[label_key])
    return source_of(path, images, labels, image_size, value_range)


def _datasets(group):
    """(name, data set) of all that lie in a group of the file itself, and below."""
    import h5py

    seen, waiting = set(), [("", group)]
    while waiting:
        begin, group = waiting.pop()
        if hash(group.id) in seen:  # a group may hold the one that holds it
            continue
        seen.add(hash(group.id))
        for name in group:
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                continue
            child = None
            with contextlib.suppress(Exception):  # a damaged one is not there
                child = group[name]
            if isinstance(child, h5py.Group):
                waiting.append((f"{begin}{name}/", child))
            elif isinstance(child, h5py.Dataset) and _is_inside(child):
                yield f"{begin}{name}", child


def _is_inside(dataset):
    """Whether a data set is an array of numbers that lies in its own file."""
    outside = dataset.is_virtual or dataset.external
    return dataset.shape is not None and not outside


def _chosen(path, found, split):
    """The names of the images and of the labels, or None without labels."""
    images, labels = keys_of(found, split)
    if images is not None:
        return images, labels if labels in found else None
    many = [name for name in found if found[name].ndim in (3, 4)]
    many = [name for name in many if found[name].dtype.kind in "buif"]
    if len(many) != 1 or split != "train":
        raise _unclear(path, found, many, split)
    count = found[many[0]].shape[0]
    classes = [
        name
        for name, dataset in found.items()
        if dataset.dtype.kind in "iu" and dataset.shape in ((count,), (count, 1))
    ]
    return many[0], classes[0] if len(classes) == 1 else None


def _unclear(path, found, many, split):
    listed = [
        f"{name} {found[name].shape} {found[name].dtype}" for name in sorted(found)
    ]
    more = f" and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
    there = f"It holds {', '.join(listed[:LISTED]) or 'no data sets'}{more}."
    if split != "train":
        return ArgumentError(
            f"{path} has no images for split={split!r}: expected the data set "
            f"x_{split}. {there}",
            "split",
        )
    example = (many or sorted(found) or ["faces"])[0]
    number = "several that may be images" if many else "none that may be images"
    return ValueError(
        f"{path} has no data set images, x or x_train, and of three or four axes it "
        f"has {number}. {there} Give the one that is meant the name images, without a "
        f"copy: with h5py.File(path, 'a') as file: file['images'] = file[{example!r}]. "
        "Labels are called labels."
    )


def _array(path, name, dataset):
    """The numbers of a data set, memory-mapped if they lie in one piece."""
    if dataset.dtype.kind not in "buif":
        raise ValueError(
            f"{path}: {name} holds {dataset.dtype} of shape {dataset.shape}. Expected "
            "numbers, such as uint8 or float32."
        )
    claimed = math.prod(dataset.shape) * dataset.dtype.itemsize
    offset = dataset.id.get_offset()
    plain = dataset.dtype.kind in "uif" and dataset.file.userblock_size == 0
    if offset is not None and plain and claimed:
        if path.stat().st_size < offset + claimed:
            raise ValueError(f"{path} is cut off: {name} reaches beyond its end.")
        return np.memmap(path, dataset.dtype, "r", offset, dataset.shape)
    mend = "Store it without chunks and compression, which is memory-mapped."
    check_memory(f"{path}: {name}", claimed, mend)
    try:
        return dataset[()]
    except Exception as error:
        raise ValueError(f"{path} cannot be read as HDF5: {name}: {error}.") from error
