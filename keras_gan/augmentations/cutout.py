"""Cutout: a rectangle of each image that is not shown."""

import tensorflow as tf

from keras_gan.augmentations.affine import affine
from keras_gan.core.typing import Tensor


def cut_out(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Images with zeros where both the row and the column are cut out.

    Args:
        images: float tensor (batch, height, width, channels).
        rows: bool tensor (batch, height).
        columns: bool tensor (batch, width).
    """
    inside = rows[:, :, None] & columns[:, None, :]

    def shown(images):
        return tf.where(inside[..., None], tf.zeros((), images.dtype), images)

    return affine(images, shown, shown)
