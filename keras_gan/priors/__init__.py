"""Priors p(z): the distributions that latents are drawn from."""

from keras_gan.priors.categorical import Categorical
from keras_gan.priors.joint import Joint
from keras_gan.priors.normal import Normal
from keras_gan.priors.prior import Prior
from keras_gan.priors.uniform import Uniform

__all__ = ["Categorical", "Joint", "Normal", "Prior", "Uniform"]
