"""Translation of images by whole pixels."""

import tensorflow as tf

from keras_gan.augmentations.affine import affine
from keras_gan.core.typing import Tensor


def translated(images: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Images moved by whole pixels; what comes in from outside is 0.

    By products with matrices of zeros and ones.

    Args:
        images: float tensor (batch, height, width, channels).
        down, right: float tensors (batch,) of whole numbers.
    """
    height, width = images.shape[1:3]
    rows = _moves(height, down, images.dtype)
    columns = _moves(width, right, images.dtype)

    def moved(images):
        images = tf.einsum("bij,bjwc->biwc", rows, images)
        return tf.einsum("bij,bhjc->bhic", columns, images)

    def back(images):
        images = tf.einsum("bij,biwc->bjwc", rows, images)
        return tf.einsum("bij,bhic->bhjc", columns, images)

    return affine(images, moved, back)


def _moves(side, shift, dtype):
    """(batch, side, side): 1 where place i is to show what was at place j."""
    places = tf.range(side, dtype=tf.float32)
    source = places - shift[:, None]
    return tf.cast(source[:, :, None] == places, dtype)


def choice(drawn: Tensor, number: int) -> Tensor:
    """Whole numbers from 0 to `number` - 1, as floats, of uniform ones in [0, 1]."""
    return tf.minimum(tf.floor(drawn * number), number - 1.0)
