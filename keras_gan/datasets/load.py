"""Loading: from a name, a folder, a file or arrays to an epoch of minibatches."""

import difflib
import os
import pathlib

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import ArgumentError, check_integer

from . import tfds
from .array_files import open_array_file
from .arrays import ArraySource
from .digits import open_digits
from .epoch_dataset import EpochDataset, check_element
from .folder import FolderSource
from .hdf5_files import open_hdf5
from .held_out import SPLIT, check_held_out, part_of
from .image_files import ImageFiles
from .images import check_channels, parse_image_size
from .order import Order
from .regular_file import why_not_regular
from .value_range import parse_value_range
from .zip_files import ZippedImages

ARRAY_FILES, HDF5_FILES, ZIP_FILES = (".npy", ".npz"), (".h5", ".hdf5"), (".zip",)
FILES = (*ARRAY_FILES, *HDF5_FILES, *ZIP_FILES)
ENDINGS = f"{', '.join(FILES[:-1])} or {FILES[-1]}"
NEAR = 0.8  # of difflib: "mnst" is near "mnist" (0.89), "photos" is not "toto" (0.6)


def load(
    source: str | os.PathLike | np.ndarray | tuple[np.ndarray, ArrayLike],
    batch_size: int,
    image_size: int | tuple[int, int] | None = None,
    labels: bool = False,
    split: str = "train",
    seed: int = 0,
    shuffle: bool = True,
    drop_remainder: bool = True,
    skip_corrupt: bool = False,
    value_range: tuple[float, float] | None = None,
    channels: int | None = None,
    cache: bool = True,
    held_out: int | float | None = None,
    passes: int = 1,
) -> EpochDataset:
    """Load a data set: one epoch of minibatches, as a `tf.data.Dataset`.

    Images are float32 in [-1, 1], shape (batch, height, width, channels); with
    `labels=True` an element is a pair of them and int32 classes (batch,).

    Args:
        source: one of
            - "digits": 1797 digits of 8 x 8 pixels, always at hand;
            - a name of tensorflow-datasets: "mnist", "cifar10", "mnist:3.0.1". It is
              read from `$TFDS_DATA_DIR`, decoded once into `$KERAS_GAN_CACHE` (or
              `~/.cache/keras_gan`), and downloaded only if it is not on disk;
            - a folder of images, flat or with one sub-folder for each class (see
              `FolderSource`). Write "./mnist" for a folder that has a data set's name;
            - a `.zip` of images, as a folder: it is not unpacked (see
              `ZippedImages`);
            - an `.npz` or `.npy` file (see `open_array_file`);
            - a `.h5` or `.hdf5` file (see `open_hdf5`);
            - arrays: images, or a pair (images, labels), of shape (n, height, width,
              channels) or (n, height, width); or float vectors (n, d), which are passed
              on as they are.
        batch_size: int >= 1, the samples of a minibatch.
        image_size: int (a square) or (height, width): the centre is cropped to that
            aspect and resized, antialiased. None keeps the size.
        labels: bool, whether to give the classes too.
        split: str, the part of a tensorflow-datasets name, or of an `.npz` or HDF5 file
            with x_train and x_test. Other sources have "train" only. "held_out" is what
            `held_out` keeps out of "train".
        seed: int in [0, 2**31 - 1], of the order.
        shuffle: bool; True draws another order for each `epoch`.
        drop_remainder: bool, whether to leave out a last smaller minibatch, as training
            wants. Pass False to evaluate on every sample.
        skip_corrupt: bool, for a folder or zip: leave out files that cannot be decoded,
            with a warning, instead of raising.
        value_range: (low, high), the values of images that are black and white: they
            become -1 and 1, and those between linearly. None takes (0, 255) for uint8,
            (0, 65535) for uint16, (0, 1) for bool and (-1, 1) for floats, and refuses
            images whose values, all of them, leave it open. Values beyond by at most
            5 % of the range are clipped, with a warning.
        channels: int, for a folder or zip: 1 (grey), 3 (RGB) or 4 (RGB and alpha, with
            what is opaque at 1). None takes 1 if all images are stored as grey, else 3,
            and transparency shows white.
        cache: bool, whether the decoded images of a large folder or zip are kept, and
            found at the next start (see `DecodedImages`); the data are the same.
        held_out: int >= 1, how many samples are kept out of the split "train", or float
            in (0, 1), their share; the same ones in every run, see `PartSource`. With
            split="held_out" they are the data. None holds nothing out.
        passes: int >= 1, how often an epoch takes all samples, each time in an order of
            its own. Of few samples an epoch of one pass ends after a few minibatches,
            and what is done at its end (pictures, checkpoints, measurements) takes
            longer than it.

    Returns:
        An `EpochDataset`.

    Raises:
        ValueError: if an argument or the data do not fit what is said above; the
            message says what was received and how to fix it.
        FileNotFoundError: if a path leads to nothing.
        RuntimeError: if a named data set is not on disk and cannot be downloaded.

    Example:

    >>> import keras_gan
    >>> digits = keras_gan.datasets.load("digits", batch_size=64, labels=True)
    >>> images, classes = next(iter(digits))
    >>> images.shape, classes.shape, digits.num_classes
    (TensorShape([64, 8, 8, 1]), TensorShape([64]), 10)
    """
    # Looking through a large folder takes minutes: what is wrong in the call comes out
    # before it.
    batch_size = check_integer(batch_size, "batch_size", 1)
    Order(1, batch_size, seed, shuffle, passes)
    held_out = check_held_out(held_out, split)
    image_size = parse_image_size(image_size)
    if image_size is not None:
        least = batch_size if drop_remainder else 1
        sides = " x ".join(map(str, image_size))
        check_element(least, (*image_size, 1), f"Resized to {sides}, a", "image_size")
    of_files = {
        "skip_corrupt": skip_corrupt,
        "channels": check_channels(channels),
        "cache": cache,
    }
    opened = _open(
        source,
        image_size,
        labels,
        "train" if split == SPLIT else split,
        parse_value_range(value_range),
        of_files,
    )
    if labels and opened.labels is None:
        raise ValueError(
            "labels=True, but the data have no class labels. Pass a pair (images, "
            "labels), a folder with one sub-folder for each class, an .npz file with "
            "labels, or labels=False."
        )
    opened = part_of(opened, held_out, split)
    order = Order(len(opened), batch_size, seed, shuffle, passes)
    return EpochDataset(opened, order, labels, drop_remainder)


def _open(source, image_size, labels, split, value_range, of_files):
    is_text = isinstance(source, (str, os.PathLike))
    path = _path_of(source) if is_text else None
    suffix = path.suffix.lower() if path is not None else None
    if path is not None and (path.is_dir() or suffix in ZIP_FILES):
        kind = "folder" if path.is_dir() else "zip"
        if split != "train":
            raise ArgumentError(
                f"A {kind} has no splits. Received: split={split!r} with {path}. Pass "
                f"the {kind} of that split, or held_out=0.1 with split='held_out'.",
                "split",
            )
        files = ImageFiles(path) if path.is_dir() else ZippedImages(path)
        return FolderSource(
            files, image_size, labels, value_range=value_range, **of_files
        )
    for name, default in (("skip_corrupt", False), ("channels", None)):
        if of_files[name] != default:
            raise ArgumentError(
                f"{name}={of_files[name]} is for a folder or zip of images. Received: "
                f"source={source if is_text else type(source).__name__!r}.",
                name,
            )
    if path is not None:
        if suffix in HDF5_FILES:
            return open_hdf5(path, split, image_size, value_range)
        if suffix not in ARRAY_FILES:
            raise ValueError(
                f"Expected a folder, or a file that ends in {ENDINGS}. Received: "
                f"{path}."
            )
        return open_array_file(path, split, image_size, value_range)
    if is_text:
        if source == "digits":
            return open_digits(split, image_size, value_range)
        return tfds.open_dataset(source, split, image_size, value_range)
    return _open_arrays(source, image_size, split, value_range)


def _path_of(source):
    """The existing path that `source` means, or None for the name of a data set."""
    if not os.fspath(source):
        raise ValueError("source is a name or a path. Received: an empty text.")
    try:
        path = pathlib.Path(source).expanduser()
    except RuntimeError as error:
        raise FileNotFoundError(
            f"There is no file or folder {source}, since there is no such home folder."
        ) from error
    if isinstance(source, str):
        is_path = source.startswith((".", "~", "/", os.sep))
        is_path = is_path or path.suffix.lower() in FILES
        is_path = is_path or (path.name != source and path.exists())
        if not is_path and (source == "digits" or tfds.is_dataset(source)):
            return None
        # With a folder or an ending it is meant as a path; "mnst:3.0.1" is not.
        is_path = is_path or path.name != source
        is_path = is_path or (path.suffix != "" and ":" not in source)
        if not is_path and not os.path.lexists(path):
            raise _unknown(source)
    if os.path.lexists(path):
        problem = why_not_regular(path)
        if problem is not None and not path.is_dir():
            raise ValueError(
                f"{path.absolute()} {problem}. Pass a folder of images, or a file that "
                f"ends in {ENDINGS}."
            )
        return path
    raise FileNotFoundError(f"There is no file or folder {path.absolute()}.")


def _unknown(name):
    names = ["digits", *tfds.dataset_names()]
    beside = [entry.name for entry in os.scandir() if entry.is_dir()]
    known = {known.lower(): known for known in names + beside}
    plain = name.split(":")[0].lower()
    near = difflib.get_close_matches(plain, known, n=3, cutoff=NEAR)
    hint = f" Did you mean {', '.join(repr(known[n]) for n in near)}?" if near else ""
    return ValueError(
        f"There is no file or folder {pathlib.Path(name).absolute()}, and {name!r} is "
        "neither 'digits' nor a name of tensorflow-datasets"
        f"{'' if names[1:] else ' (which is not installed)'}.{hint}"
    )


def _open_arrays(source, image_size, split, value_range):
    if split != "train":
        raise ArgumentError(
            f"Arrays have no splits. Received: split={split!r}. Pass the arrays of "
            "that split.",
            "split",
        )
    images, classes = source, None
    if isinstance(source, (tuple, list)):
        _refuse_images_one_by_one(source)
        images, classes = source
    if not hasattr(images, "__array__"):
        raise ValueError(
            "Expected a name, a path, an array of images, or a pair (images, labels). "
            f"Received: {type(images).__name__}."
        )
    return ArraySource(
        np.asanyarray(images), classes, image_size=image_size, value_range=value_range
    )


def _refuse_images_one_by_one(parts):
    """Raise a ValueError unless there are two parts, the second one not of images."""
    shapes = [tuple(getattr(part, "shape", ())) for part in parts]
    if len(parts) == 2 and len(shapes[1]) < 3:
        return
    other = next((shape for shape in shapes if shape != shapes[0]), None)
    mend = "pass np.stack(images)"
    if other is not None:
        mend = (
            f"they differ in shape, such as {shapes[0]} and {other}: resize them to "
            "one size and np.stack them, or load their folder with image_size="
        )
    raise ValueError(
        "Expected images, or a pair (images, labels). Received: a "
        f"{type(parts).__name__} of {len(parts)}. If they are images, {mend}."
    )
