"""The handwritten digits inside scikit-learn: a data set that is always at hand."""

import numpy as np

from keras_gan.core.arguments import ArgumentError

from .arrays import ArraySource


def open_digits(split, image_size, value_range=None):
    """The 1797 digits of `sklearn.datasets.load_digits`, 8 x 8 pixels, labels 0 to 9.

    scikit-learn stores grey levels 0 to 16; here they are 0 to 255. There is no split,
    and none is made up, so that "train" means every image.

    Raises:
        ValueError: if `split` is not "train".
    """
    if split != "train":
        raise ArgumentError(
            "'digits' has no splits: split='train' is all of its 1797 images. "
            f"Received: split={split!r}. Use 'mnist' if you need test images.",
            "split",
        )
    from sklearn.datasets import load_digits

    digits = load_digits()
    pixels = np.rint(digits.images * (255 / 16)).astype(np.uint8)
    names = tuple(str(name) for name in digits.target_names)
    return ArraySource(pixels, digits.target, names, image_size, value_range)
