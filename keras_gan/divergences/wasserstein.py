"""The Wasserstein (earth mover's) distance on a line."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.covariance import real_array
from keras_gan.divergences.mass import mass_pair

FURTHEST = 1e307  # a distance of two such positions is finite


def wasserstein(
    p: ArrayLike, q: ArrayLike, points: ArrayLike, cell: float | None = None
) -> float:
    """Wasserstein (earth mover's) distance in 1-D: W1 = integral |F_p - F_q| dx.

    F is the distribution function. Unlike KL and JS, W1 sees how far apart two
    distributions are that have nothing in common.

    Args:
        p, q: arrays (n,), the probabilities of `points`; with `cell`, the densities
            there.
        points: array (n,) of positions on the line, in any order.
        cell: float, dx of a regular grid.

    Returns:
        float >= 0, in the unit of `points`.

    Raises:
        ValueError: for what is no distribution, different shapes, or points that are
            not finite and one-dimensional.

    Example:

    >>> wasserstein([1.0, 0.0], [0.0, 1.0], points=[0.0, 3.0])
    3.0
    """
    p, q = mass_pair(p, q, cell)
    points = checked_line(points, "points")
    if p.shape != points.shape:
        raise ValueError(
            f"p and q hold one value for each of the {len(points)} points. "
            f"Received the shape {p.shape}."
        )
    order = np.argsort(points)
    gap = np.cumsum((p - q)[order])[:-1]  # F_p - F_q between one point and the next
    return _area(gap, points[order])


def wasserstein_of_samples(real: ArrayLike, fake: ArrayLike) -> float:
    """Wasserstein distance W1 of two samples from a line, all points of equal mass.

    Args:
        real, fake: arrays (n,) and (m,) of positions.

    Raises:
        ValueError: for samples that are not finite and one-dimensional.

    Example:

    >>> wasserstein_of_samples([0.0, 1.0], [5.0, 6.0])
    5.0
    """
    real, fake = checked_line(real, "real"), checked_line(fake, "fake")
    points = np.concatenate([real, fake])
    order = np.argsort(points)
    # Shares 1/n and 1/m times n m are whole numbers, of which equal sums are equal.
    share = np.repeat([fake.size, -real.size], [real.size, fake.size])
    gap = np.cumsum(share[order])[:-1] / (real.size * fake.size)
    return _area(gap, points[order])


def _area(gap, points):
    """The integral of |gap| over the line, constant from each point to the next."""
    return float(np.sum(np.abs(gap) * np.diff(points)))


def checked_line(values: ArrayLike, name: str) -> np.ndarray:
    """`values` in float64; a ValueError unless finite and one-dimensional."""
    values = np.asarray(real_array(values, name), np.float64)
    if values.ndim != 1 or not values.size or not (abs(values) <= FURTHEST).all():
        state = ", empty or not finite" if values.ndim == 1 else ""
        raise ValueError(
            f"{name} holds finite positions on a line, an array of shape (n,) of "
            f"numbers up to {FURTHEST:g}. Received the shape {values.shape}{state}."
        )
    return values
