"""The games."""

from keras_gan.models.gan import GAN

__all__ = ["GAN"]
