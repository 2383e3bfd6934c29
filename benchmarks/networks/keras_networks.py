"""The networks of a workload in Keras, and what a forward pass through one costs."""

import flops
import numpy as np
from keras import layers

from keras_gan import networks
from keras_gan.layers import (
    GroupedConvolution,
    MeanPooledConv2D,
    SpectralNormalization,
    UpsampledConv2D,
)

from . import tutorial_dcgan


def build(workload):
    """(generator, discriminator) of a workload."""
    shape, filters = workload.image_shape, workload.filters
    latent_dim = workload.latent_dim
    if workload.kind == "tutorial":
        return tutorial_dcgan.generator(), tutorial_dcgan.discriminator()
    if workload.kind == "r3gan":
        sizes = {"widths": workload.widths}
        generator = networks.R3GANGenerator(shape, latent_dim, **sizes)
        return generator, networks.R3GANDiscriminator(shape, **sizes)
    if workload.kind == "sngan":
        generator = networks.SNGANGenerator(shape, latent_dim, filters)
        return generator, networks.SNGANDiscriminator(shape, filters)
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
    """The operations of a layer's forward pass for one sample; 0 without products.

    Of a convolution that resamples, those of the plain convolution that it is one with,
    at the larger size: the network's arithmetic, of which the layer does 4/9.
    """
    inputs, outputs = layer.input, layer.output
    if isinstance(layer, SpectralNormalization):
        layer = layer.layer
    if isinstance(layer, layers.Dense):
        return flops.dense(inputs.shape[-1], layer.units)
    if isinstance(layer, GroupedConvolution):
        kernel, stride, groups = (layer.kernel_size,) * 2, (1, 1), layer.groups
    elif isinstance(layer, layers.DepthwiseConv2D):
        kernel, stride, groups = layer.kernel_size, layer.strides, inputs.shape[-1]
    elif isinstance(layer, layers.Conv2D | layers.Conv2DTranspose):
        kernel, stride, groups = layer.kernel_size, layer.strides, 1
    else:
        return 0
    large, small = inputs.shape[1:3], outputs.shape[1:3]
    if isinstance(layer, UpsampledConv2D | MeanPooledConv2D):
        large = small = max(large, small)
    if isinstance(layer, layers.Conv2DTranspose):
        large, small = small, large
    # padding="same" pads by what is missing, the smaller half of it before
    before = [
        max((small[i] - 1) * stride[i] + kernel[i] - large[i], 0) // 2 for i in (0, 1)
    ]
    channels = inputs.shape[-1] // groups, outputs.shape[-1]
    return flops.convolution(large, small, kernel, stride, before, *channels)
