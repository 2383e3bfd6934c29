"""Pixels as features."""

import tensorflow as tf

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.metrics.features.extractor import Extractor, flat
from keras_gan.pixels import to_uint8


@register
class Pixels(Extractor):
    """Pixels as features: each of them, from 0 to 1 in steps of 1/255.

    Images are rounded to bytes first, as they are when they are written to a file: what
    a byte does not hold must not tell real from fake.

    Example:

    >>> import numpy as np
    >>> Pixels().of(np.array([[[[-1.0], [1.0], [0.001]]]])).tolist()
    [[0.0, 1.0, 0.501960813999176]]
    """

    description = "pixels of bytes, from 0 to 1"

    def __call__(self, samples: Tensor) -> Tensor:
        return flat(tf.cast(to_uint8(samples), tf.float32) / 255)
