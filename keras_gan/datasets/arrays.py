"""NumPy arrays, in memory or memory-mapped, as a source."""

import hashlib

import numpy as np

from .images import resize_array
from .memory import check_memory
from .source import Source

# Memory-mapped files are looked through in pieces of this size, never read whole.
CHUNK_BYTES = 2**24


class ArraySource(Source):
    """The rows of an array of images or vectors.

    Args:
        images: array (n, height, width, channels) or (n, height, width). uint8 are
            pixels in [0, 255]; floats are in [-1, 1]. Or a float array (n, d) of
            vectors, passed on as they are, whatever their range.
        labels: integer array (n,) or (n, 1) of classes from 0, -1 where the class is
            missing, or None.
        class_names: tuple of str, or None if the classes are numbers.
        image_size: (height, width) to crop and resize images to, or None.

    Raises:
        ValueError: naming what was received, if the shape, the dtype or the range is
            another one, a value is not finite, or the labels do not fit the images.

    Example:

    >>> import numpy as np
    >>> source = ArraySource(np.zeros((10, 8, 8), np.uint8))
    >>> source.read(np.array([3, 1])).shape
    (2, 8, 8, 1)
    """

    def __init__(self, images, labels=None, class_names=None, image_size=None):
        _check_shape(images)
        self._images = images
        self._size = image_size
        self.dtype = np.dtype(np.uint8 if images.dtype.kind == "u" else np.float32)
        self.item_shape = tuple(images.shape[1:])
        if images.ndim == 3:
            self.item_shape += (1,)
        if image_size is not None:
            if images.ndim == 2:
                raise ValueError(
                    f"image_size={image_size} needs images. Received: an array of "
                    f"vectors, shape {images.shape}."
                )
            self.item_shape = (*image_size, self.item_shape[-1])
        item_bytes = images[:1].nbytes
        check_memory("One item of the data", item_bytes, "Pass smaller images.")
        self.labels = None if labels is None else _checked_labels(labels, len(images))
        self.class_names = class_names
        self.fingerprint = self._scan()

    def __len__(self):
        return len(self._images)

    def read(self, indices):
        items = np.asarray(self._images[indices]).astype(self.dtype, copy=False)
        if items.ndim == 3:
            items = items[..., np.newaxis]
        if self._size is None:
            return items
        return np.stack([resize_array(item, self._size) for item in items])

    def _scan(self):
        """Check every value, and return the fingerprint of what `read` will give."""
        digest = hashlib.sha256(
            f"{self.dtype} {len(self)} {self.item_shape} {self._size}".encode()
        )
        images = self._images
        rows = max(1, CHUNK_BYTES * len(images) // max(1, images.nbytes))
        low, high = np.inf, -np.inf
        for first in range(0, len(images), rows):
            chunk = np.asarray(images[first : first + rows])
            if chunk.dtype.kind == "f":
                _check_finite(chunk, first)
            low, high = min(low, chunk.min()), max(high, chunk.max())
            digest.update(np.ascontiguousarray(chunk, self.dtype))
        if images.ndim > 2 and images.dtype.kind == "f":
            _check_range(float(low), float(high))
        if self.labels is not None:
            digest.update(self.labels)
        return digest.hexdigest()


def _check_shape(images):
    if images.dtype.kind == "O":
        raise ValueError(
            "Received an array of Python objects, which may be images of varying size. "
            "Resize them to one size and np.stack them, or load them from a folder "
            "with image_size=."
        )
    if images.dtype != np.uint8 and images.dtype.kind != "f":
        raise ValueError(
            "Expected uint8 pixels from 0 to 255 or floats in [-1, 1]. Received: dtype "
            f"{images.dtype}. Pass images.astype('uint8') if they are from 0 to 255."
        )
    if images.ndim not in (2, 3, 4) or 0 in images.shape:
        raise ValueError(
            "Expected images of shape (n, height, width, channels) or (n, height, "
            "width), or vectors of shape (n, d), none of these 0. Received: an array "
            f"of shape {images.shape}."
        )
    if images.ndim == 2 and images.dtype.kind != "f":
        raise ValueError(
            "Vectors of shape (n, d) are passed on as they are and must be floats. "
            f"Received: {images.dtype} of shape {images.shape}. Call "
            ".astype('float32'), or .reshape(n, height, width, channels) if they are "
            "flattened images."
        )


def _check_finite(chunk, first):
    bad = ~np.isfinite(chunk)
    if bad.any():
        place = np.argwhere(bad)[0]
        value = chunk[tuple(place)]
        index = ", ".join(str(i) for i in (place[0] + first, *place[1:]))
        raise ValueError(
            f"Expected finite values. Received: images[{index}] = {value}. Find all "
            "with np.argwhere(~np.isfinite(images))."
        )


def _check_range(low, high):
    if low >= 0 and high <= 1:
        raise ValueError(
            "Expected float images in [-1, 1]. Received: values from "
            f"{low:g} to {high:g}, which look like [0, 1]. Pass images * 2 - 1."
        )
    if low < -1 or high > 1:
        if low >= 0 and high <= 255:
            mend = "images / 127.5 - 1, or images.astype('uint8')"
        else:
            mend = f"(images - ({low:g})) / {high - low:g} * 2 - 1"
        raise ValueError(
            "Expected float images in [-1, 1]. Received: values from "
            f"{low:g} to {high:g}. Pass {mend}."
        )


def _labels_hint(labels):
    """How labels of a wrong shape or dtype become classes, if that can be said."""
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
