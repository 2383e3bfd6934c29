"""Samples as they are, for features: the identity."""

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.metrics.features.extractor import Extractor, flat
from keras_gan.metrics.score import RAW


@register
class Identity(Extractor):
    """Identity features: each number of a sample is one; for vectors.

    Example:

    >>> import numpy as np
    >>> Identity().of(np.zeros((5, 2, 3))).shape
    (5, 6)
    """

    description = RAW

    def __call__(self, samples: Tensor) -> Tensor:
        return flat(samples)
