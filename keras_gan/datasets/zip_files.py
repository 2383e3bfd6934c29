"""The image files of a zip, read where they are and never unpacked to the disk."""

import hashlib
import io
import posixpath
import stat
import zipfile

from .image_files import kind_of, no_images, stamp_of
from .images import extensions, is_image
from .memory import check_memory, in_words

OF_A_MAC = "__MACOSX"  # beside the files, what a Mac notes of each
ENCRYPTED = 0x1
LARGEST_RATIO = 1200  # of what deflate makes smaller: 1032 at most


class ZippedImages:
    """The files of a zip, by the names that they would have in a folder.

    Which of them count is as in `ImageFiles`. Hidden files and folders, and
    `__MACOSX`, are passed over; so are the folders around everything, so that a zip of
    a folder is what the folder is. Names with backslashes, as of old zips of Windows,
    are names with slashes.

    Args:
        root: `pathlib.Path` of a regular file.

    Attributes:
        root, origin, names, broken, passed_over, empty: as of `ImageFiles`.
        size: int, the bytes that the named files have, compressed.

    Raises:
        ValueError: if it is no zip, is encrypted, holds no image, or two files of one
            name.
    """

    def __init__(self, root):
        self.root, self.origin = root, str(root.absolute())
        self._first_stamp = stamp_of(root)
        file = open(root, "rb")  # noqa: SIM115 (read as long as the data are)
        try:
            # Of an open file, threads may read at once: none of them closes it.
            self._archive = zipfile.ZipFile(file)
        # What zipfile raises on a forged archive is not limited to some classes.
        except Exception as error:
            file.close()
            raise ValueError(
                f"{root} cannot be read as a zip: {error}. Pass a zip of images, or a "
                "folder of them."
            ) from error
        self._entries, folders = _visible(root, self._archive.infolist())
        self._endings = extensions()
        self.names, self.broken, self.passed_over = [], {}, []
        for name in self._entries:
            kind = kind_of(posixpath.basename(name), self._endings)
            problem = self._problem(name)
            if kind == "unnamed":
                kind = "image" if not problem and self._is_image(name) else "other"
            if kind == "image":
                self.names.append(name)
                if problem:
                    self.broken[name] = problem
            elif kind == "other":
                self.passed_over.append(name)
        self.names.sort()
        self.passed_over.sort()
        full = {name.split("/")[0] for name in self.names}
        self.empty = sorted(folders - full)
        if not self.names:
            raise no_images(root, self.passed_over)
        whole = [name for name in self.names if name not in self.broken]
        self.size = sum(self._entries[name].compress_size for name in whole)

    def read(self, name):
        """The bytes of a file, as many as the zip says that it has.

        Raises:
            ValueError: if it is damaged, claims more than the memory, or more than its
                compressed bytes can hold.
        """
        entry = self._entries[name]
        problem = self._problem(name)
        if problem:
            raise ValueError(f"it {problem}")
        check_memory("reading it", entry.file_size, "An image is smaller")
        try:
            with self._archive.open(entry) as file:
                data = file.read(entry.file_size)
        # Each kind of compression has its own errors on damaged bytes.
        except Exception as error:
            reason = str(error) or type(error).__name__
            raise ValueError(f"it is damaged in the zip: {reason}") from error
        if len(data) < entry.file_size:
            raise ValueError(
                f"it is damaged in the zip: it has {len(data)} bytes of "
                f"{entry.file_size}"
            )
        return data

    def stamp(self):
        """A hexadecimal SHA-256 of the zip's size and times."""
        return hashlib.sha256(self._first_stamp + stamp_of(self.root)).hexdigest()

    def _problem(self, name):
        """The kind of an entry if it is no regular file that can be so large."""
        entry = self._entries[name]
        mode = entry.external_attr >> 16
        if stat.S_ISLNK(mode):
            return "is a symbolic link, which is not followed in a zip"
        deflated = entry.compress_type == zipfile.ZIP_DEFLATED
        if deflated and entry.file_size > LARGEST_RATIO * (entry.compress_size + 1):
            return (
                f"claims {in_words(entry.file_size)} in "
                f"{in_words(entry.compress_size)}, more than deflate can pack"
            )
        return None

    def _is_image(self, name):
        try:
            return is_image(io.BytesIO(self.read(name)))
        except ValueError:
            return False


def _visible(root, infos):
    """The files that are not hidden, by name, and the folders of the first level."""
    found, folders = {}, set()
    for info in infos:
        parts = [part for part in info.filename.replace("\\", "/").split("/") if part]
        hidden = any(part.startswith(".") or part == OF_A_MAC for part in parts)
        if hidden or not parts:
            continue
        if info.is_dir() or info.filename.endswith("\\"):
            folders.add(tuple(parts))
            continue
        if info.flag_bits & ENCRYPTED:
            raise ValueError(
                f"{root} is encrypted, and no password is asked for: {info.filename}. "
                "Unzip it, and pass the folder."
            )
        if tuple(parts) in found:
            raise ValueError(
                f"{root} holds two files of the name {'/'.join(parts)}. Unzip it, and "
                "pass the folder."
            )
        found[tuple(parts)] = info
    around = _around(found, folders)
    below = {parts[around] for parts in folders if len(parts) > around}
    below |= {parts[around] for parts in found if len(parts) > around + 1}
    return {"/".join(parts[around:]): info for parts, info in found.items()}, below


def _around(found, folders):
    """The number of folders around everything."""
    around = 0
    while found:
        inside = {parts[around] for parts in found if len(parts) > around + 1}
        inside |= {parts[around] for parts in folders if len(parts) > around}
        if len(inside) != 1 or any(len(parts) == around + 1 for parts in found):
            break
        around += 1
    return around
