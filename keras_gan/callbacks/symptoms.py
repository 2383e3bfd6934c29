"""Symptoms of a game that goes wrong, each a number of samples, images or logits."""

import numpy as np
import tensorflow as tf

from keras_gan.metrics import distances
from keras_gan.pixels import to_uint8

SIDE = 16  # pixels, that images are shrunk to
NEARER = 1 / 2  # of the distance to the second nearest image: copies are not further


def features_of(samples: np.ndarray) -> np.ndarray:
    """Features in which samples are compared: float32 (n, dim), of images small ones.

    Images are rounded to bytes, and shrunk to sides of 16 pixels at most by means over
    areas: noise, and what is a pixel aside, count little then. Other samples stay as
    they are, flattened.

    Example:

    >>> features_of(np.ones((5, 32, 48, 3))).shape  # 16 x 16 x 3
    (5, 768)
    """
    samples = np.asarray(samples)
    if samples.ndim != 4:
        return samples.reshape(len(samples), -1).astype(np.float32)
    sides = [side // -(-side // SIDE) for side in samples.shape[1:3]]
    pixels = to_uint8(samples) / np.float32(255)
    shrunk = tf.image.resize(pixels, sides, "area").numpy()
    return shrunk.reshape(len(samples), -1)


def without_repetitions(features: np.ndarray) -> np.ndarray:
    """The rows that are no copies of earlier ones.

    >>> without_repetitions(np.array([[1.0], [2.0], [1.0]])).tolist()
    [[1.0], [2.0]]
    """
    first = {}
    for number, row in enumerate(features):
        first.setdefault(row.tobytes(), number)
    return features[list(first.values())]


def spacing(features: np.ndarray) -> float:
    """The mean distance of a row to its nearest other row.

    >>> spacing(np.array([[0.0], [1.0], [4.0]]))  # 1, 1 and 3
    1.6666666666666667
    """
    (features,), unit = distances.to_unit(features)
    return float(np.sqrt(distances.to_kth_neighbor(features, 1)).mean() * unit)


def copies(features: np.ndarray, images: np.ndarray) -> float:
    """The share of rows that are copies of one of the images.

    A copy is less than half as far from the nearest image as from the second nearest.
    What merely lies among the images is about as far from both, whether it is sharp or
    blurred. (Yoon et al., 2023, ask for a third, of diffusion models; a generator's
    copies are less exact.)

    Args:
        features: array (n, dim).
        images: array (m, dim) without repetitions, m >= 2.

    Example:

    >>> copies(np.array([[0.1], [2.0]]), np.array([[0.0], [4.0]]))
    0.5
    """
    nearest = np.full((len(features), 2), np.inf)
    for rows, _, block in distances.blocks(features, images):
        both = np.concatenate([nearest[rows], block], axis=1)
        both.partition(1, axis=1)
        nearest[rows] = both[:, :2]
    first, second = np.sqrt(np.maximum(nearest, 0)).T
    return float(np.mean(first < NEARER * second))


def share_above(higher: np.ndarray, lower: np.ndarray) -> float:
    """The share of pairs in which the first number is above the second; ties count 1/2.

    Known as the area under the ROC curve: 0.5 of numbers that do not differ.

    Example:

    >>> share_above(np.array([1.0, 3.0]), np.array([0.0, 1.0]))
    0.875
    """
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, "left")
    not_above = np.searchsorted(ordered, higher, "right")
    return float(np.mean(below + not_above) / (2 * len(lower)))


def distance(features: np.ndarray, images: np.ndarray) -> float:
    """The energy distance of samples from images, over that of the images' mean.

    2 E|x - y| - E|x - x'| - E|y - y'| (Szekely and Rizzo, 2013), unbiased. 1: no better
    than the mean image again and again; 0: of the same distribution.

    Args:
        features, images: arrays (n, dim) and (m, dim), n and m >= 2.

    Example:

    >>> images = np.random.default_rng(0).normal(size=(500, 4))
    >>> mean = np.zeros((500, 4))
    >>> round(distance(mean, images), 1), abs(distance(images[::-1], images)) < 0.01
    (1.0, True)
    """
    apart, count = _apart(images), len(images)
    mean = images.mean(axis=0, keepdims=True)
    # with images beside themselves, so that it is above 0 of two images, too
    unit = 2 * _mean_distance(images, mean) - apart * (count - 1) / count
    found = 2 * _mean_distance(images, features) - apart - _apart(features)
    return found / unit


def _apart(points):
    """The mean distance of pairs of different rows."""
    return _mean_distance(points, points) * len(points) / (len(points) - 1)


def _mean_distance(points, others):
    total = sum(
        np.sqrt(np.maximum(block, 0)).sum()
        for _, _, block in distances.blocks(points, others)
    )
    return float(total / (len(points) * len(others)))
