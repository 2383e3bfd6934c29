"""The base of feature extractors."""

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan.core import graphs
from keras_gan.core.arguments import check_integer
from keras_gan.core.typing import Config, Tensor


class Extractor:
    """A feature extractor: a pure function of each sample alone.

    A subclass defines `__call__(samples)`, from a tensor (n, ...) to one (n, dim),
    and `description`, the text for the protocol.

    Attributes:
        batch_size: int, how many samples `of` takes at a time unless it is told.
    """

    description: str | None = None
    batch_size = 256

    def __call__(self, samples: Tensor) -> Tensor:
        raise NotImplementedError

    def dim(self, sample_shape: Sequence[int]) -> int:
        """The number of features of a sample of this shape."""
        return math.prod(sample_shape)

    def of(self, samples: np.ndarray, batch_size: int | None = None) -> np.ndarray:
        """The features of an array of samples, computed in batches.

        Args:
            samples: array (n, ...), n >= 1.
            batch_size: int >= 1, or None, the extractor's own.

        Returns:
            float32 array (n, dim).

        Raises:
            ValueError: for no samples, or a batch size below 1.
        """
        if batch_size is None:
            batch_size = self.batch_size
        check_integer(batch_size, "batch_size", 1)
        if len(samples) < 1:
            raise ValueError("There are no features of no samples. Received: 0 rows.")
        extract = graphs.RowsGraph(self.__call__)
        parts = [
            ops.convert_to_numpy(extract(samples[start : start + n]))
            for n in [batch_size]
            for start in range(0, len(samples), n)
        ]
        return np.concatenate(parts).astype(np.float32, copy=False)

    def get_config(self) -> Config:
        return {}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(**config)


def flat(tensor: Tensor) -> Tensor:
    """(n, ...) -> (n, numbers of a sample)."""
    return tf.reshape(tensor, (tf.shape(tensor)[0], math.prod(tensor.shape[1:])))
