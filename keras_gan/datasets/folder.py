"""A folder of image files, or a zip of them, as a source."""

import concurrent.futures
import contextlib
import hashlib
import os
from typing import NamedTuple

import numpy as np

from keras_gan.core.arguments import ArgumentError

from .decoded_images import DecodedImages, is_worthwhile
from .image_files import first_of, in_words
from .images import MODES, decode, examine
from .natural_order import natural_order
from .notices import warn, warn_once
from .progress import progress
from .source import Source
from .value_range import range_of

# Below this mean file size a thread's hand-over costs more than the decoding.
THREADED_BYTES = 4096
WINDOW = 512  # files under way at once while the folder is looked through
WINDOW_BYTES = 2**27  # of their pixels, where these are kept
SPLITS = {"train", "test", "val", "valid", "validation"}


class Found(NamedTuple):
    """A file's image, as it is found out once: all numbers that JSON can hold.

    Args:
        size: (width, height) of the pixels.
        mode: str, "L", "RGB" or "RGBA".
        dtype, low, high: of the values that are stored.
        digest: str, the hexadecimal SHA-256 of the file.
    """

    size: tuple
    mode: str
    dtype: str
    low: float
    high: float
    digest: str


class Broken(NamedTuple):
    """A file that cannot be decoded: why, and the argument that would help."""

    reason: str
    argument: str


class FolderSource(Source):
    """The images of a folder or zip, flat or with one sub-folder for each class.

    Files count by their ending, all that Pillow reads, and without one by their
    content; a warning says which others there are (see `ImageFiles`). They are taken in
    the order of their names as text, classes in that of `natural_order`, so that a
    folder is the same data on every machine. Every file is decoded once here: a broken
    one shows now and not in the middle of a training. Images are grey, with one
    channel, if all files are stored as grey, and RGB otherwise.

    What is decoded here is kept, if there is enough of it to take time, and read from
    there now and at the next start, as long as no file changes: see `DecodedImages`.
    The data are the same to the bit.

    Args:
        files: `ImageFiles` or `ZippedImages`.
        image_size: (height, width) to crop and resize to, or None if all images have
            one size.
        labels: bool, whether the first level of sub-folders names classes.
        skip_corrupt: bool, whether to leave out, with a warning, files that cannot be
            decoded, and what is no regular file.
        value_range: (black, white), the stored values that become -1 and 1; None takes
            them from the files' depth and all values, see `value_range.range_of`.
        channels: 1, 3 or 4 (with alpha), or None: 1 if all are stored as grey, else 3.
        cache: bool, whether decoded images are kept, and taken where they are.

    Raises:
        ValueError: naming the file, if there is no image, one cannot be decoded or is
            a pipe, a device or a link to nothing, sizes differ without `image_size`, a
            symbolic link leads out of the folder or to a folder, the sub-folders are no
            classes though `labels` asks for them, or the range of values is unclear.
    """

    dtype = np.dtype(np.uint8)

    def __init__(
        self,
        files,
        image_size=None,
        labels=False,
        skip_corrupt=False,
        value_range=None,
        channels=None,
        cache=True,
    ):
        self._files = files
        self._size = image_size
        self._range = value_range
        self._channels = channels
        self.origin = files.origin
        names = files.names
        classes = natural_order({n.split("/")[0] for n in names if "/" in n})
        if labels:
            _check_classes(files.root, names)
            self.class_names = tuple(classes)
        elif classes and SPLITS.issuperset(classes):
            raise _is_split(files.root, classes)
        self._threads = None
        if files.size > THREADED_BYTES * (len(names) - len(files.broken)):
            self._threads = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
        self._decoded = None
        if cache and is_worthwhile(files):
            self._decoded = DecodedImages(files, [image_size, value_range, channels])
        if self._decoded is not None and self._decoded.open():
            self._take(self._remembered(), skip_corrupt)
        else:
            self._decode_all(skip_corrupt)
        if labels:
            number = {name: label for label, name in enumerate(classes)}
            self.labels = np.array(
                [number[name.split("/")[0]] for name in self.names], np.int32
            )
        _warn_of_passed_over(files, labels)

    def __len__(self):
        return len(self.names)

    def read(self, indices):
        if self._decoded is None:
            names = [self.names[i] for i in indices]
            return np.stack(list(self._map(self._pixels, names)))
        pixels, wrong = self._decoded.read(indices)
        for place in wrong:
            warn_once(
                ("damaged", self.origin),
                f"The decoded images of {self.origin} that were kept are damaged. "
                "Those that are, are decoded anew from their files.",
            )
            pixels[place] = self._pixels(self.names[indices[place]])
        return pixels

    def _map(self, function, names):
        if self._threads is None:
            return map(function, names)
        return self._threads.map(function, names)

    def _pixels(self, name):
        try:
            data = self._files.read(name)
            image = decode(data, self._size, self._range, self._channels)
        except (OSError, ValueError) as error:
            raise self._error(name, _broken(error)) from error
        pixels = _pixels_of(image.convert(MODES[self.item_shape[2]]))
        if pixels.shape != self.item_shape:
            raise ValueError(
                f"{self._files.root / name} has changed since it was loaded: expected "
                f"pixels of shape {self.item_shape}. Received: {pixels.shape}."
            )
        return pixels

    def _error(self, name, broken):
        return ArgumentError(
            f"{self._files.root / name} cannot be decoded: {broken.reason}. Repair or "
            "remove the file, or pass skip_corrupt=True to leave out such files.",
            broken.argument,
        )

    def _decode_all(self, skip_corrupt):
        """Decode every file once, and keep the images if they are to be kept."""
        keeping = self._decoded or contextlib.nullcontext()
        if self._decoded is not None:
            keeping = self._decoded.writing()
        found, self._unread = {}, False
        with keeping:
            self._take(self._examined(found), skip_corrupt)
            if self._decoded is not None and not self._unread:
                self._decoded.close(list(found.items()))
        if self._decoded is not None and self._decoded.pixels is None:
            if self._decoded.trouble is not None:
                warn(self._decoded.trouble)
            self._decoded = None

    def _examined(self, found):
        """(name, `Found` or `Broken`) of each file, which `found` will hold too."""
        names, first = self._files.names, 0
        results, window = [], 1
        while first < len(names):
            some = names[first : first + window]
            results = list(zip(some, self._map(self._examine, some), strict=True))
            largest = 1
            for name, (result, pixels) in results:
                found[name] = result
                yield name, result
                if pixels is not None:  # and `_take` did not refuse it
                    self._decoded.add(pixels)
                    largest = max(largest, pixels.nbytes)
            first += window
            window = max(1, min(WINDOW, WINDOW_BYTES // largest))

    def _examine(self, name):
        """`Found` of a file and its pixels, if they are to be kept; or `Broken`."""
        try:
            data = self._files.read(name)
            image, levels = examine(data, self._size, self._range, self._channels)
        except (OSError, ValueError) as error:
            # A disk that fails now may read the file at the next start.
            self._unread = self._unread or isinstance(error, OSError)
            return _broken(error), None
        dtype, low, high = levels
        digest = hashlib.sha256(data).hexdigest()
        found = Found(
            image.size, image.mode, str(dtype), *map(_plain, (low, high)), digest
        )
        keeping = self._decoded is not None and self._decoded.is_writing
        return found, _pixels_of(image) if keeping else None

    def _remembered(self):
        """(name, `Found` or `Broken`) of each file, as they were kept."""
        for name, held in self._decoded.found:
            if len(held) == len(Broken._fields):
                yield name, Broken(*held)
            else:
                size, *others = held
                yield name, Found(tuple(size), *others)

    def _take(self, results, skip_corrupt):
        """Take what is found in the files; set what depends on all of them."""
        root, names = self._files.root, self._files.names
        digest = hashlib.sha256(f"folder {self._size}".encode())
        if self._range is not None:
            digest.update(f"range {self._range}".encode())
        if self._channels is not None:
            digest.update(f"channels {self._channels}".encode())
        if self.class_names is not None:  # whose order decides the labels
            digest.update("\0".join(self.class_names).encode(errors="surrogateescape"))
        kept, skipped, channels, first = [], [], 1, None
        levels, reason = {}, None
        for name, result in progress(results, len(names), "Checking images"):
            if isinstance(result, Broken):
                if not skip_corrupt:
                    raise self._error(name, result)
                reason = reason or f"{name}: {result.reason}"
                skipped.append(name)
                continue
            first = first or (name, result.size)
            if result.size != first[1]:
                raise _sizes_differ(root, first, (name, result.size))
            channels = max(channels, len(result.mode))
            low, high = (result.low, name), (result.high, name)
            extremes = levels.setdefault(np.dtype(result.dtype), (low, high))
            levels[np.dtype(result.dtype)] = (
                min(extremes[0], low),
                max(extremes[1], high),
            )
            digest.update(name.encode(errors="surrogateescape") + b"\0")
            digest.update(bytes.fromhex(result.digest))
            kept.append(name)
        if skipped:
            warn(
                f"Left out {len(skipped)} of the {len(names)} image files in {root}, "
                f"which cannot be decoded: {first_of(skipped)}. The first, {reason}."
            )
        if not kept:
            raise ValueError(
                f"None of the {len(names)} image files in {root} can be decoded. The "
                f"first, {reason}."
            )
        _check_levels(root, levels, self._range)
        width, height = first[1]
        self.item_shape = (height, width, self._channels or channels)
        self.fingerprint = digest.hexdigest()
        self.skipped = tuple(skipped)
        self.names = kept


def _broken(error):
    return Broken(str(error), getattr(error, "argument", "skip_corrupt"))


def _plain(value):
    """A NumPy number as one of Python's, which JSON holds to the bit."""
    return getattr(value, "item", lambda: value)()


def _pixels_of(image):
    pixels = np.asarray(image)
    return pixels.reshape(*pixels.shape[:2], -1)


def _check_levels(root, levels, declared):
    """Raise a ValueError, or warn, if the values of all images are of another range."""
    if declared is not None and len(levels) > 1:
        kinds = " and ".join(
            f"{dtype} ({highest[1]})" for dtype, (_, highest) in levels.items()
        )
        raise ArgumentError(
            f"value_range={declared} is of one kind of values, but the images in "
            f"{root} store {kinds}. Put them in folders of their own, or store them "
            "all alike.",
            "value_range",
        )
    for dtype, ((low, darkest), (high, brightest)) in levels.items():
        name = f"The images in {root} ({darkest} to {brightest})"
        range_of(dtype, low, high, name, declared)


def _check_classes(root, names):
    loose = [name for name in names if "/" not in name]
    if len(loose) == len(names):
        raise ValueError(
            f"labels=True needs one sub-folder for each class, but {root} is flat: its "
            f"images, such as {loose[0]}, lie in it directly. Sort them into "
            "sub-folders, or pass labels=False."
        )
    if loose:
        raise ValueError(
            f"labels=True needs every image in the sub-folder of its class, but "
            f"{root / loose[0]} lies beside the sub-folders ({len(loose)} such files)."
        )
    classes = {name.split("/")[0] for name in names}
    if SPLITS.issuperset(classes):
        raise _is_split(root, sorted(classes))


def _is_split(root, classes):
    unzipping = "" if root.is_dir() else "Unzip it, and "
    return ValueError(
        f"The sub-folders of {root} are splits ({', '.join(classes)}), not classes. "
        f"{unzipping}{'p' if unzipping else 'P'}ass one of them, such as "
        f"{str(root.with_suffix('') / classes[0])!r}."
    )


def _sizes_differ(root, first, second):
    (one, (width, height)), (other, (other_width, other_height)) = first, second
    return ArgumentError(
        f"The images in {root} differ in size: {one} is {width} x {height} and "
        f"{other} is {other_width} x {other_height} (width x height). Pass "
        "image_size=, such as image_size=64, to crop and resize them.",
        "image_size",
    )


def _warn_of_passed_over(files, labels):
    root = files.root
    there = len(files.names) + len(files.passed_over)
    if files.passed_over:
        warn(
            f"{len(files.passed_over)} of the {there} files in {root} were not looked "
            f"at, since they are no images that Pillow reads: "
            f"{in_words(files.passed_over)}."
        )
    if labels and files.empty:
        warn(
            f"{len(files.empty)} sub-folders of {root} hold no images and so are no "
            f"classes: {first_of(files.empty)}."
        )
