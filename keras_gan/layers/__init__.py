"""Layers that games need and Keras lacks, or has slower."""

from keras_gan.layers.conditional_batch_normalization import (
    ConditionalBatchNormalization,
)
from keras_gan.layers.cpu import (
    FastBatchNormalization,
    FastConv2D,
    FastConv2DTranspose,
)
from keras_gan.layers.filtered_resampling import (
    FilteredDownsampling,
    FilteredUpsampling,
)
from keras_gan.layers.grouped_convolution import GroupedConvolution
from keras_gan.layers.instance_noise import InstanceNoise
from keras_gan.layers.learned_maps import LearnedMaps
from keras_gan.layers.minibatch_discrimination import MinibatchDiscrimination
from keras_gan.layers.pack import Pack
from keras_gan.layers.reproducible_dropout import ReproducibleDropout
from keras_gan.layers.resampled_convolutions import (
    MeanPooledConv2D,
    UpsampledConv2D,
)
from keras_gan.layers.self_attention import SelfAttention
from keras_gan.layers.spectral_normalization import SpectralNormalization
from keras_gan.layers.synchronized_batch_normalization import (
    SynchronizedBatchNormalization,
)
from keras_gan.layers.weight_normalization import WeightNormalization

__all__ = [
    "ConditionalBatchNormalization",
    "FastBatchNormalization",
    "FastConv2D",
    "FastConv2DTranspose",
    "FilteredDownsampling",
    "FilteredUpsampling",
    "GroupedConvolution",
    "InstanceNoise",
    "LearnedMaps",
    "MeanPooledConv2D",
    "MinibatchDiscrimination",
    "Pack",
    "ReproducibleDropout",
    "SelfAttention",
    "SpectralNormalization",
    "SynchronizedBatchNormalization",
    "UpsampledConv2D",
    "WeightNormalization",
]
