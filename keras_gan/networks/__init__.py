"""Generators and discriminators: Keras models whose few arguments are their config."""

from keras_gan.networks.class_head import ClassHead
from keras_gan.networks.conditional_dcgan import (
    ConditionalDCGANDiscriminator,
    ConditionalDCGANGenerator,
)
from keras_gan.networks.conditional_mlp import (
    ConditionalMLPDiscriminator,
    ConditionalMLPGenerator,
)
from keras_gan.networks.conditional_sngan import (
    ConditionalSNGANDiscriminator,
    ConditionalSNGANGenerator,
)
from keras_gan.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from keras_gan.networks.infogan import (
    InfoGANDiscriminator,
    InfoGANGenerator,
    InfoGANRecognition,
)
from keras_gan.networks.mlp import MLPDiscriminator, MLPGenerator
from keras_gan.networks.packed import Packed
from keras_gan.networks.r3gan import R3GANDiscriminator, R3GANGenerator
from keras_gan.networks.semi_supervised import (
    SemiSupervisedDiscriminator,
    SemiSupervisedGenerator,
)
from keras_gan.networks.sngan import SNGANDiscriminator, SNGANGenerator

__all__ = [
    "ClassHead",
    "ConditionalDCGANDiscriminator",
    "ConditionalDCGANGenerator",
    "ConditionalMLPDiscriminator",
    "ConditionalMLPGenerator",
    "ConditionalSNGANDiscriminator",
    "ConditionalSNGANGenerator",
    "DCGANDiscriminator",
    "DCGANGenerator",
    "InfoGANDiscriminator",
    "InfoGANGenerator",
    "InfoGANRecognition",
    "MLPDiscriminator",
    "MLPGenerator",
    "Packed",
    "R3GANDiscriminator",
    "R3GANGenerator",
    "SNGANDiscriminator",
    "SNGANGenerator",
    "SemiSupervisedDiscriminator",
    "SemiSupervisedGenerator",
]
