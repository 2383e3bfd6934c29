"""The networks of a workload in Keras, and what a forward pass through one costs."""

import flops
import numpy as np
from keras import layers

from keras_gan import networks

from . import tutorial_dcgan


def build(workload):
    """(generator, discriminator) of a workload."""
    shape, filters = workload.image_shape, workload.filters
    latent_dim = workload.latent_dim
    if workload.kind == "tutorial":
        return tutorial_dcgan.generator(), tutorial_dcgan.discriminator()
    if workload.kind == "mlp":
        generator = networks.MLPGenerator(shape, latent_dim)
        return generator, networks.MLPDiscriminator(shape)
    generator = networks.DCGANGenerator(shape, latent_dim, filters)
    return generator, networks.DCGANDiscriminator(shape, filters)


def num_parameters(network):
    """The number of trainable parameters."""
    return sum(int(np.prod(v.shape)) for v in network.trainable_variables)


def forward_flops(network):
    """Operations of each dense or convolutional layer for one sample, in order."""
    return [operations(layer) for layer in with_products(network)]


def with_products(network):
    """The dense and convolutional layers, in order."""
    return [layer for layer in network.layers if operations(layer)]


def operations(layer):
    """The operations of a layer's forward pass for one sample; 0 without products."""
    if isinstance(layer, layers.Dense):
        return flops.dense(layer.input.shape[-1], layer.units)
    if not isinstance(layer, layers.Conv2D | layers.Conv2DTranspose):
        return 0
    large, small = layer.input.shape[1:3], layer.output.shape[1:3]
    if isinstance(layer, layers.Conv2DTranspose):
        large, small = small, large
    kernel, stride = layer.kernel_size, layer.strides
    # padding="same" pads by what is missing, the smaller half of it before
    before = [
        max((small[i] - 1) * stride[i] + kernel[i] - large[i], 0) // 2 for i in (0, 1)
    ]
    channels = layer.input.shape[-1], layer.filters
    return flops.convolution(large, small, kernel, stride, before, *channels)
