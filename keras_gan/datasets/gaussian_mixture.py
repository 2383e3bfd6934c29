"""Mixtures of Gaussians: data of several modes whose density is known."""

import math
from typing import Self

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import LARGEST, as_floats, factor

from .known_distribution import KnownDistribution

LOG_LARGEST = math.log(np.finfo(np.float64).max)


class GaussianMixture(KnownDistribution):
    """Gaussian mixture p(x) = sum_k w_k N(x; mu_k, Sigma_k), to draw and to evaluate.

    `ring` and `grid` make the two mixtures on which mode collapse is usually counted.

    Args:
        means: array (modes, dim); (modes,) is a mixture in one dimension.
        scales: standard deviations: a number for all modes, an array (modes,) of one
            each, or (modes, dim) of one for each coordinate.
        covariances: instead of scales, (dim, dim) for all modes or (modes, dim, dim),
            symmetric and positive definite.
        weights: array (modes,) of positive shares that sum to 1; None is equal shares.

    Attributes:
        means, covariances, weights: float64 arrays (modes, dim), (modes, dim, dim) and
            (modes,).

    Raises:
        ValueError: for shapes that do not match, scales that are not positive,
            covariances that are none, weights that are no shares, or if not exactly one
            of scales and covariances is given.

    Example:

    >>> mixture = GaussianMixture([-1.0, 2.0], scales=[0.5, 1.0], weights=[0.3, 0.7])
    >>> mixture.density([2.0]).round(4)  # 0.7/sqrt(2 pi): the other mode is far away
    array([0.2793])
    >>> mixture.sample(5, seed=0).shape
    (5, 1)
    """

    def __init__(
        self,
        means: ArrayLike,
        scales: ArrayLike | None = None,
        covariances: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> None:
        means = as_floats(means, "means")
        if means.ndim == 1:
            means = means[:, np.newaxis]
        if means.ndim != 2 or 0 in means.shape:
            raise ValueError(
                "means has the shape (modes, dim), or (modes,) in one dimension. "
                f"Received: shape {means.shape}."
            )
        if (scales is None) == (covariances is None):
            raise ValueError(
                "Pass either scales (standard deviations) or covariances. Received: "
                + ("neither." if scales is None else "both.")
            )
        self.means = means
        self.dim = means.shape[1]
        if covariances is None:
            self._factors = _diagonal(scales, *means.shape)
        else:
            self._factors = _factors(covariances, *means.shape)
        least = np.diagonal(self._factors, axis1=1, axis2=2).min()
        if least < 1 / LARGEST:
            raise ValueError(
                f"A mode has standard deviations of at least {1 / LARGEST:g}. "
                f"Received: {least:g}. Pass points and modes in a smaller unit, or use "
                "datasets.Dirac for a point."
            )
        self.covariances = self._factors @ np.swapaxes(self._factors, 1, 2)
        self.weights = _shares(weights, len(means))

    @classmethod
    def ring(cls, modes: int = 8, radius: float = 1.0, scale: float = 0.01) -> Self:
        """Equal modes at equal angles of a circle around 0.

        The defaults are those of PacGAN (Lin et al., 2018). The angles are 2 pi k/modes
        for k < modes: the end of the circle is its beginning and counts once.

        Args:
            modes: int >= 1.
            radius: float > 0, of the circle of the means.
            scale: float > 0, the standard deviation of each mode.

        Example:

        >>> ring = GaussianMixture.ring()
        >>> len(np.unique(ring.means.round(9), axis=0))
        8
        """
        angles = 2 * np.pi * np.arange(check_integer(modes, "modes", 1)) / modes
        circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return cls(_positive(radius, "radius") * circle, scales=scale)

    @classmethod
    def grid(cls, side: int = 5, spacing: float = 2.0, scale: float = 0.05) -> Self:
        """Equal modes on a square grid of side x side points around 0.

        The defaults are those of PacGAN (Lin et al., 2018): {-4, -2, 0, 2, 4}^2.

        Args:
            side: int >= 1, the modes along each axis.
            spacing: float > 0, the distance of neighbours.
            scale: float > 0, the standard deviation of each mode.

        Example:

        >>> GaussianMixture.grid().means[:3].tolist()
        [[-4.0, -4.0], [-4.0, -2.0], [-4.0, 0.0]]
        """
        steps = np.arange(check_integer(side, "side", 1)) - (side - 1) / 2
        line = _positive(spacing, "spacing") * steps
        points = np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1)
        return cls(points.reshape(-1, 2), scales=scale)

    @classmethod
    def line(cls, modes: int = 2, spacing: float = 4.0, scale: float = 1.0) -> Self:
        """Equal modes on the real line, at equal distances around 0.

        Args:
            modes: int >= 1.
            spacing: float > 0, the distance of neighbours.
            scale: float > 0, the standard deviation of each mode.

        Example:

        >>> GaussianMixture.line(modes=3).means.ravel().tolist()
        [-4.0, 0.0, 4.0]
        """
        steps = np.arange(check_integer(modes, "modes", 1)) - (modes - 1) / 2
        return cls(_positive(spacing, "spacing") * steps, scales=scale)

    def log_density(self, x: ArrayLike) -> np.ndarray:
        """log p(x) in nats, exact: finite even where p(x) itself rounds to 0.

        Args:
            x: array (n, dim), or (n,) in one dimension.

        Returns:
            float64 array (n,).

        Raises:
            ValueError: for another shape, or values that are not finite.
        """
        x = as_floats(x, "x")
        if self.dim == 1 and x.ndim == 1:
            x = x[:, np.newaxis]
        if x.ndim != 2 or x.shape[1] != self.dim:
            raise ValueError(
                f"x has the shape (n, {self.dim}). Received: shape {x.shape}."
            )
        terms = []
        for mean, lower, weight in zip(
            self.means, self._factors, self.weights, strict=True
        ):
            standard = np.linalg.solve(lower, (x - mean).T)  # L^-1 (x - mu)
            volume = np.log(np.diag(lower)).sum() + self.dim / 2 * math.log(2 * math.pi)
            terms.append(
                math.log(weight) - volume - 0.5 * np.square(standard).sum(axis=0)
            )
        return np.logaddexp.reduce(terms, axis=0)

    def density(self, x: ArrayLike) -> np.ndarray:
        """p(x), exact; see `log_density` for arguments and result.

        Raises:
            ValueError: as `log_density`, and for a density beyond float64.
        """
        logarithm = self.log_density(x)
        if (logarithm > LOG_LARGEST).any():
            raise ValueError(
                f"A density is at most exp({LOG_LARGEST:.5g}) in float64. Received: "
                f"one of exp({logarithm.max():.5g}). Use log_density."
            )
        return np.exp(logarithm)

    def draw(self, rows: int | tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        which, where = randomness.derived(seed, 0), randomness.derived(seed, 1)
        share = tf.cast(randomness.uniform((rows,), which), tf.float64)
        # Against all bounds but the last, 1, below which rounding may leave the sum.
        bounds = np.cumsum(self.weights)[:-1]
        mode = tf.reduce_sum(tf.cast(share[:, None] >= bounds, tf.int32), axis=1)
        z = tf.cast(randomness.normal((rows, self.dim), where), tf.float64)
        away = tf.einsum("nij,nj->ni", tf.gather(self._factors, mode), z)  # L z
        return tf.cast(tf.gather(self.means, mode) + away, tf.float32)


def _positive(value, name):
    number = as_floats(value, name)
    if number.shape != () or number <= 0:
        raise ValueError(f"{name} is a number above 0. Received: {name}={value!r}.")
    return float(number)


def _diagonal(scales, modes, dim):
    """The factors of diagonal covariances: (modes, dim, dim)."""
    array = as_floats(scales, "scales")
    if array.shape not in ((), (modes,), (modes, dim)):
        raise ValueError(
            f"scales is a number, ({modes},) or ({modes}, {dim}) here. "
            f"Received: shape {array.shape}."
        )
    if array.min() <= 0:
        raise ValueError(
            "scales are standard deviations above 0. "
            f"Received: {array.min():g}. Use datasets.Dirac for a point."
        )
    array = array[:, np.newaxis] if array.ndim == 1 else array
    return np.broadcast_to(array, (modes, dim))[..., np.newaxis] * np.eye(dim)


def _factors(covariances, modes, dim):
    """The factors of full covariances: (modes, dim, dim)."""
    array = as_floats(covariances, "covariances")
    if array.shape not in ((dim, dim), (modes, dim, dim)):
        raise ValueError(
            f"covariances has the shape ({dim}, {dim}) or ({modes}, {dim}, {dim}) "
            f"here. Received: shape {array.shape}."
        )
    every = np.broadcast_to(array, (modes, dim, dim))
    return np.stack([factor(c, dim, f"covariances[{k}]") for k, c in enumerate(every)])


def _shares(weights, modes):
    if weights is None:
        return np.full(modes, 1 / modes)
    shares = as_floats(weights, "weights")
    if shares.shape != (modes,) or shares.min() <= 0 or abs(shares.sum() - 1) > 1e-6:
        raise ValueError(
            f"weights are {modes} positive shares that sum to 1. Received: {weights!r}."
        )
    return shares / shares.sum()
