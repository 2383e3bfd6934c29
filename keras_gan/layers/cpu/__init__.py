"""Layers of Keras that are faster on CPUs: the same weights, config and results."""

from keras_gan.layers.cpu.fast_batch_normalization import FastBatchNormalization
from keras_gan.layers.cpu.fast_conv2d import FastConv2D
from keras_gan.layers.cpu.fast_conv2d_transpose import FastConv2DTranspose

__all__ = ["FastBatchNormalization", "FastConv2D", "FastConv2DTranspose"]
