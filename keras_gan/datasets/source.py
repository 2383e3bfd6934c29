"""The base of data sources: items by number, in any order."""

import numpy as np


class Source:
    """A data source: items that can be read by number, each at the same cost.

    Random access is what lets a run stop anywhere and go on there: a position in the
    data is then one integer, and no item before it has to be read again.

    Attributes:
        item_shape: tuple, (height, width, channels) of an image or (d,) of a vector.
        dtype: `np.uint8` for pixels in [0, 255], `np.float32` for values that are
            passed on as they are.
        labels: int32 array (number of items,), -1 where the class is missing, or None.
        class_names: tuple of str, one for each class, or None if classes are numbers.
        fingerprint: str, a hexadecimal SHA-256 of the items, labels and image size.
        skipped: tuple of str, the files left out because they could not be decoded.
        names: list of str that tell the items apart, such as relative paths, or None.
        part: str, in words, how many items are held out, or that these are; else empty.
        origin: str, the folder or file that the items are read from, or None.
    """

    labels = None
    class_names = None
    skipped = ()
    names = None
    part = ""
    origin = None

    def __len__(self) -> int:
        raise NotImplementedError

    def read(self, indices: np.ndarray) -> np.ndarray:
        """The items of the int64 array `indices`: (len(indices), *item_shape)."""
        raise NotImplementedError

    @property
    def num_classes(self) -> int | None:
        """int, the number of classes; None without labels."""
        if self.labels is None:
            return None
        if self.class_names is not None:
            return len(self.class_names)
        return int(self.labels.max()) + 1
