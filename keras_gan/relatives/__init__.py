"""Relatives of GANs: generative models without an adversary, with the same `fit`."""

from keras_gan.relatives.density_model import DensityModel
from keras_gan.relatives.nce import NCE

__all__ = ["NCE", "DensityModel"]
