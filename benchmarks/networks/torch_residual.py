"""R3GAN's and SNGAN's networks in PyTorch, layer by layer those of `keras_gan`.

Doubling is PyTorch's own, bilinear for R3GAN: it differs from `keras_gan`'s filter at
the borders only and is the faster one here.
"""

import math

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

GROUP, BLOCKS, SLOPE = 16, 2, 0.2  # R3GAN's defaults


def r3gan(workload):
    """(generator, discriminator) of R3GAN for images of 4 * 2^n pixels."""
    return _R3GANGenerator(workload), _R3GANDiscriminator(workload)


def sngan(workload):
    """(generator, discriminator) of SNGAN for images of 32 pixels."""
    return _SNGANGenerator(workload), _SNGANDiscriminator(workload)


# R3GAN --------------------------------------------------------------------------------


class _R3GANGenerator(nn.Module):
    def __init__(self, workload):
        super().__init__()
        first, *_, last = widths = workload.widths
        self.start = _normal(nn.Linear(workload.latent_dim, first, bias=False))
        self.maps = nn.Parameter(torch.randn(1, first, 4, 4))
        stages = []
        for below, width in zip((first, *widths), widths, strict=False):
            if stages:
                stages += [_pointwise(below, width)] if below != width else []
                stages.append(_Doubled())
            stages += [_R3GANBlock(width, len(widths)) for _ in range(BLOCKS)]
        channels = workload.image_shape[-1]
        self.stages = nn.Sequential(*stages, _pointwise(last, channels))

    def forward(self, latents):
        return self.stages(self.maps * self.start(latents)[:, :, None, None])


class _R3GANDiscriminator(nn.Module):
    def __init__(self, workload):
        super().__init__()
        first, *others = reversed(workload.widths)
        stages = [_pointwise(workload.image_shape[-1], first)]
        number = len(workload.widths)
        stages += [_R3GANBlock(first, number) for _ in range(BLOCKS)]
        width = first
        for wider in others:
            stages.append(_Halved(width))
            stages += [_pointwise(width, wider)] if width != wider else []
            stages += [_R3GANBlock(wider, number) for _ in range(BLOCKS)]
            width = wider
        positions = nn.Conv2d(width, width, 4, groups=width, bias=False)
        head = _normal(nn.Linear(width, 1, bias=False))
        self.stages = nn.Sequential(*stages, _normal(positions), nn.Flatten(), head)

    def forward(self, images):
        return self.stages(images)


class _R3GANBlock(nn.Module):
    def __init__(self, width, stages):
        super().__init__()
        gain = math.sqrt(2 / (1 + SLOPE**2)) * (BLOCKS * stages) ** -0.25
        self.expand = _normal(nn.Conv2d(width, 2 * width, 1), gain)
        groups = 2 * width // GROUP
        grouped = nn.Conv2d(2 * width, 2 * width, 3, padding=1, groups=groups)
        self.grouped = _normal(grouped, gain)
        self.contract = _pointwise(2 * width, width)
        nn.init.zeros_(self.contract.weight)

    def forward(self, x):
        y = functional.leaky_relu(self.expand(x), SLOPE)
        y = functional.leaky_relu(self.grouped(y), SLOPE)
        return x + self.contract(y)


class _Doubled(nn.Module):
    def forward(self, x):
        return functional.interpolate(x, scale_factor=2, mode="bilinear")


class _Halved(nn.Module):
    def __init__(self, width):
        super().__init__()
        side = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
        kernel = torch.outer(side, side).expand(width, 1, 4, 4).clone()
        self.register_buffer("kernel", kernel)

    def forward(self, x):
        width = len(self.kernel)
        return functional.conv2d(x, self.kernel, stride=2, padding=1, groups=width)


def _pointwise(channels, width):
    return _normal(nn.Conv2d(channels, width, 1, bias=False))


def _normal(layer, gain=1.0):
    fan_in = math.prod(layer.weight.shape[1:])
    nn.init.normal_(layer.weight, 0.0, gain / math.sqrt(fan_in))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


# SNGAN --------------------------------------------------------------------------------


class _SNGANGenerator(nn.Module):
    def __init__(self, workload):
        super().__init__()
        width = workload.filters
        self.start = _glorot(nn.Linear(workload.latent_dim, 16 * width))
        self.blocks = nn.Sequential(
            nn.Unflatten(1, (width, 4, 4)),
            *(_UpBlock(width) for _ in range(3)),
            *(_batch_normalization(width), nn.ReLU()),
            _glorot(nn.Conv2d(width, workload.image_shape[-1], 3, padding=1)),
            nn.Tanh(),
        )

    def forward(self, latents):
        return self.blocks(self.start(latents))


class _UpBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Sequential(_batch_normalization(width), nn.ReLU())
        self.convolution = _glorot(nn.Conv2d(width, width, 3, padding=1), 2.0)
        self.shortcut = _glorot(nn.Conv2d(width, width, 1))
        self.second = nn.Sequential(
            *(_batch_normalization(width), nn.ReLU()),
            _glorot(nn.Conv2d(width, width, 3, padding=1), 2.0),
        )

    def forward(self, x):
        y = functional.interpolate(self.first(x), scale_factor=2)
        y = self.convolution(y)
        x = functional.interpolate(self.shortcut(x), scale_factor=2)
        return self.second(y) + x


class _SNGANDiscriminator(nn.Module):
    def __init__(self, workload):
        super().__init__()
        width, channels = workload.filters, workload.image_shape[-1]
        self.blocks = nn.Sequential(
            _DownBlock(channels, width, halves=True, first=True),
            _DownBlock(width, width, halves=True),
            *(_DownBlock(width, width, halves=False) for _ in range(2)),
            nn.ReLU(),
        )
        self.head = spectral_norm(_glorot(nn.Linear(width, 1)))

    def forward(self, images):
        return self.head(self.blocks(images).sum((2, 3)))


class _DownBlock(nn.Module):
    def __init__(self, channels, width, halves, first=False):
        super().__init__()
        narrow = width if first else channels
        self.stack = nn.Sequential(
            *([] if first else [nn.ReLU()]),
            spectral_norm(_glorot(nn.Conv2d(channels, narrow, 3, padding=1), 2.0)),
            nn.ReLU(),
            spectral_norm(_glorot(nn.Conv2d(narrow, width, 3, padding=1), 2.0)),
        )
        self.halve = nn.AvgPool2d(2) if halves else nn.Identity()
        changes = halves or channels != width
        shortcut = nn.Conv2d(channels, width, 1)
        self.shortcut = spectral_norm(_glorot(shortcut)) if changes else nn.Identity()

    def forward(self, x):
        return self.halve(self.stack(x)) + self.shortcut(self.halve(x))


def _batch_normalization(width):
    return nn.BatchNorm2d(width, eps=1e-5, momentum=0.1)


def _glorot(layer, gain=1.0):
    nn.init.xavier_uniform_(layer.weight, math.sqrt(gain))
    nn.init.zeros_(layer.bias)
    return layer


KINDS = {"r3gan": r3gan, "sngan": sngan}
