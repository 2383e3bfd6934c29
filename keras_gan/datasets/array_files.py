"""`.npy` and `.npz` files as a source."""

import zipfile
import zlib

import numpy as np

from .arrays import ArraySource


def open_array_file(path, split, image_size):
    """An `ArraySource` of a `.npy` or `.npz` file.

    A `.npy` file holds images (or vectors) and is memory-mapped. A `.npz` file holds
    `images` and, if wanted, `labels`; or `x` and `y`; or, as Keras' `mnist.npz`,
    `x_train`, `y_train`, `x_test`, `y_test`, of which `split` takes a pair.

    Raises:
        ValueError: if the file is no such file, has other keys, or lacks the split.
    """
    stored = _read(path, lambda: np.load(path, mmap_mode="r", allow_pickle=False))
    if isinstance(stored, np.ndarray):
        if split != "train":
            raise ValueError(
                f"{path} holds one array and so has no split {split!r}. Pass the file "
                "of that split, or an .npz file with x_train and x_test."
            )
        return _from(path, ArraySource(stored, image_size=image_size))
    with stored:
        image_key, label_key = _keys(path, stored.files, split)
        images = _read(path, lambda: stored[image_key])
        labels = None
        if label_key in stored.files:
            labels = _read(path, lambda: stored[label_key])
    return _from(path, ArraySource(images, labels, image_size=image_size))


def _from(path, source):
    source.origin = str(path.absolute())
    return source


def _read(path, reading):
    """What `reading()` returns, with NumPy's and the archive's errors told as ours."""
    try:
        return reading()
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        if "allow_pickle" in str(error) or "Python objects" in str(error):
            raise ValueError(
                f"{path} holds Python objects, which are not loaded: opening them "
                "could run code. Save arrays of numbers, all images of one size."
            ) from error
        raise ValueError(f"{path} cannot be read as NumPy data: {error}") from error


def _keys(path, found, split):
    pairs = [(f"x_{split}", f"y_{split}")]
    if split == "train":
        pairs += [("images", "labels"), ("x", "y")]
    for image_key, label_key in pairs:
        if image_key in found:
            return image_key, label_key
    expected = " or ".join(image_key for image_key, _ in pairs)
    raise ValueError(
        f"{path} has no images for split={split!r}: expected the key {expected}. "
        f"Received the keys: {', '.join(found) or 'none'}. Save it with "
        "np.savez(path, images=images, labels=labels)."
    )
