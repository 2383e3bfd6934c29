"""Sampling from a trained game: choosing among fakes, and choosing latents."""

from keras_gan.sampling.analogy import analogy
from keras_gan.sampling.calibration import calibrate
from keras_gan.sampling.interpolation import interpolate
from keras_gan.sampling.metropolis_hastings import metropolis_hastings_sample
from keras_gan.sampling.nearest_latents import NearestLatents, nearest_latents
from keras_gan.sampling.rejection import rejection_sample
from keras_gan.sampling.traverse import traverse
from keras_gan.sampling.truncation import truncated_normal

__all__ = [
    "NearestLatents",
    "analogy",
    "calibrate",
    "interpolate",
    "metropolis_hastings_sample",
    "nearest_latents",
    "rejection_sample",
    "traverse",
    "truncated_normal",
]
