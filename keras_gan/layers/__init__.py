"""Layers that games need and Keras lacks."""

from keras_gan.layers.conditional_batch_normalization import (
    ConditionalBatchNormalization,
)
from keras_gan.layers.instance_noise import InstanceNoise
from keras_gan.layers.minibatch_discrimination import MinibatchDiscrimination
from keras_gan.layers.pack import Pack
from keras_gan.layers.spectral_normalization import SpectralNormalization
from keras_gan.layers.synchronized_batch_normalization import (
    SynchronizedBatchNormalization,
)
from keras_gan.layers.weight_normalization import WeightNormalization

__all__ = [
    "ConditionalBatchNormalization",
    "InstanceNoise",
    "MinibatchDiscrimination",
    "Pack",
    "SpectralNormalization",
    "SynchronizedBatchNormalization",
    "WeightNormalization",
]
