"""Flips: every second image mirrored."""

import tensorflow as tf

from keras_gan.augmentations.affine import affine
from keras_gan.augmentations.augmentation import Augmentation
from keras_gan.core import randomness
from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor


@register
class Flip(Augmentation):
    """Horizontal flip: each image is mirrored, left for right, with probability 1/2.

    Of data in which left and right mean nothing it makes twice as many. What is
    augmented leaks into the samples where it is not so: a generator then draws mirrored
    digits.

    Example:

    >>> import keras
    >>> from keras_gan.core.randomness import seed_of
    >>> images = keras.ops.ones((100, 1, 2, 1)) * [[-1.0], [1.0]]
    >>> flipped = Flip()(images, seed_of(0, "docs"))
    >>> 30 < int(keras.ops.sum(flipped[:, 0, 0, 0] > 0)) < 70
    True
    """

    def draw(self, rows: int | Tensor, seed: Tensor) -> Tensor:
        return randomness.uniform((rows,), seed)

    def apply(self, images: Tensor, drawn: Tensor) -> Tensor:
        turned = tf.reshape(drawn < 0.5, (-1, 1, 1, 1))

        def flipped(images):
            return tf.where(turned, tf.reverse(images, [2]), images)

        return affine(images, flipped, flipped)
