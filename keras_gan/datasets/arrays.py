"""NumPy arrays, in memory or memory-mapped, as a source."""

import hashlib

import numpy as np

from .images import resize_array
from .memory import check_memory
from .source import Source
from .value_range import range_of, to_unit

# Memory-mapped files are looked through in pieces of this size, never read whole.
CHUNK_BYTES = 2**24


class ArraySource(Source):
    """The rows of an array of images or vectors.

    Args:
        images: array (n, height, width, channels) or (n, height, width) of numbers or
            bool. Or a float array (n, d) of vectors, passed on as they are, whatever
            their range.
        labels: integer array (n,) or (n, 1) of classes from 0, -1 where the class is
            missing, or None.
        class_names: tuple of str, or None if the classes are numbers.
        image_size: (height, width) to crop and resize images to, or None.
        value_range: (black, white), the values of images that become -1 and 1; None
            takes them from the dtype and all values, see `value_range.range_of`.
        plain: bool, whether rows are floats of any shape, such as sequences, that are
            passed on as they are.

    Raises:
        ValueError: naming what was received, if the shape, the dtype or the range is
            another one, a value is not finite, or the labels do not fit the images.

    Example:

    >>> import numpy as np
    >>> source = ArraySource(np.zeros((10, 8, 8), np.uint8))
    >>> source.read(np.array([3, 1])).shape
    (2, 8, 8, 1)
    """

    def __init__(
        self,
        images,
        labels=None,
        class_names=None,
        image_size=None,
        value_range=None,
        plain=False,
    ):
        _check_shape(images, plain)
        self._plain = plain or images.ndim == 2
        self._images = images
        self._size = image_size
        self.item_shape = tuple(images.shape[1:])
        if images.ndim == 3 and not plain:
            self.item_shape += (1,)
        if self._plain:
            _refuse_for_vectors(images, image_size=image_size, value_range=value_range)
        if image_size is not None:
            self.item_shape = (*image_size, self.item_shape[-1])
        item_bytes = images[:1].nbytes
        check_memory("One item of the data", item_bytes, "Pass smaller images.")
        self.labels = None if labels is None else _checked_labels(labels, len(images))
        self.class_names = class_names
        self.fingerprint = self._scan(value_range)

    def __len__(self):
        return len(self._images)

    def read(self, indices):
        items = np.asarray(self._images[indices])
        if self._range is not None:
            items = to_unit(items, self._range)
        items = items.astype(self.dtype, copy=False)
        if items.ndim == 3 and not self._plain:
            items = items[..., np.newaxis]
        if self._size is None:
            return items
        return np.stack([resize_array(item, self._size) for item in items])

    def _scan(self, declared):
        """Check every value, and return the fingerprint of what `read` will give.

        Sets `dtype`, and `_range` to the values that `read` maps to -1 and 1, or to
        None if it passes them on.
        """
        images, content = self._images, self._images.dtype
        if content.kind == "f" and declared is None:
            content = np.dtype(np.float32)
        digest = hashlib.sha256(
            f"{content} {len(self)} {self.item_shape} {self._size}".encode()
        )
        rows = max(1, CHUNK_BYTES * len(images) // max(1, images.nbytes))
        low, high = np.inf, -np.inf
        for first in range(0, len(images), rows):
            chunk = np.asarray(images[first : first + rows])
            if chunk.dtype.kind == "f":
                _check_finite(chunk, content, first)
            low, high = min(low, chunk.min()), max(high, chunk.max())
            digest.update(np.ascontiguousarray(chunk, content))
        self.dtype, self._range = np.dtype(np.float32), None
        if not self._plain:
            found = range_of(images.dtype, low, high, "The images", declared)
            if images.dtype == np.uint8 and found == (0, 255):
                self.dtype = np.dtype(np.uint8)
            elif found != (-1, 1) or low < -1 or high > 1:
                self._range = found
                digest.update(f"range {found}".encode())
        if self.labels is not None:
            digest.update(self.labels)
        return digest.hexdigest()


def _check_shape(images, plain):
    if images.dtype.kind == "O":
        raise ValueError(
            f"Received an array of Python objects{_sizes_in(images)}. Resize the "
            "images to one size and np.stack them, or load them from a folder with "
            "image_size=."
        )
    if images.dtype.kind not in "buif":
        raise ValueError(
            "Expected images or vectors of numbers, such as uint8 or float32. "
            f"Received: dtype {images.dtype}, shape {images.shape}."
        )
    sides = range(1, 10) if plain else (2, 3, 4)
    if 0 in images.shape or images.ndim not in sides:
        raise ValueError(
            "Expected images of shape (n, height, width, channels) or (n, height, "
            "width), or vectors of shape (n, d), none of these 0. Received: an array "
            f"of shape {images.shape}. Samples of another shape, such as sequences, "
            "are taken by the fit of a game whose networks take them."
        )
    if (plain or images.ndim == 2) and images.dtype.kind != "f":
        raise ValueError(
            "What is no image, such as vectors of shape (n, d), is passed on as it is "
            "and must be floats. "
            f"Received: {images.dtype} of shape {images.shape}. Call "
            ".astype('float32'), or .reshape(n, height, width, channels) if they are "
            "flattened images."
        )


def _sizes_in(objects):
    """The first two images of different shape among Python objects, in words."""
    shapes = [getattr(thing, "shape", None) for thing in objects.ravel()]
    for index, shape in enumerate(shapes):
        if shape != shapes[0]:
            return f", images[0] of shape {shapes[0]} and images[{index}] of {shape}"
    return ""


def _refuse_for_vectors(vectors, **options):
    for name, value in options.items():
        if value is not None:
            raise ValueError(
                f"{name}={value} needs images. Received: an array of vectors, which "
                f"are passed on as they are, shape {vectors.shape}."
            )


def _check_finite(chunk, content, first):
    # A float64 may be too large for what it will be passed on as.
    with np.errstate(over="ignore"):
        bad = ~np.isfinite(chunk.astype(content, copy=False))
    if bad.any():
        position = np.argwhere(bad)[0]
        value = chunk[tuple(position)]
        index = ", ".join(str(i) for i in (position[0] + first, *position[1:]))
        raise ValueError(
            f"Expected finite values that float32 can hold. Received: images[{index}] "
            f"= {value}. Find all with "
            "np.argwhere(~np.isfinite(images.astype('float32')))."
        )


def _labels_hint(labels):
    """The way from labels of a wrong shape or dtype to classes, if that can be said."""
    kind = labels.dtype.kind
    if labels.ndim == 2:
        return " Pass np.argmax(labels, axis=1)."
    if labels.ndim == 1 and kind in "US":
        return " Pass np.unique(labels, return_inverse=True)[1]."
    whole = kind == "b" or (kind == "f" and (labels % 1 == 0).all())
    if labels.ndim == 1 and whole:
        return " Pass labels.astype('int32')."
    return ""


def _checked_labels(labels, count):
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            "Expected integer labels of shape (n,), classes counted from 0. Received: "
            f"{labels.dtype} of shape {labels.shape}.{_labels_hint(labels)}"
        )
    if len(labels) != count:
        raise ValueError(
            f"Expected one label for each of the {count} images. Received: "
            f"{len(labels)} labels."
        )
    if labels.min() < -1 or labels.max() > np.iinfo(np.int32).max:
        raise ValueError(
            "Expected classes counted from 0, or -1 where the class is missing. "
            f"Received: labels from {labels.min()} to {labels.max()}."
        )
    return np.ascontiguousarray(labels, np.int32)
