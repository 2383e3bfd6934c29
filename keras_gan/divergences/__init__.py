"""Divergences and information measures, in theory: NumPy functions, float64."""

from keras_gan.divergences import f_divergences
from keras_gan.divergences.cross_entropy import cross_entropy
from keras_gan.divergences.density_ratio import density_ratio
from keras_gan.divergences.entropy import entropy
from keras_gan.divergences.js import js
from keras_gan.divergences.kl import kl
from keras_gan.divergences.lower_bounds import js_lower_bound, kl_lower_bound
from keras_gan.divergences.optimal_discriminator import (
    optimal_discriminator,
    value_function,
)
from keras_gan.divergences.self_information import self_information
from keras_gan.divergences.total_variation import total_variation
from keras_gan.divergences.wasserstein import wasserstein, wasserstein_of_samples

__all__ = [
    "cross_entropy",
    "density_ratio",
    "entropy",
    "f_divergences",
    "js",
    "js_lower_bound",
    "kl",
    "kl_lower_bound",
    "optimal_discriminator",
    "self_information",
    "total_variation",
    "value_function",
    "wasserstein",
    "wasserstein_of_samples",
]
