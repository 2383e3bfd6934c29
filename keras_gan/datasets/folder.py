"""A folder of image files as a source."""

import concurrent.futures
import hashlib
import os
import pathlib

import numpy as np

from keras_gan.core.arguments import ArgumentError

from .image_files import ImageFiles, first_of, in_words
from .images import decode, examine
from .natural_order import natural_order
from .notices import warn
from .progress import progress
from .regular_file import read_regular
from .source import Source
from .value_range import range_of

# Below this mean file size a thread's hand-over costs more than the decoding.
THREADED_BYTES = 4096
WINDOW = 512  # files under way at once while the folder is looked through
SPLITS = {"train", "test", "val", "valid", "validation"}


class FolderSource(Source):
    """The images of a folder, flat or with one sub-folder for each class.

    Files count by their ending, all that Pillow reads, and without one by their
    content; a warning says which others there are (see `ImageFiles`). They are taken in
    the order of their names as text, classes in that of `natural_order`, so that a
    folder is the same data on every machine. Every file is decoded once here: a broken
    one shows now and not in the middle of a training. Images are grey, with one
    channel, if all files are stored as grey, and RGB otherwise.

    Args:
        folder: path; "~" stands for the home folder.
        image_size: (height, width) to crop and resize to, or None if all images have
            one size.
        labels: bool, whether the first level of sub-folders names classes.
        skip_corrupt: bool, whether to leave out, with a warning, files that cannot be
            decoded, and what is no regular file.
        value_range: (black, white), the stored values that become -1 and 1; None takes
            them from the files' depth and all values, see `value_range.range_of`.

    Raises:
        ValueError: naming the file, if there is no image, one cannot be decoded or is
            a pipe, a device or a link to nothing, sizes differ without `image_size`, a
            symbolic link leads out of the folder or to a folder, the sub-folders are no
            classes though `labels` asks for them, or the range of values is unclear.
    """

    dtype = np.dtype(np.uint8)

    def __init__(
        self,
        folder,
        image_size=None,
        labels=False,
        skip_corrupt=False,
        value_range=None,
    ):
        self._root = pathlib.Path(folder).expanduser()
        self._size = image_size
        self._range = value_range
        self.origin = str(self._root.absolute())
        files = ImageFiles(self._root)
        names = files.names
        classes = natural_order({n.split("/")[0] for n in names if "/" in n})
        if labels:
            _check_classes(self._root, names)
            self.class_names = tuple(classes)
        elif classes and SPLITS.issuperset(classes):
            raise _is_split(self._root, classes)
        whole = [name for name in names if name not in files.broken]
        sizes = [(self._root / name).stat().st_size for name in whole]
        self._threads = None
        if sizes and np.mean(sizes) > THREADED_BYTES:
            self._threads = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
        self._verify(names, skip_corrupt)
        if labels:
            number = {name: label for label, name in enumerate(classes)}
            self.labels = np.array(
                [number[name.split("/")[0]] for name in self._names], np.int32
            )
        _warn_of_passed_over(self._root, files, labels)

    def __len__(self):
        return len(self._names)

    def read(self, indices):
        names = [self._names[i] for i in indices]
        return np.stack(list(self._map(self._pixels, names)))

    def _map(self, function, names):
        if self._threads is None:
            return map(function, names)
        return self._threads.map(function, names)

    def _of_file(self, name, function):
        """The result of a function of a file's bytes, and their SHA-256."""
        path = self._root / name
        try:
            data = read_regular(path)
            found = function(data, self._size, self._range)
            return found, hashlib.sha256(data).digest()
        except (OSError, ValueError) as error:
            raise ArgumentError(
                f"{path} cannot be decoded: {error}. Repair or remove the file, or "
                "pass skip_corrupt=True to leave out such files.",
                getattr(error, "argument", "skip_corrupt"),
            ) from error

    def _pixels(self, name):
        image, _ = self._of_file(name, decode)
        pixels = np.asarray(image.convert("L" if self.item_shape[2] == 1 else "RGB"))
        pixels = pixels.reshape(*pixels.shape[:2], -1)
        if pixels.shape != self.item_shape:
            raise ValueError(
                f"{self._root / name} has changed since it was loaded: expected pixels "
                f"of shape {self.item_shape}. Received: {pixels.shape}."
            )
        return pixels

    def _inspect(self, name):
        """(size, mode, levels, digest) of a file, or the error that it raises."""
        try:
            found, digest = self._of_file(name, examine)
        except ValueError as error:
            return error
        return *found, digest

    def _verify(self, names, skip_corrupt):
        """Decode every file once; set what depends on all of them."""
        digest = hashlib.sha256(f"folder {self._size}".encode())
        if self._range is not None:
            digest.update(f"range {self._range}".encode())
        if self.class_names is not None:  # whose order decides the labels
            digest.update("\0".join(self.class_names).encode(errors="surrogateescape"))
        kept, skipped, channels, first = [], [], 1, None
        levels, reason = {}, None
        found = (
            pair
            for i in range(0, len(names), WINDOW)
            for pair in zip(
                names[i : i + WINDOW],
                self._map(self._inspect, names[i : i + WINDOW]),
                strict=True,
            )
        )
        for name, result in progress(found, len(names), "Checking images"):
            if isinstance(result, ValueError):
                if not skip_corrupt:
                    raise result
                reason = reason or f"{name}: {result.__cause__}"
                skipped.append(name)
                continue
            size, mode, (dtype, low, high), content = result
            first = first or (name, size)
            if size != first[1]:
                raise _sizes_differ(self._root, first, (name, size))
            channels = 3 if mode == "RGB" else channels
            extremes = levels.setdefault(dtype, ((low, name), (high, name)))
            levels[dtype] = (
                min(extremes[0], (low, name)),
                max(extremes[1], (high, name)),
            )
            digest.update(name.encode(errors="surrogateescape") + b"\0" + content)
            kept.append(name)
        if skipped:
            warn(
                f"Left out {len(skipped)} of the {len(names)} image files in "
                f"{self._root}, which cannot be decoded: {first_of(skipped)}. "
                f"The first, {reason}."
            )
        if not kept:
            raise ValueError(
                f"None of the {len(names)} image files in {self._root} can be decoded. "
                f"The first, {reason}."
            )
        _check_levels(self._root, levels, self._range)
        width, height = first[1]
        self.item_shape = (height, width, channels)
        self.fingerprint = digest.hexdigest()
        self.skipped = tuple(skipped)
        self._names = kept


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
    return ValueError(
        f"The sub-folders of {root} are splits ({', '.join(classes)}), not classes. "
        f"Pass one of them, such as {str(root / classes[0])!r}."
    )


def _sizes_differ(root, first, second):
    (one, (width, height)), (other, (other_width, other_height)) = first, second
    return ArgumentError(
        f"The images in {root} differ in size: {one} is {width} x {height} and "
        f"{other} is {other_width} x {other_height} (width x height). Pass "
        "image_size=, such as image_size=64, to crop and resize them.",
        "image_size",
    )


def _warn_of_passed_over(root, files, labels):
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
