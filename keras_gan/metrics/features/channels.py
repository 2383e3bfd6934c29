"""Features of each channel of an image."""

from collections.abc import Sequence
from typing import Self

import keras
import tensorflow as tf

from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.metrics.features.extractor import Extractor


@register
class Channels(Extractor):
    """Features of channels: those of each as an image of its own, one after the other.

    For stacked MNIST, whose three channels hold a digit each.

    Args:
        each: an extractor of images of one channel.

    Example:

    >>> import numpy as np
    >>> from keras_gan.metrics.features import Pixels
    >>> image = np.stack([np.full((2, 2), -1.0), np.full((2, 2), 1.0)], axis=-1)
    >>> Channels(Pixels()).of(image[np.newaxis]).tolist()
    [[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]]
    """

    def __init__(self, each: Extractor):
        if not isinstance(each, Extractor):
            raise ValueError(f"each is an extractor. Received: {each!r}.")
        self.each = each

    def __call__(self, samples: Tensor) -> Tensor:
        if samples.shape.rank != 4:
            raise ValueError(
                "Channels takes images (n, height, width, channels). Received: "
                f"{samples.shape}."
            )
        channels = tf.split(samples, samples.shape[-1], axis=-1)
        return tf.concat([self.each(channel) for channel in channels], axis=1)

    def dim(self, sample_shape: Sequence[int]) -> int:
        return sample_shape[-1] * self.each.dim((*sample_shape[:-1], 1))

    @property
    def description(self) -> str:
        return f"each channel by {self.each.description}"

    def get_config(self) -> Config:
        return {"each": keras.saving.serialize_keras_object(self.each)}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(keras.saving.deserialize_keras_object(config["each"]))
