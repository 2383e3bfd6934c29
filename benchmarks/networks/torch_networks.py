"""The same networks in PyTorch, and what a forward pass through one costs.

Layers, initial distributions, epsilons and the momentum of batch normalization (1 minus
that of Keras) are equal. `padding="same"` of a 5x5 kernel with stride 2 pads 1 before
and 2 after in TensorFlow, 2 before and 1 after here: a mirror image with as many
products, without an extra copy.
"""

import math

import flops
import torch
from torch import nn

from . import torch_residual


def build(workload):
    """(generator, discriminator) of a workload."""
    if workload.kind in torch_residual.KINDS:
        return torch_residual.KINDS[workload.kind](workload)
    if workload.kind == "tutorial":
        return _tutorial_generator(), _tutorial_discriminator()
    if workload.kind == "mlp":
        return _mlp_generator(workload), _mlp_discriminator(workload)
    return _dcgan_generator(workload), _dcgan_discriminator(workload)


def num_parameters(network):
    """The number of trainable parameters."""
    return sum(parameter.numel() for parameter in network.parameters())


def forward_flops(network, sample_shape):
    """Operations of each dense or convolutional layer for one sample, in order."""
    counts = []

    def count(layer, inputs, output):
        if isinstance(layer, nn.Linear):
            counts.append(flops.dense(layer.in_features, layer.out_features))
            return
        large, small = inputs[0].shape[2:], output.shape[2:]
        if isinstance(layer, nn.ConvTranspose2d):
            large, small = small, large
        geometry = layer.kernel_size, layer.stride, layer.padding
        channels = layer.in_channels // layer.groups, layer.out_channels
        counts.append(flops.convolution(large, small, *geometry, *channels))

    counted = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
    layers = [layer for layer in network.modules() if isinstance(layer, counted)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    network.eval()
    with torch.no_grad():
        network(torch.zeros(1, *sample_shape))
    network.train()
    for hook in hooks:
        hook.remove()
    return counts


def _tutorial_generator():
    def normalized(normalization, features):
        return normalization(features, eps=1e-3, momentum=0.01), nn.LeakyReLU(0.3)

    return nn.Sequential(
        _glorot(nn.Linear(100, 7 * 7 * 256, bias=False)),
        *normalized(nn.BatchNorm1d, 7 * 7 * 256),
        nn.Unflatten(1, (256, 7, 7)),
        _glorot(nn.ConvTranspose2d(256, 128, 5, 1, 2, bias=False)),
        *normalized(nn.BatchNorm2d, 128),
        _glorot(nn.ConvTranspose2d(128, 64, 5, 2, 2, 1, bias=False)),
        *normalized(nn.BatchNorm2d, 64),
        _glorot(nn.ConvTranspose2d(64, 1, 5, 2, 2, 1, bias=False)),
        nn.Tanh(),
    )


def _tutorial_discriminator():
    return nn.Sequential(
        *(_glorot(nn.Conv2d(1, 64, 5, 2, 2)), nn.LeakyReLU(0.3), nn.Dropout(0.3)),
        *(_glorot(nn.Conv2d(64, 128, 5, 2, 2)), nn.LeakyReLU(0.3), nn.Dropout(0.3)),
        nn.Flatten(),
        _glorot(nn.Linear(7 * 7 * 128, 1)),
    )


def _mlp_generator(workload, widths=(256, 512)):
    height, width, channels = workload.image_shape
    stack, units = [], workload.latent_dim
    for wide in widths:
        stack += [_he(nn.Linear(units, wide)), nn.ReLU()]
        units = wide
    stack.append(_glorot(nn.Linear(units, math.prod(workload.image_shape))))
    return nn.Sequential(*stack, nn.Unflatten(1, (channels, height, width)), nn.Tanh())


def _mlp_discriminator(workload, widths=(512, 256)):
    stack, units = [nn.Flatten()], math.prod(workload.image_shape)
    for wide in widths:
        stack += [_he(nn.Linear(units, wide)), nn.LeakyReLU(0.2)]
        units = wide
    return nn.Sequential(*stack, _glorot(nn.Linear(units, 1)))


def _dcgan_generator(workload):
    depth = _halvings(workload)
    height, width, channels = workload.image_shape
    features = workload.filters << (depth - 1)
    start = (features, height >> depth, width >> depth)
    units = math.prod(start)
    stack = [
        _small(nn.Linear(workload.latent_dim, units, bias=False)),
        nn.Unflatten(1, start),
        *(nn.BatchNorm2d(features, eps=1e-5, momentum=0.1), nn.ReLU()),
    ]
    for _ in range(depth - 1):
        stack += [
            _small(nn.ConvTranspose2d(features, features // 2, 4, 2, 1, bias=False)),
            *(nn.BatchNorm2d(features // 2, eps=1e-5, momentum=0.1), nn.ReLU()),
        ]
        features //= 2
    stack.append(_small(nn.ConvTranspose2d(features, channels, 4, 2, 1)))
    return nn.Sequential(*stack, nn.Tanh())


def _dcgan_discriminator(workload):
    depth = _halvings(workload)
    height, width, channels = workload.image_shape
    features = workload.filters
    stack = [_small(nn.Conv2d(channels, features, 4, 2, 1)), nn.LeakyReLU(0.2)]
    for _ in range(depth - 1):
        stack += [
            _small(nn.Conv2d(features, 2 * features, 4, 2, 1, bias=False)),
            *(nn.BatchNorm2d(2 * features, eps=1e-5, momentum=0.1), nn.LeakyReLU(0.2)),
        ]
        features *= 2
    units = features * (height >> depth) * (width >> depth)
    return nn.Sequential(*stack, nn.Flatten(), _small(nn.Linear(units, 1)))


def _halvings(workload):
    side, count = workload.image_shape[0], 0
    while side % 2 == 0 and side > 7:
        side, count = side // 2, count + 1
    return count


def _initial(layer, draw):
    draw(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def _glorot(layer):
    return _initial(layer, nn.init.xavier_uniform_)


def _small(layer):
    return _initial(layer, lambda weight: nn.init.normal_(weight, 0.0, 0.02))


def _he(layer):
    # a normal distribution cut at two deviations, widened to the variance 2 / fan_in
    deviation = math.sqrt(2 / layer.in_features) / 0.87962566
    cut = 2 * deviation
    return _initial(
        layer, lambda weight: nn.init.trunc_normal_(weight, 0, deviation, -cut, cut)
    )
