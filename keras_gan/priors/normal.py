"""The normal prior: standard, or of any mean and covariance."""

import math

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core import covariance as covariances
from keras_gan.core import randomness
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.priors.prior import Prior


@register
class Normal(Prior):
    """Normal prior z ~ N(0, I), or N(mu, Sigma): mu + L e, e ~ N(0, I), L L^T = Sigma.

    For a seed e is the same whatever mean and covariance are.

    Args:
        latent_dim: int >= 1.
        mean: None (0), a float for every coordinate, or a vector (latent_dim,).
        covariance: None (the identity), a symmetric positive-definite matrix
            (latent_dim, latent_dim), or a vector (latent_dim,) of variances.

    Raises:
        ValueError: for a mean or covariance of another size, or a covariance that is
            not symmetric positive definite.

    Example:

    >>> import numpy as np
    >>> from keras_gan.core.randomness import seed_of
    >>> prior = Normal(2, mean=[1.0, -1.0], covariance=[[4.0, 2.0], [2.0, 2.0]])
    >>> latents = prior(100_000, seed_of(0, "docs")).numpy()
    >>> np.round(np.cov(latents.T), 1).tolist()
    [[4.0, 2.0], [2.0, 2.0]]
    """

    def __init__(
        self,
        latent_dim: int,
        mean: ArrayLike | None = None,
        covariance: ArrayLike | None = None,
    ):
        super().__init__(latent_dim)
        self.mean = None if mean is None else self._checked_mean(mean)
        self.covariance = self._factor = None
        if covariance is not None:
            self._factor = covariances.factor(covariance, self.latent_dim)
            self.covariance = np.asarray(covariance).tolist()

    def _checked_mean(self, mean):
        vector = covariances.as_floats(mean, "mean")
        if vector.shape not in ((), (self.latent_dim,)):
            raise ValueError(
                f"mean is a number, or a vector of latent_dim={self.latent_dim} "
                f"numbers. Received: shape {vector.shape}."
            )
        return vector.tolist()

    def __call__(self, batch_size: int | Tensor, seed: Tensor) -> Tensor:
        latents = randomness.normal((batch_size, self.latent_dim), seed)
        if self.mean is None and self.covariance is None:
            return latents
        # In float64, so that the order of the sums is lost in the rounding.
        latents = tf.cast(latents, tf.float64)
        if self.covariance is not None:
            latents = tf.linalg.matmul(latents, self._factor, transpose_b=True)  # L e
        if self.mean is not None:
            latents += tf.constant(self.mean, tf.float64)
        return tf.cast(latents, tf.float32)

    def log_prob(self, latents: Tensor) -> Tensor:
        """Log density of latents: float (batch, latent_dim) -> float32 (batch,).

        >>> float(Normal(1).log_prob([[0.0]])[0])  # -log(2 pi)/2
        -0.9189385...
        """
        z = tf.cast(latents, tf.float64)
        if self.mean is not None:
            z -= tf.constant(self.mean, tf.float64)
        if self.covariance is not None:
            inverse = np.linalg.inv(self._factor)
            z = tf.linalg.matmul(z, inverse, transpose_b=True)  # L^-1 (x - mu)
        # H(z) is log sqrt(det 2 pi Sigma) + latent_dim/2.
        square = tf.reduce_sum(z * z, axis=-1)
        return tf.cast((self.latent_dim - square) / 2 - self.entropy, tf.float32)

    @property
    def entropy(self) -> float:
        """H(z) = latent_dim/2 log(2 pi e) + 1/2 log det Sigma, a float in nats."""
        entropy = 0.5 * self.latent_dim * math.log(2 * math.pi * math.e)
        if self.covariance is not None:
            entropy += np.log(np.diag(self._factor)).sum()
        return float(entropy)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "mean": self.mean,
            "covariance": self.covariance,
        }
