"""The uniform prior."""

import math

import numpy as np
import tensorflow as tf

from keras_gan.core import randomness
from keras_gan.core.covariance import as_floats
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.priors.prior import Prior


@register
class Uniform(Prior):
    """Uniform prior: z ~ U[minval, maxval) in each coordinate, as in the DCGAN paper.

    Args:
        latent_dim: int >= 1.
        minval, maxval: floats, minval < maxval.

    Raises:
        ValueError: if minval >= maxval as float32 numbers, or one is not finite.

    Example:

    >>> from keras_gan.core.randomness import seed_of
    >>> latents = Uniform(3, minval=2.0, maxval=3.0)(5, seed_of(0, "docs"))
    >>> 2.0 <= float(latents[0, 0]) < 3.0
    True
    """

    def __init__(self, latent_dim: int, minval: float = -1.0, maxval: float = 1.0):
        super().__init__(latent_dim)
        low, high = as_floats(minval, "minval"), as_floats(maxval, "maxval")
        apart = low.ndim == high.ndim == 0 and np.float32(low) < np.float32(high)
        if not apart:
            raise ValueError(
                "Uniform needs minval < maxval, two numbers that float32 tells apart. "
                f"Received: minval={minval}, maxval={maxval}."
            )
        self.minval = float(low)
        self.maxval = float(high)

    def __call__(self, batch_size: int | Tensor, seed: Tensor) -> Tensor:
        shape = (batch_size, self.latent_dim)
        return randomness.uniform(shape, seed, self.minval, self.maxval)

    def log_prob(self, latents: Tensor) -> Tensor:
        """Log density of latents: float (batch, latent_dim) -> float32 (batch,).

        >>> Uniform(1).log_prob([[0.5], [3.0]]).numpy().round(4).tolist()  # -log 2
        [-0.6931, -inf]
        """
        x = tf.cast(latents, tf.float32)
        inside = tf.reduce_all((x >= self.minval) & (x <= self.maxval), axis=-1)
        return tf.where(inside, -self.entropy, -math.inf)

    @property
    def entropy(self) -> float:
        """H(z) = latent_dim log(maxval - minval), a float in nats."""
        return self.latent_dim * math.log(self.maxval - self.minval)

    def get_config(self) -> Config:
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}
