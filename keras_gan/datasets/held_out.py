"""Held-out items: a part of the data that is not trained on, to measure by."""

import hashlib

import numpy as np

from keras_gan.core.arguments import ArgumentError, is_integer, is_number

from .source import Source

SPLIT = "held_out"  # the name of the part


class PartSource(Source):
    """A part of a source: the items that are held out, or all others.

    An item's place in a fixed order decides, that of the SHA-256 of its name (of its
    number, where items have none). So a folder holds out the same images for every seed
    and batch size, and most of them still after images were added.

    Args:
        whole: a `Source`.
        held_out: int, how many items are held out, or float, their share.
        takes: bool, whether this is the part that is held out.

    Raises:
        ArgumentError: if one of the parts is empty.

    Example:

    >>> from keras_gan.datasets.arrays import ArraySource
    >>> whole = ArraySource(np.zeros((10, 8, 8), np.uint8))
    >>> len(PartSource(whole, 0.2, takes=True)), len(PartSource(whole, 0.2, False))
    (2, 8)
    """

    def __init__(self, whole, held_out, takes):
        total = len(whole)
        count = held_out if is_integer(held_out) else round(held_out * total)
        if not 1 <= count < total:
            raise ArgumentError(
                "held_out leaves at least one sample in either part. Received: "
                f"held_out={held_out} of {total} samples, which is {count}. Take "
                "another share, or more data.",
                "held_out",
            )
        names = whole.names or map(str, range(total))
        places = np.argsort([_digest(name) for name in names], kind="stable")
        self._whole = whole
        self._rows = np.sort(places[:count] if takes else places[count:])
        self.item_shape, self.dtype = whole.item_shape, whole.dtype
        self.class_names, self.skipped = whole.class_names, whole.skipped
        self.origin = whole.origin
        self.part = ", held out" if takes else f", {count} held out"
        if whole.names is not None:
            self.names = [whole.names[row] for row in self._rows]
        if whole.labels is not None:
            self.labels = whole.labels[self._rows]
        digest = hashlib.sha256(f"{whole.fingerprint} {takes}".encode())
        digest.update(self._rows.astype("<i8"))
        self.fingerprint = digest.hexdigest()

    def __len__(self):
        return len(self._rows)

    def read(self, indices):
        return self._whole.read(self._rows[indices])

    @property
    def num_classes(self):
        """int, those of the whole, of which a part may miss some; None unlabelled."""
        return self._whole.num_classes


def check_held_out(held_out: int | float | None, split: str) -> int | float | None:
    """Return how much is held out as checked, or raise.

    Raises:
        ArgumentError: unless it is None, an int of at least 1 or a float between 0 and
            1, of the split "train" or `SPLIT`.
    """
    if held_out is None:
        if split == SPLIT:
            raise ArgumentError(
                f"split={SPLIT!r} is a part of the data. Received: no held_out. Pass "
                "it as in training, such as held_out=0.1.",
                "held_out",
            )
        return None
    share = is_number(held_out) and not is_integer(held_out)
    if not (is_integer(held_out, 1) or (share and 0 < held_out < 1)):
        raise ArgumentError(
            "held_out is a number of samples, at least 1, or a share between 0 and 1, "
            f"such as 0.1. Received: held_out={held_out!r}.",
            "held_out",
        )
    if split not in ("train", SPLIT):
        raise ArgumentError(
            f"held_out is a part of the split 'train'. Received: held_out={held_out} "
            f"with split={split!r}. Leave one of them out.",
            "held_out",
        )
    return int(held_out) if is_integer(held_out) else float(held_out)


def part_of(source: Source, held_out: int | float | None, split: str) -> Source:
    """The part of a source that a split means, see `PartSource`; else the source."""
    if held_out is None:
        return source
    return PartSource(source, held_out, takes=split == SPLIT)


def _digest(name):
    return hashlib.sha256(name.encode(errors="surrogateescape")).digest()
