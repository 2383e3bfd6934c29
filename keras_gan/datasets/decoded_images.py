"""Decoded images of a folder or zip, kept for the next start: pixels and what was said.

An entry is a folder of two files. `pixels` holds the decoded bytes of all images that
could be decoded, one behind the other, to be memory-mapped; `files.json` what was found
out about each file. Entries are written under a temporary name and renamed when they
are complete and on disk, so that one is whole or absent, whoever writes at the same
time, and each image has a checksum that is looked at whenever it is read.
"""

import contextlib
import hashlib
import json
import math
import os
import pathlib
import re
import shutil
import zlib

import numpy as np

import keras_gan
from keras_gan.core import files, leftovers

from .cache import cache_folder
from .memory import in_words

LIMIT = "KERAS_GAN_CACHE_LIMIT"
DEFAULT_LIMIT = 20.0  # GB, of all decoded folders together
FORM = 1  # of an entry; a change of what is in its files counts up
# Fewer and smaller files are decoded sooner than one would notice.
LEAST_FILES, LEAST_BYTES = 500, 10_000_000
PIXELS, FOUND = "pixels", "files.json"


def is_worthwhile(image_files):
    """Whether decoding takes long enough to keep what comes of it."""
    count, size = len(image_files.names), image_files.size
    return count >= LEAST_FILES or size >= LEAST_BYTES


class DecodedImages:
    """The place in the cache for the images of a folder or zip, as they are read.

    Args:
        image_files: `ImageFiles` or `ZippedImages`.
        arguments: what JSON can hold: all that decides what becomes of the bytes.

    Attributes:
        pixels: uint8 array (images, height, width, channels), memory-mapped, or None
            before `open` or `close` found it.
        found: what was given to `close`.
        trouble: str, why the images could not be kept, or None.
    """

    def __init__(self, image_files, arguments):
        self.pixels = self.found = self.trouble = None
        self._files = image_files
        self._stamp = image_files.stamp()
        self._folder = cache_folder() / "decoded"
        key = [FORM, image_files.origin, arguments, keras_gan.__version__, *_decoders()]
        readable = re.sub(r"[^\w.-]+", "_", pathlib.PurePath(image_files.origin).name)
        self._begin = f"{readable[:40]}-{_digest(key)[:16]}-"
        self._entry = self._folder / f"{self._begin}{self._stamp[:16]}"
        self._space = self._file = None

    def open(self):
        """Whether the entry is there, whole, and of the files as they are now."""
        try:
            said = (self._entry / FOUND).read_bytes()
            digest, content = said.split(b"\n", 1)
            if digest.decode() != hashlib.sha256(content).hexdigest():
                return False
            held = json.loads(content)
            shape, self._sums = tuple(held["shape"]), held["sums"]
            path = self._entry / PIXELS
            if path.stat().st_size != math.prod(shape):
                return False
            self.pixels = np.memmap(path, np.uint8, "r", shape=shape)
        except (OSError, ValueError, KeyError, TypeError):
            return False  # no entry, or none that is whole: the images are decoded
        self.found = held["found"]
        with contextlib.suppress(OSError):  # whoever was used last is removed last
            os.utime(self._entry / FOUND)
        return True

    def read(self, rows):
        """(pixels of the rows, the places of those that are not what was written).

        If there are any, the entry is not found again, so that it is made anew.
        """
        pixels = self.pixels[rows]
        wrong = [
            place
            for place, row in enumerate(rows)
            if zlib.crc32(pixels[place]) != self._sums[row]
        ]
        if wrong:
            with contextlib.suppress(OSError):
                os.unlink(self._entry / FOUND)
        return pixels, wrong

    # Writing --------------------------------------------------------------------------

    @property
    def is_writing(self):
        return self._file is not None

    @contextlib.contextmanager
    def writing(self):
        """A scope in which `add` takes images; what was not closed is gone behind it.

        With a disk that is full or read-only, the images are not kept: `trouble`.
        """
        with contextlib.ExitStack() as ending:
            with self._trying():
                self._folder.mkdir(parents=True, exist_ok=True)
                leftovers.remove(self._folder)
                self._remove_outdated()
                self._space = pathlib.Path(
                    ending.enter_context(files.workspace(self._entry))
                )
                (self._space / "new").mkdir()
                self._shape, self._sums = None, []
                self._file = open(self._space / "new" / PIXELS, "w+b")  # noqa: SIM115
            try:
                yield
            finally:
                self._stop()

    def add(self, pixels):
        """Keep the next image, uint8 (height, width, channels).

        The first one of more channels than those before it, which are grey, makes them
        as many: grey as a colour.
        """
        if not self.is_writing:
            return
        with self._trying():
            if self._shape is None:
                self._begin_with(pixels.shape)
            if pixels.shape[2] > self._shape[2]:
                self._widen(pixels.shape)
            self._write(_as_wide(pixels, self._shape[2]))

    def close(self, found):
        """Keep what was added, if the files are still what they were.

        Args:
            found: what JSON can hold.
        """
        if not self.is_writing or self._files.stamp() != self._stamp:
            return
        with self._trying():
            _sync(self._file)
            shape = (len(self._sums), *self._shape)
            held = {"shape": shape, "sums": self._sums, "found": found}
            content = json.dumps(held).encode()
            digest = hashlib.sha256(content).hexdigest()
            with open(self._space / "new" / FOUND, "wb") as file:
                file.write(digest.encode() + b"\n" + content)
                _sync(file)
            self._publish()

    def _publish(self):
        """Give the entry its name, or take the one of a process that was faster."""
        for _ in range(2):
            with contextlib.suppress(OSError):
                os.rename(self._space / "new", self._entry)
            if self.open():
                return
            shutil.rmtree(self._entry, ignore_errors=True)  # a damaged one
        raise OSError("another process keeps writing the same")

    def _begin_with(self, shape):
        self._shape = tuple(shape)
        self._check_room(len(self._files.names) * math.prod(shape))

    def _widen(self, shape):
        """Write anew what was added, with more channels."""
        before, old = self._file, self._shape
        rows, self._sums, self._shape = len(self._sums), [], tuple(shape)
        wide = len(self._files.names) * math.prod(shape)
        self._check_room(wide + rows * math.prod(old))
        os.rename(self._space / "new" / PIXELS, self._space / "narrow")
        self._file = open(self._space / "new" / PIXELS, "w+b")  # noqa: SIM115
        with before:
            before.seek(0)
            for _ in range(rows):
                image = np.frombuffer(before.read(math.prod(old)), np.uint8)
                self._write(_as_wide(image.reshape(old), shape[2]))
        os.unlink(self._space / "narrow")

    def _write(self, pixels):
        pixels = np.ascontiguousarray(pixels)
        self._file.write(pixels)
        self._sums.append(zlib.crc32(pixels))

    def _check_room(self, needed):
        """Make room below the limit; raise an OSError where there is not enough."""
        limit = cache_limit()
        if needed > limit:
            raise OSError(
                f"they take {in_words(needed)}, and {LIMIT} allows {in_words(limit)}"
            )
        _remove_oldest(self._folder, limit - needed)
        free = shutil.disk_usage(self._folder).free
        if needed > free:
            raise OSError(
                f"they take {in_words(needed)}, and {in_words(free)} are free"
            )

    def _remove_outdated(self):
        """Remove what was kept of the same files before they changed."""
        for entry in self._folder.iterdir():
            if entry.name.startswith(self._begin) and entry != self._entry:
                shutil.rmtree(entry, ignore_errors=True)

    @contextlib.contextmanager
    def _trying(self):
        """A scope in which an error of the disk is noted, and no more than that."""
        try:
            yield
        except OSError as error:
            self._stop()
            self.trouble = (
                f"The decoded images of {self._files.origin} are not kept in "
                f"{self._folder}, so that they are decoded at the next start too: "
                f"{error}. Set KERAS_GAN_CACHE to a folder with room, {LIMIT} to more "
                "gigabytes, or pass cache=False."
            )

    def _stop(self):
        if self._file is not None:
            with contextlib.suppress(OSError):  # what a full disk did not take
                self._file.close()
        self._file = None


def cache_limit():
    """`$KERAS_GAN_CACHE_LIMIT` gigabytes, or else `DEFAULT_LIMIT`, in bytes.

    Raises:
        ValueError: if it is no number of at least 0.
    """
    text = os.environ.get(LIMIT) or str(DEFAULT_LIMIT)
    try:
        limit = float(text)
        if not 0 <= limit < math.inf:
            raise ValueError
    except ValueError:
        raise ValueError(
            f"{LIMIT} is a number of gigabytes, such as 50; 0 keeps nothing. Received: "
            f"{text!r}."
        ) from None
    return int(limit * 1e9)


def _remove_oldest(folder, limit):
    """Remove the entries that were used longest ago, until all take `limit` at most."""
    entries = []
    for entry in folder.iterdir():
        with contextlib.suppress(OSError):  # which another process has removed
            size = sum(path.stat().st_size for path in entry.iterdir())
            if not entry.name.startswith("."):
                entries.append(((entry / FOUND).stat().st_mtime, size, entry))
    total = sum(size for _, size, _ in entries)
    for _, size, entry in sorted(entries):
        if total <= limit:
            return
        shutil.rmtree(entry, ignore_errors=True)
        total -= size


def _as_wide(pixels, channels):
    """Pixels with so many channels; of grey ones, each is the grey."""
    wide = pixels.shape[2] == channels
    return pixels if wide else np.repeat(pixels, channels, axis=2)


def _decoders():
    """The versions, and the limit, that decide what a file's bytes become."""
    import PIL
    from PIL import Image, features

    codecs = features.get_supported_codecs()
    versions = {name: features.version_codec(name) for name in codecs}
    return PIL.__version__, versions, Image.MAX_IMAGE_PIXELS


def _digest(key):
    return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()


def _sync(file):
    file.flush()
    os.fsync(file.fileno())
