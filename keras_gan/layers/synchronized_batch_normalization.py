"""Synchronized batch normalization: over the global batch, however it is spread."""

from typing import Any

import keras
from keras import ops

from keras_gan.core import distribution
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.layers.cpu import FastBatchNormalization


@register
class SynchronizedBatchNormalization(FastBatchNormalization):
    """Synchronized batch normalization: one batch for all replicas.

    In a training step of a game, mean and variance are those of the global batch: the
    mean of the replicas' means, each weighted by its share of the rows. A replica that
    the last batch left empty has no say, and on one device the layer is
    `FastBatchNormalization`. (Keras' own `synchronized=True` also
    counts the row that an empty replica computes with, and takes the variance as
    E x^2 - (E x)^2, which loses digits where the mean is large.)

    Args:
        **kwargs: as in `FastBatchNormalization`, but for `synchronized`.

    Example:

    >>> layer = SynchronizedBatchNormalization(momentum=0.9, epsilon=1e-5)
    >>> layer(keras.ops.ones((4, 8, 8, 3)), training=True).shape
    TensorShape([4, 8, 8, 3])
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.supports_masking = False

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        return super().call(inputs, training=training)

    def get_config(self) -> Config:
        config = super().get_config()
        config.pop("synchronized")
        return config

    def _fuses(self, inputs):
        return _alone() and super()._fuses(inputs)

    def _moments(self, inputs, mask):  # called by Keras
        if _alone():
            return super()._moments(inputs, mask)
        share = distribution.share_of_step()
        x = ops.cast(inputs, keras.backend.result_type(inputs.dtype, "float32"))
        axes = list(range(len(x.shape)))
        del axes[self.axis]
        [mean] = distribution.global_mean([ops.mean(x, axes)], share)
        shape = [1] * len(x.shape)
        shape[self.axis] = -1
        away = x - ops.reshape(mean, shape)
        squares = [ops.mean(ops.square(away), axes)]
        [variance] = distribution.global_mean(squares, share)
        return ops.cast(mean, inputs.dtype), ops.cast(variance, inputs.dtype)


def _alone():
    """Whether the batch here is the whole of it."""
    return distribution.share_of_step() is None or distribution.replicas() == 1
