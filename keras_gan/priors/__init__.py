"""p(z): where latents come from."""

from keras_gan.priors.normal import Normal
from keras_gan.priors.prior import Prior
from keras_gan.priors.uniform import Uniform

__all__ = ["Normal", "Prior", "Uniform"]
