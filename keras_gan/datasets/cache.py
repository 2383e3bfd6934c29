"""Images decoded once into a memory-mapped file, for sources without random access."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil

import numpy as np

from keras_gan.core import files, leftovers
from keras_gan.core.arguments import ArgumentError

from .arrays import ArraySource


def cache_folder():
    """`$KERAS_GAN_CACHE`, or else `keras_gan` in `$XDG_CACHE_HOME` or `~/.cache`."""
    chosen = os.environ.get("KERAS_GAN_CACHE")
    if chosen:
        return pathlib.Path(chosen).expanduser()
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return pathlib.Path(home).expanduser() / "keras_gan"


def decoded_once(name, key, examples, count, class_names):
    """An `ArraySource` over a cache of examples, which is written if it is not there.

    The cache is written under a temporary name and renamed when it is complete and on
    disk: a run that is killed leaves no half of a cache behind that another would read.

    Args:
        name: str, the readable part of the cache's name.
        key: what JSON can hold; another key means another cache.
        examples: function that returns an iterable of (image, label): uint8 arrays
            (height, width, channels), and ints or None.
        count: int, the number of examples.
        class_names: tuple of str, or None.

    Raises:
        ValueError: if the images differ in size or the cache is damaged.
        OSError: if the cache cannot be written, or the disk has not enough room.
    """
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    folder = cache_folder() / f"{name}-{digest[:16]}"
    if not folder.is_dir():
        _write(folder, examples(), count)
    try:
        images = np.load(folder / "images.npy", mmap_mode="r")
        labels = None
        if (folder / "labels.npy").exists():
            labels = np.load(folder / "labels.npy")
    except (OSError, ValueError) as error:
        raise ValueError(
            f"The cache {folder} is damaged: {error}. Remove this folder, and the data "
            "are decoded anew."
        ) from error
    return ArraySource(images, labels, class_names)


def _write(folder, examples, count):
    with contextlib.ExitStack() as ending:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            leftovers.remove(folder.parent)  # of whichever data
            made = ending.enter_context(files.workspace(folder))
        except OSError as error:
            raise OSError(
                f"The decoded images cannot be cached in {folder.parent}: {error}. Set "
                "KERAS_GAN_CACHE to a folder that can be written."
            ) from error
        unfinished = pathlib.Path(made) / "new"
        unfinished.mkdir()
        labels = _write_images(unfinished / "images.npy", examples, count)
        if labels[0] is not None:
            with _synced(unfinished / "labels.npy") as file:
                np.save(file, np.array(labels, np.int32))
        _sync_folder(unfinished)
        try:
            os.rename(unfinished, folder)
        except OSError:
            if not folder.is_dir():
                raise
            # Another process has finished the same cache meanwhile.
        _sync_folder(folder.parent)


def _write_images(path, examples, count):
    """Write the images as one `.npy` array; returns the list of labels."""
    labels = []
    shape = None
    # Plain writes and no memory map: on a full disk, these raise, and that is killed.
    with _synced(path) as file:
        for image, label in examples:
            if shape is None:
                shape = image.shape
                _check_room(path, count * image.nbytes)
                header = {"descr": "|u1", "fortran_order": False}
                header["shape"] = (count, *shape)
                np.lib.format.write_array_header_1_0(file, header)
            if image.shape != shape:
                raise ArgumentError(
                    f"The images differ in shape: number 0 is {shape} and number "
                    f"{len(labels)} is {image.shape} (height, width, channels). Pass "
                    "image_size=, such as image_size=64, to crop and resize them.",
                    "image_size",
                )
            file.write(np.ascontiguousarray(image, np.uint8))
            labels.append(label)
    if len(labels) != count:
        raise ValueError(f"Expected {count} examples. Received: {len(labels)}.")
    return labels


def _check_room(path, size):
    free = shutil.disk_usage(path.parent).free
    if size > free:
        raise OSError(
            f"The decoded images need {size / 1e9:.2f} GB in {cache_folder()}, "
            f"where {free / 1e9:.2f} GB are free. Set KERAS_GAN_CACHE to a folder with "
            "more room, or pass a smaller image_size."
        )


@contextlib.contextmanager
def _synced(path):
    """A file to write, on disk when the context ends and not only on its way there."""
    with open(path, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
