"""The Gaussian density with any covariance."""

import numpy as np

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.densities.bijections import Triangular
from keras_gan.densities.flow import Flow


@register
class Gaussian(Flow):
    """Gaussian density N(mu, Sigma), of any mean and covariance: samples -> log p(x).

    z = A (x - mu) is N(0, I), with A lower triangular and Sigma = A^-1 A^-T; at first
    N(0, I). Its maximum likelihood are the mean of the sample and its covariance, with
    the divisor n.

    Args:
        dim: int >= 1, the numbers of one sample.

    Raises:
        ValueError: if `dim` is no such number.

    Example:

    >>> density = Gaussian(2)
    >>> density.log_prob([[0.0, 0.0]]).round(4)  # -log(2 pi)
    array([-1.8379], dtype=float32)
    >>> density.sample(3, seed=0).shape
    (3, 2)
    """

    def __init__(self, dim: int, name: str | None = None):
        dim = check_integer(dim, "dim", 1)
        super().__init__(dim, [Triangular(dim, name="affine")], name=name)

    @property
    def mean(self) -> np.ndarray:
        """mu: float64 array (dim,)."""
        return np.float64(self.bijections[0].mean.numpy())

    @property
    def covariance(self) -> np.ndarray:
        """Sigma: float64 array (dim, dim)."""
        inverse = np.linalg.inv(np.float64(self.bijections[0].factor()))
        return inverse @ inverse.T
