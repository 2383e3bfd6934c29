"""`.npy` and `.npz` files as a source."""

import math

import numpy as np

from keras_gan.core.arguments import ArgumentError

from .arrays import ArraySource
from .memory import check_memory
from .regular_file import why_not_regular


def open_array_file(path, split, image_size, value_range=None):
    """An `ArraySource` of a `.npy` or `.npz` file.

    A `.npy` file holds images (or vectors) and is memory-mapped. A `.npz` file holds
    `images` and, if wanted, `labels`; or `x` and `y`; or, as Keras' `mnist.npz`,
    `x_train`, `y_train`, `x_test`, `y_test`, of which `split` takes a pair.

    Raises:
        ValueError: naming the file, if it is no such file, has other keys, lacks the
            split, holds arrays that `ArraySource` refuses, or more than the memory.
    """
    problem = why_not_regular(path)
    if problem is not None:
        raise ValueError(f"{path} {problem}. Pass a .npy or .npz file.")
    stored = _read(path, lambda: np.load(path, mmap_mode="r", allow_pickle=False))
    labels = None
    if isinstance(stored, np.ndarray):
        if split != "train":
            raise ArgumentError(
                f"{path} holds one array and so has no split {split!r}. Pass the file "
                "of that split, or an .npz file with x_train and x_test.",
                "split",
            )
        images = stored
    else:
        with stored:
            image_key, label_key = _keys(path, stored.files, split)
            images = _member(path, stored, image_key)
            if label_key in stored.files:
                labels = _member(path, stored, label_key)
    return source_of(path, images, labels, image_size, value_range)


def source_of(path, images, labels, image_size, value_range):
    """The `ArraySource` of a file's arrays, whose errors name the file."""
    try:
        source = ArraySource(
            images, labels, image_size=image_size, value_range=value_range
        )
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    source.origin = str(path.absolute())
    return source


def _member(path, archive, key):
    """One array of an `.npz` file, whose header is believed only as far as memory goes.

    A few bytes can claim any shape, and NumPy allocates it before it reads on.
    """
    claimed = _read(path, lambda: _claimed_bytes(archive, key))
    check_memory(f"{path}: {key}", claimed, "Save it as .npy, which is memory-mapped.")
    array = _read(path, lambda: archive[key])
    if not isinstance(array, np.ndarray):  # NumPy passes on what has no header
        raise ValueError(f"{path} cannot be read as NumPy data: {key} is no array.")
    return array


def _claimed_bytes(archive, key):
    """The bytes of an array by its header; by the archive where there is none."""
    stored = archive.zip.NameToInfo
    name = key if key in stored else f"{key}.npy"
    versions = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    with archive.zip.open(name) as file:
        if file.peek(6)[:6] == np.lib.format.MAGIC_PREFIX:
            version = np.lib.format.read_magic(file)
            if version in versions:
                shape, _, dtype = versions[version](file)
                claimed = math.prod(shape) * dtype.itemsize
                there = stored[name].file_size - file.tell()
                if claimed > there and not dtype.hasobject:
                    raise ValueError(f"{key} claims {claimed} bytes and has {there}.")
                return claimed
    return stored[name].file_size


def _read(path, reading):
    """The result of `reading()`, with NumPy's and the archive's errors told as ours."""
    try:
        return reading()
    # What NumPy and zipfile raise on a forged archive is not limited to some classes.
    except Exception as error:
        if not _begins_as_numpy(path):
            raise ValueError(
                f"{path} is no file of NumPy: it begins neither as .npy nor as .npz. "
                "Save arrays with np.save or np.savez."
            ) from error
        if "allow_pickle" in str(error) or "Python objects" in str(error):
            raise ValueError(
                f"{path} holds Python objects, which are not loaded: opening them "
                "could run code. Save arrays of numbers, all images of one size."
            ) from error
        reason = str(error).rstrip(".") or type(error).__name__
        raise ValueError(f"{path} cannot be read as NumPy data: {reason}.") from error


def _begins_as_numpy(path):
    with open(path, "rb") as file:
        return file.read(6).startswith((np.lib.format.MAGIC_PREFIX, b"PK"))


def keys_of(found, split):
    """The names of images and labels among those `found`; None if there are none."""
    for image_key, label_key in _pairs(split):
        if image_key in found:
            return image_key, label_key
    return None, None


def _pairs(split):
    pairs = [(f"x_{split}", f"y_{split}")]
    return [*pairs, ("images", "labels"), ("x", "y")] if split == "train" else pairs


def _keys(path, found, split):
    image_key, label_key = keys_of(found, split)
    if image_key is not None:
        return image_key, label_key
    expected = " or ".join(image_key for image_key, _ in _pairs(split))
    raise ValueError(
        f"{path} has no images for split={split!r}: expected the key {expected}. "
        f"Received the keys: {', '.join(found) or 'none'}. Save it with "
        "np.savez(path, images=images, labels=labels)."
    )
