"""Generators and discriminators: Keras models whose few arguments are their config."""

from keras_gan.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from keras_gan.networks.mlp import MLPDiscriminator, MLPGenerator

__all__ = [
    "DCGANDiscriminator",
    "DCGANGenerator",
    "MLPDiscriminator",
    "MLPGenerator",
]
