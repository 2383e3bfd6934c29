"""Colour: brightness, saturation and contrast, and matrices of colours."""

import numpy as np
import tensorflow as tf

from keras_gan.augmentations.affine import affine
from keras_gan.core.typing import Tensor

COLORS = np.diag([1.0, 1.0, 1.0, 0.0])  # without the 1 beside them
TO_ALL = np.outer([1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0])
# The projection on the axis from black to white, and the cross product with it.
GRAY = np.outer([1, 1, 1, 0], [1, 1, 1, 0]) / 3
TURN = np.array([[0, -1, 1, 0], [1, 0, -1, 0], [-1, 1, 0, 0], [0, 0, 0, 0]])
TURN = TURN / np.sqrt(3)


def brightened(images: Tensor, offset: Tensor) -> Tensor:
    """Images x + offset, one offset (batch,) each."""

    def lit(images):
        return images + _of_each(offset, images)

    return affine(images, lit, tf.identity, tf.identity)


def saturated(images: Tensor, factor: Tensor) -> Tensor:
    """Distances of each pixel's channels from their mean, times a factor (batch,)."""
    return _stretched(images, factor, axes=[3])


def contrasted(images: Tensor, factor: Tensor) -> Tensor:
    """Distances of each image's numbers from their mean, times a factor (batch,)."""
    return _stretched(images, factor, axes=[1, 2, 3])


def _stretched(images, factor, axes):
    def stretched(images):  # a symmetric map
        mean = tf.reduce_mean(images, axes, keepdims=True)
        return (images - mean) * _of_each(factor, images) + mean

    return affine(images, stretched, stretched)


def _of_each(numbers, images):
    return tf.cast(numbers, images.dtype)[:, None, None, None]


def identity() -> Tensor:
    """The matrix, float64 (1, 4, 4), of colours (r, g, b, 1) that changes nothing."""
    return tf.eye(4, dtype=tf.float64)[None]


def brightness(offset: Tensor) -> Tensor:
    """r + offset, g + offset, b + offset: matrices (batch, 4, 4)."""
    return identity() + offset[:, None, None] * TO_ALL


def contrast(factor: Tensor) -> Tensor:
    """Colours times a factor, about 0, the grey in the middle of [-1, 1]."""
    return identity() + (factor[:, None, None] - 1.0) * COLORS


def luma_flip(turned: Tensor) -> Tensor:
    """Light for dark, of the same hue, where `turned` (batch,) is 1: I - 2 v v'."""
    return identity() - 2.0 * turned[:, None, None] * GRAY


def hue(cosine: Tensor, sine: Tensor) -> Tensor:
    """A rotation about the axis from black to white (Rodrigues' formula)."""
    cosine, sine = cosine[:, None, None], sine[:, None, None]
    return identity() + (1.0 - cosine) * (GRAY - COLORS) + sine * TURN


def saturation(factor: Tensor) -> Tensor:
    """Distances from the axis from black to white, times a factor."""
    return identity() + (factor[:, None, None] - 1.0) * (COLORS - GRAY)


def recolored(images: Tensor, matrix: Tensor) -> Tensor:
    """Images of one or of three channels, their colours mapped by matrices.

    Of one channel x, which stands for the colour (x, x, x), the mean of the three that
    come out.

    Args:
        images: float tensor (batch, height, width, 1 or 3).
        matrix: float64 tensor (batch, 4, 4), of colours (r, g, b, 1).
    """
    linear, offset = matrix[:, :3, :3], matrix[:, :3, 3]
    if images.shape[3] == 1:
        linear = tf.reduce_sum(linear, [1, 2])[:, None, None] / 3.0
        offset = tf.reduce_mean(offset, 1, keepdims=True)
    linear = tf.cast(linear, images.dtype)
    offset = tf.cast(offset, images.dtype)[:, None, None]

    def mapped(images):
        return tf.einsum("bij,bhwj->bhwi", linear, images)

    def back(images):
        return tf.einsum("bij,bhwi->bhwj", linear, images)

    return affine(images, lambda images: mapped(images) + offset, back, mapped)
