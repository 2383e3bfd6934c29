"""Models: games of a generator and a discriminator."""

from keras_gan.models.acgan import ACGAN
from keras_gan.models.conditional_gan import ConditionalGAN
from keras_gan.models.conditional_r3gan import ConditionalR3GAN
from keras_gan.models.consensus_gan import ConsensusGAN
from keras_gan.models.game import Game
from keras_gan.models.gan import GAN
from keras_gan.models.infogan import InfoGAN
from keras_gan.models.r3gan import R3GAN
from keras_gan.models.semi_supervised_gan import SemiSupervisedGAN
from keras_gan.models.wgan import WGAN
from keras_gan.models.wgan_gp import WGANGP

__all__ = [
    "ACGAN",
    "GAN",
    "R3GAN",
    "WGAN",
    "WGANGP",
    "ConditionalGAN",
    "ConditionalR3GAN",
    "ConsensusGAN",
    "Game",
    "InfoGAN",
    "SemiSupervisedGAN",
]
