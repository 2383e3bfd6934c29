"""A folder of image files as a source."""

import concurrent.futures
import hashlib
import os
import pathlib
import warnings

import numpy as np

from .images import EXTENSIONS, decode
from .natural_order import natural_order
from .progress import progress
from .source import Source

# Below this mean file size a thread's hand-over costs more than the decoding.
THREADED_BYTES = 4096
WINDOW = 512  # files under way at once while the folder is looked through
SPLITS = {"train", "test", "val", "valid", "validation"}


class FolderSource(Source):
    """The images of a folder, flat or with one sub-folder for each class.

    Files count by extension (.png .jpg .jpeg .bmp .gif .webp .tif .tiff, in any case);
    others, and hidden ones, are ignored. They are taken in the order of their names as
    text, classes in that of `natural_order`, so that a folder is the same data on every
    machine. Every file is decoded once here: a
    broken one shows now and not in the middle of a training. Images are grey, with one
    channel, if all files are stored as grey, and RGB otherwise.

    Args:
        folder: path; "~" stands for the home folder.
        image_size: (height, width) to crop and resize to, or None if all images have
            one size.
        labels: bool, whether the first level of sub-folders names classes.
        skip_corrupt: bool, whether to leave out, with a warning, files that cannot be
            decoded.

    Raises:
        ValueError: naming the file, if there is no image, one cannot be decoded, sizes
            differ without `image_size`, a symbolic link leads out of the folder or to a
            folder, or the sub-folders are no classes though `labels` asks for them.
    """

    dtype = np.dtype(np.uint8)

    def __init__(self, folder, image_size=None, labels=False, skip_corrupt=False):
        self._root = pathlib.Path(folder).expanduser()
        self._size = image_size
        self.origin = str(self._root.absolute())
        names = _image_names(self._root)
        classes = natural_order({n.split("/")[0] for n in names if "/" in n})
        if labels:
            _check_classes(self._root, names)
            self.class_names = tuple(classes)
        elif classes and SPLITS.issuperset(classes):
            raise _is_split(self._root, classes)
        sizes = [(self._root / name).stat().st_size for name in names]
        self._threads = None
        if np.mean(sizes) > THREADED_BYTES:
            self._threads = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
        self._verify(names, skip_corrupt)
        if labels:
            number = {name: label for label, name in enumerate(classes)}
            self.labels = np.array(
                [number[name.split("/")[0]] for name in self._names], np.int32
            )

    def __len__(self):
        return len(self._names)

    def read(self, indices):
        names = [self._names[i] for i in indices]
        return np.stack(list(self._map(self._pixels, names)))

    def _map(self, function, names):
        if self._threads is None:
            return map(function, names)
        return self._threads.map(function, names)

    def _decode(self, name):
        """(Pillow image, the file's SHA-256)."""
        path = self._root / name
        try:
            data = path.read_bytes()
            return decode(data, self._size), hashlib.sha256(data).digest()
        except (OSError, ValueError) as error:
            raise ValueError(
                f"{path} cannot be decoded: {error}. Mend or remove the file, or pass "
                "skip_corrupt=True to leave out such files."
            ) from error

    def _pixels(self, name):
        image, _ = self._decode(name)
        pixels = np.asarray(image.convert("L" if self.item_shape[2] == 1 else "RGB"))
        pixels = pixels.reshape(*pixels.shape[:2], -1)
        if pixels.shape != self.item_shape:
            raise ValueError(
                f"{self._root / name} has changed since it was loaded: expected pixels "
                f"of shape {self.item_shape}. Received: {pixels.shape}."
            )
        return pixels

    def _inspect(self, name):
        """(size, mode, digest) of a file, or the error that it raises."""
        try:
            image, digest = self._decode(name)
        except ValueError as error:
            return error
        return image.size, image.mode, digest

    def _verify(self, names, skip_corrupt):
        """Decode every file once; set what depends on all of them."""
        digest = hashlib.sha256(f"folder {self._size}".encode())
        if self.class_names is not None:  # whose order decides the labels
            digest.update("\0".join(self.class_names).encode(errors="surrogateescape"))
        kept, skipped, channels, first = [], [], 1, None
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
                skipped.append(name)
                continue
            size, mode, content = result
            first = first or (name, size)
            if size != first[1]:
                raise _sizes_differ(self._root, first, (name, size))
            channels = 3 if mode == "RGB" else channels
            digest.update(name.encode(errors="surrogateescape") + b"\0" + content)
            kept.append(name)
        if skipped:
            _warn_of_skipped(self._root, skipped, len(names))
        if not kept:
            raise ValueError(
                f"None of the {len(names)} image files in {self._root} can be decoded."
            )
        width, height = first[1]
        self.item_shape = (height, width, channels)
        self.fingerprint = digest.hexdigest()
        self.skipped = tuple(skipped)
        self._names = kept


def _image_names(root):
    """The image files below `root`, as sorted relative names with forward slashes."""
    if not root.is_dir():
        raise ValueError(f"Expected a folder of images. Received: {root}.")
    inside = root.resolve()
    names = []
    # Without onerror, a folder that may not be opened would count as empty.
    for place, folders, files in os.walk(root, onerror=_raise):
        place = pathlib.Path(place)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            if (place / name).is_symlink():
                raise ValueError(
                    f"{place / name} is a symbolic link to a folder, which is not "
                    f"followed. Copy {(place / name).resolve()} there, or remove the "
                    "link."
                )
        for name in files:
            path = place / name
            if name.startswith(".") or path.suffix.lower() not in EXTENSIONS:
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                raise ValueError(
                    f"{path} is a symbolic link that leads out of the folder, to "
                    f"{path.resolve()}. Copy the file there, or remove the link."
                )
            names.append(path.relative_to(root).as_posix())
    if not names:
        raise ValueError(
            f"{root} holds no images: expected files that end in "
            f"{' '.join(EXTENSIONS)}, directly or in sub-folders."
        )
    return sorted(names)


def _raise(error):
    raise error


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
    return ValueError(
        f"The images in {root} differ in size: {one} is {width} x {height} and "
        f"{other} is {other_width} x {other_height} (width x height). Pass "
        "image_size=, such as image_size=64, to crop and resize them."
    )


def _warn_of_skipped(root, skipped, total):
    shown = ", ".join(skipped[:5]) + (", ..." if len(skipped) > 5 else "")
    warnings.warn(
        f"Left out {len(skipped)} of the {total} image files in {root}, which cannot "
        f"be decoded: {shown}.",
        stacklevel=6,  # the line that calls load()
    )
