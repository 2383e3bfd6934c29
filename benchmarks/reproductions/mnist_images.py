"""MNIST in memory, in order."""

import numpy as np

from keras_gan import datasets


def images_of(split):
    """All images of a split in [-1, 1], (n, 28, 28, 1), and their digits."""
    batches = datasets.load(
        "mnist", 1000, labels=True, split=split, shuffle=False, drop_remainder=False
    )
    images, digits = zip(*batches.as_numpy_iterator(), strict=True)
    return np.concatenate(images), np.concatenate(digits)
