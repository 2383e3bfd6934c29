"""The image files of a folder: which count, which are broken, which passed over."""

import collections
import hashlib
import os
import pathlib

from .images import extensions, is_image
from .regular_file import read_regular, why_not_regular

# What often lies beside images, and of which nobody asks why it was not read.
NO_IMAGES = {
    *(".txt", ".md", ".html", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".yaml"),
    *(".yml", ".ini", ".db"),
}
NO_IMAGES_BY_NAME = {
    *("license", "licence", "copying", "copyright", "notice", "attribution"),
    *("authors", "citation", "readme", "changelog"),
}


class ImageFiles:
    """The files of a folder and below, by relative names with forward slashes.

    Args:
        root: `pathlib.Path` of the folder.

    Attributes:
        root: as given.
        origin: str, its absolute path.
        size: int, the bytes of all files that are named and not broken.
        names: list of str, sorted: what ends as an image does (`images.extensions`, in
            any case) or, without an ending, begins as one does.
        broken: dict from some of these names to what is wrong with the files: pipes,
            devices, links to nothing.
        passed_over: list of str, sorted: files of other kinds. Hidden ones, and texts
            and tables that go with images, are not among them.
        empty: list of str, sorted: sub-folders of the folder without an image.

    Raises:
        ValueError: if there is no image, or a symbolic link leads out of the folder or
            to a folder.
    """

    def __init__(self, root):
        if not root.is_dir():
            raise ValueError(f"Expected a folder of images. Received: {root}.")
        self.root, self._inside = root, root.resolve()
        self.origin = str(root.absolute())
        self._endings = extensions()
        self.names, self.broken, self.passed_over, classes = [], {}, [], []
        # Without onerror, a folder that may not be opened would count as empty.
        for place, folders, files in os.walk(root, onerror=_raise):
            place = pathlib.Path(place)
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in folders:
                _refuse_link(place / name)
            if place == root:
                classes = folders
            for name in files:
                if not name.startswith("."):
                    self._sort_in(place / name)
        self.names.sort()
        self.passed_over.sort()
        full = {name.split("/")[0] for name in self.names}
        self.empty = sorted(set(classes) - full)
        if not self.names:
            raise no_images(root, self.passed_over)
        whole = [name for name in self.names if name not in self.broken]
        self.size = sum(os.stat(root / name).st_size for name in whole)

    def read(self, name):
        """The bytes of a file.

        Raises:
            ValueError, OSError: if it is no regular file, or cannot be read.
        """
        return read_regular(self.root / name)

    def stamp(self):
        """A hexadecimal SHA-256 of names, sizes and times: another if a file changed.

        The time of the last change of a file's entry is among them, which also moves
        when its contents and the time of these are replaced together.
        """
        digest = hashlib.sha256()
        for name in self.names:
            digest.update(name.encode(errors="surrogateescape") + b"\0")
            digest.update(stamp_of(f"{self.origin}/{name}"))
        return digest.hexdigest()

    def _sort_in(self, path):
        name = path.relative_to(self.root).as_posix()
        kind = kind_of(path.name, self._endings)
        if kind is None:
            return
        problem = why_not_regular(path)
        if kind != "image":
            leaves = path.is_symlink() and not problem and self._leaves(path)
            if kind == "other" or problem or leaves or not is_image(path):
                self.passed_over.append(name)
                return
        if problem:
            self.broken[name] = problem
        elif path.is_symlink() and self._leaves(path):
            raise ValueError(
                f"{path} is a symbolic link that leads out of the folder, to "
                f"{path.resolve()}. Copy the file there, or remove the link."
            )
        self.names.append(name)

    def _leaves(self, path):
        return not path.resolve().is_relative_to(self._inside)


def kind_of(name, endings):
    """The kind that a file is by its name.

    Args:
        name: str, without folders.
        endings: set of those of images, such as ".png".

    Returns:
        "image", "other", "unnamed" where the contents decide, or None for what is
        passed over in silence.
    """
    ending = pathlib.PurePath(name).suffix.lower()
    if ending in NO_IMAGES or name.lower() in NO_IMAGES_BY_NAME:
        return None
    if ending in endings:
        return "image"
    # "photo", and "frame.0001", whose number is no ending.
    return "other" if ending[1:2].isalpha() else "unnamed"


def stamp_of(path):
    """Bytes that change with a file's size and times; whether it is there at all."""
    try:
        found = os.stat(path)
    except OSError as error:
        return f"{error.errno};".encode()
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns};".encode()


def in_words(names):
    """The number of files of the endings most have, and the first of them, in words.

    >>> in_words(["a.heic", "b.HEIC", "c.mp4"])
    '2 .heic, 1 .mp4: a.heic, b.HEIC, c.mp4'
    """
    endings = [pathlib.PurePath(name).suffix.lower() for name in names]
    endings = collections.Counter(endings).most_common(5)
    counts = (f"{count} {ending or 'without an ending'}" for ending, count in endings)
    return f"{', '.join(counts)}: {first_of(names)}"


def first_of(names):
    """The first five of some names."""
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")


def _refuse_link(path):
    if path.is_symlink():
        raise ValueError(
            f"{path} is a symbolic link to a folder, which is not followed. Copy "
            f"{path.resolve()} there, or remove the link."
        )


def no_images(root, passed_over):
    beside = f" It holds {in_words(passed_over)}." if passed_over else ""
    return ValueError(
        f"{root} holds no images: expected files that Pillow reads, such as .png, .jpg "
        f"or .webp, directly or in sub-folders.{beside}"
    )


def _raise(error):
    raise error
