"""Geometry: matrices of maps of the plane, and images under them."""

import math

import tensorflow as tf

from keras_gan.augmentations.affine import affine
from keras_gan.core.typing import Tensor


def scaling(right: Tensor, down: Tensor) -> Tensor:
    """x times `right`, y times `down`: matrices (batch, 3, 3) of (x, y, 1)."""
    zero = tf.zeros_like(right)
    return _matrix([[right, zero, zero], [zero, down, zero]])


def rotation(cosine: Tensor, sine: Tensor) -> Tensor:
    """A rotation about the origin: matrices (batch, 3, 3)."""
    zero = tf.zeros_like(cosine)
    return _matrix([[cosine, -sine, zero], [sine, cosine, zero]])


def shift(right: Tensor, down: Tensor) -> Tensor:
    """x + `right`, y + `down`: matrices (batch, 3, 3)."""
    zero, one = tf.zeros_like(right), tf.ones_like(right)
    return _matrix([[one, zero, right], [zero, one, down]])


def _matrix(rows):
    zero, one = tf.zeros_like(rows[0][0]), tf.ones_like(rows[0][0])
    rows = [tf.stack(row, 1) for row in [*rows, [zero, zero, one]]]
    return tf.stack(rows, 1)


def warped(images: Tensor, matrix: Tensor) -> Tensor:
    """Images y(p) = x(M p), between pixels bilinear, mirrored at their borders.

    Points p are (right, down) in pixels from the middle of the image. Where M maps
    pixels onto pixels, as flips and quarter turns do, values are moved as they are.

    Args:
        images: float tensor (batch, height, width, channels).
        matrix: float64 tensor (batch, 3, 3), M. In float32 a place would be off by
            some 1e-5 of a pixel, another one in each way of running.
    """
    height, width = images.shape[1:3]
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    x = tf.range(width, dtype=tf.float64)[None, None, :] - middle_x
    y = tf.range(height, dtype=tf.float64)[None, :, None] - middle_y
    m = matrix[:, :, :, None, None]
    columns, right = _between(m[:, 0, 0] * x + m[:, 0, 1] * y + m[:, 0, 2], width)
    rows, down = _between(m[:, 1, 0] * x + m[:, 1, 1] * y + m[:, 1, 2], height)
    image = (tf.range(tf.shape(images)[0]) * height)[:, None, None]
    found = []
    for row, of_row in zip(rows, (1.0 - down, down), strict=True):
        for column, of_column in zip(columns, (1.0 - right, right), strict=True):
            share = tf.cast(of_row * of_column, images.dtype)[..., None]
            found.append(((image + row) * width + column, share))

    def taken(images):
        pixels = tf.reshape(images, (-1, images.shape[-1]))
        return sum(share * tf.gather(pixels, place) for place, share in found)

    def put(images):
        number = tf.reduce_prod(tf.shape(images)[:3])
        parts = (
            tf.math.unsorted_segment_sum(share * images, place, number)
            for place, share in found
        )
        return tf.reshape(sum(parts), tf.shape(images))

    return affine(images, taken, put)


def _between(position, side):
    """The two pixels of a side around a position from its middle, and the way between.

    Returns:
        Two int32 tensors, and a float64 one in [0, 1).
    """
    position += (side - 1) / 2
    before = tf.floor(position)
    first = tf.cast(before, tf.int32)
    return (_mirrored(first, side), _mirrored(first + 1, side)), position - before


def _mirrored(place, side):
    """Places beyond a border as many inside of it; the border is not seen twice."""
    if side == 1:
        return tf.zeros_like(place)
    place = tf.math.floormod(place, 2 * (side - 1))
    return tf.minimum(place, 2 * (side - 1) - place)


def quarter(number: Tensor) -> tuple[Tensor, Tensor]:
    """Cosine and sine of a number of quarter turns, 0. to 3., without rounding."""
    index = tf.cast(number, tf.int32)
    cosines = tf.constant([1.0, 0.0, -1.0, 0.0], number.dtype)
    return tf.gather(cosines, index), tf.gather(cosines, (index + 3) % 4)


def angle(drawn: Tensor) -> Tensor:
    """An angle in [-pi, pi] of a uniform number in [0, 1]."""
    return (2.0 * drawn - 1.0) * math.pi
