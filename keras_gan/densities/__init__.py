"""Explicit densities: networks samples -> log p(x), which also draw."""

from keras_gan.densities.affine_flow import AffineFlow
from keras_gan.densities.density import Density
from keras_gan.densities.gaussian import Gaussian
from keras_gan.densities.gaussian_mixture import GaussianMixture
from keras_gan.densities.real_nvp import RealNVP
from keras_gan.densities.unnormalized import Unnormalized

__all__ = [
    "AffineFlow",
    "Density",
    "Gaussian",
    "GaussianMixture",
    "RealNVP",
    "Unnormalized",
]
