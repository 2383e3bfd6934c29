"""Layers that games need and Keras lacks."""

from keras_gan.layers.synchronized_batch_normalization import (
    SynchronizedBatchNormalization,
)

__all__ = ["SynchronizedBatchNormalization"]
