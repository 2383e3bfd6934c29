"""Image sampling: an image known by the values of its pixels at sampling points."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integers

from .simple_random import simple_random
from .sizes import array_of, check_size
from .systematic import systematic


def grid_points(
    image_size: int | tuple[int, int], points: int | tuple[int, int]
) -> np.ndarray:
    """Sampling points on a regular grid: systematic in both directions, centred.

    Args:
        image_size: int (a square) or (height, width) of the image.
        points: int or (rows, columns), the points wanted along each side.

    Returns:
        int64 array (rows * columns, 2) of (row, column), row by row.

    Raises:
        ValueError: if more points are wanted along a side than it has pixels.

    Example:

    >>> grid_points(8, points=2).tolist()  # the middle of each quarter
    [[2, 2], [2, 6], [6, 2], [6, 6]]
    """
    sides, wanted = _pair(image_size, "image_size"), _pair(points, "points")
    lines = []
    for side, size in zip(sides, wanted, strict=True):
        side, size = check_size(side, size, items="points along a side")
        lines.append(systematic(side, size, start=side // size // 2))
    return np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 2)


def random_points(
    image_size: int | tuple[int, int], size: int, seed: int = 0
) -> np.ndarray:
    """Sampling points at random: a simple random sample of the pixels.

    Args:
        image_size: int (a square) or (height, width) of the image.
        size: int in [1, height * width], the points wanted.
        seed: int in [0, 2**31 - 1].

    Returns:
        int64 array (size, 2) of (row, column), row by row.

    Raises:
        ValueError: if more points are wanted than there are pixels.

    Example:

    >>> random_points((1, 3), size=3).tolist()
    [[0, 0], [0, 1], [0, 2]]
    """
    height, width = _pair(image_size, "image_size")
    pixels = simple_random(height * width, size, seed)
    return np.stack(np.divmod(pixels, width), axis=1)


def pixel_values(
    images: ArrayLike | tf.Tensor, points: ArrayLike
) -> np.ndarray | tf.Tensor:
    """The pixel values of images at sampling points: (..., points, channels).

    Args:
        images: array or tensor, at least of rank 3.
        points: int array (points, 2) of (row, column).

    Returns:
        An array for an array, a tensor for a tensor.

    Raises:
        ValueError: for other shapes, or a point outside of the image.

    Example:

    >>> image = np.arange(9).reshape(3, 3, 1)
    >>> pixel_values(image, [[0, 2], [1, 1]]).ravel().tolist()
    [2, 4]
    """
    images = images if tf.is_tensor(images) else array_of(images)
    points = _checked_points(points, images.shape)
    rows, columns = points[:, 0], points[:, 1]
    if not tf.is_tensor(images):
        return images[..., rows, columns, :]
    shape = tf.shape(images)
    height, width = images.shape[-3:-1]
    flat = tf.concat([shape[:-3], [height * width], shape[-1:]], axis=0)
    values = tf.gather(tf.reshape(images, flat), rows * width + columns, axis=-2)
    return tf.ensure_shape(values, [*images.shape[:-3], len(points), images.shape[-1]])


def sample_pixels(points: ArrayLike) -> Callable[[tf.data.Dataset], tf.data.Dataset]:
    """Sample pixels: a `dataset.apply` transform, images -> values at sampling points.

    Args:
        points: int array (points, 2) of (row, column), see `pixel_values`.

    Returns:
        A function from a `tf.data.Dataset` of images, or of (images, labels), single or
        in batches, to one of their `pixel_values` in the place of the images.

    Example:

    >>> images = tf.data.Dataset.from_tensors(np.arange(9).reshape(3, 3, 1))
    >>> sampled = images.apply(sample_pixels(grid_points(3, points=1)))
    >>> next(iter(sampled)).numpy().tolist()
    [[4]]
    """

    def values(images, *labels):
        sampled = pixel_values(images, points)
        return (sampled, *labels) if labels else sampled

    return lambda dataset: dataset.map(values)


def _pair(value, name):
    """(along the height, along the width) of an int, which is both, or of a pair."""
    pair = value if isinstance(value, (tuple, list)) else [value] * 2
    if len(pair) != 2:
        raise ValueError(
            f"{name} is an int, or a pair along height and width. Received: {value!r}."
        )
    return check_integers(pair, name, 1)


def _checked_points(points, shape):
    points = array_of(points)
    whole = points.dtype.kind in "iu" and points.ndim == 2 and points.shape[1] == 2
    if not whole or len(points) < 1:
        raise ValueError(
            "points is an integer array (points, 2) of (row, column). Received: "
            f"{points.dtype} of shape {points.shape}."
        )
    sides = tuple(shape)[-3:-1]
    if len(sides) < 2 or None in sides:
        raise ValueError(
            "Images have the shape (..., height, width, channels), of known height and "
            f"width. Received: {tuple(shape)}."
        )
    outside = ((points < 0) | (points >= sides)).any(axis=1)
    if outside.any():
        raise ValueError(
            f"Points lie in the image: rows 0 to {sides[0] - 1}, columns 0 to "
            f"{sides[1] - 1}. Received: {points[outside][0].tolist()}."
        )
    return points.astype(np.int64)  # numbers of pixels are larger than points
