"""Probability masses and densities, as this folder takes them, and their units."""

import math

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.covariance import real_array

UNITS = {"nats": 1.0, "bits": math.log(2)}
LEAST_CELL = 1e-300  # densities in a smaller one have sums beyond float64
TINY = np.finfo(np.float64).tiny


def masses(p: ArrayLike, cell: float | None = None, name: str = "p") -> np.ndarray:
    """The probability of each entry, in float64; densities are times the cell's size.

    Args:
        p: array of any shape, all of it one distribution: probabilities that sum to 1,
            or with `cell` the densities at the points of a regular grid.
        cell: float >= 1e-300, the size of a grid's cell: dx in one dimension, dx * dy
            in two.
        name: str, what to call it in errors.

    Returns:
        float64 array of that shape whose sum is 1 up to rounding.

    Raises:
        ValueError: for entries that are negative or not finite, and for a sum (times
            `cell`) that is further from 1 than 1e-5, or 1e-3 on a grid.

    Example:

    >>> masses([0.5, 1.5], cell=0.5).tolist()
    [0.25, 0.75]
    """
    density, size = densities(p, cell, name)
    return density * size


def mass_pair(
    p: ArrayLike, q: ArrayLike, cell: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """`masses` of two distributions over the same entries.

    Raises:
        ValueError: as `masses`, and for different shapes.
    """
    p, q, size = density_pair(p, q, cell)
    return p * size, q * size


def density_pair(
    p: ArrayLike, q: ArrayLike, cell: float | None = None
) -> tuple[np.ndarray, np.ndarray, float]:
    """Two densities, as `mass_pair` before the product with a cell's size: p, q, size.

    A density that float64 just holds has a mass that it does not: ratios and logarithms
    are those of densities.
    """
    check_shapes(p, q)
    (p, size), (q, _) = densities(p, cell, "p"), densities(q, cell, "q")
    return p, q, size


def densities(p: ArrayLike, cell: float | None, name: str) -> tuple[np.ndarray, float]:
    """(density, size), with a sum of density * size of 1; see `masses`.

    The sum is divided by, since what it is off is no part of a divergence: without it,
    KL of what differs by a factor of 1 + 1e-5 is below 0.
    """
    density = nonnegative(p, name)
    size = 1.0 if cell is None else _checked_cell(cell)
    with np.errstate(over="ignore"):
        total = float((density * size).sum())
    if cell is None and abs(total - 1) > 1e-5:
        raise ValueError(
            f"The probabilities of {name} sum to 1. Received a sum of {total:.6g}. "
            f"Divide {name} by its sum; for densities on a grid pass cell=dx."
        )
    if abs(total - 1) > 1e-3:
        raise ValueError(
            f"The densities of {name} times cell={cell:.6g} sum to 1. Received a sum "
            f"of {total:.6g}. Widen or refine the grid, or check cell (dx, or dx * dy)."
        )
    return density / total, size


def _checked_cell(cell):
    size = real_array(cell, "cell")
    if size.shape != () or not (np.isfinite(size) and size >= LEAST_CELL):
        raise ValueError(
            "cell is the size of a grid's cell, dx or dx * dy, and positive (at least "
            f"{LEAST_CELL:g}). Received: cell={cell!r}."
        )
    return float(size)


def check_shapes(p: ArrayLike, q: ArrayLike) -> None:
    """Raise a ValueError unless p and q have one shape."""
    shapes = real_array(p, "p").shape, real_array(q, "q").shape
    if shapes[0] != shapes[1]:
        raise ValueError(
            "p and q are distributions over the same entries and have one shape. "
            f"Received: {shapes[0]} and {shapes[1]}."
        )


def nonnegative(p: ArrayLike, name: str) -> np.ndarray:
    """`p` in float64; a ValueError where it is empty, negative or not finite."""
    p = np.asarray(real_array(p, name), np.float64)
    if p.size == 0:
        raise ValueError(f"{name} is a distribution and has entries. Received none.")
    wrong = ~(np.isfinite(p) & (p >= 0))
    if wrong.any():
        where = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(
            f"{name} holds probabilities or densities, finite and not negative. "
            f"Received {p[where]} at index {where}."
        )
    return p


def times_log(weight: np.ndarray, value: np.ndarray) -> np.ndarray:
    """weight * log(value), and 0 wherever the weight is 0 (0 log 0 = 0)."""
    logarithm = np.log(value, where=value > 0, out=np.full(value.shape, -np.inf))
    return np.multiply(
        weight, logarithm, where=weight > 0, out=np.zeros(np.shape(weight))
    )


def log_ratio(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """log(p/q) of numbers above 0, also where p/q itself is Inf or 0."""
    with np.errstate(over="ignore", under="ignore"):
        ratio = p / q
    usual = (ratio >= TINY) & np.isfinite(ratio)
    return np.where(usual, np.log(np.where(usual, ratio, 1)), np.log(p) - np.log(q))


def kl_terms(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """p log(p/q) - p + q of each entry: >= 0, and their sum is KL(p || q).

    Where p and q are near, p (d - log(1 + d)) with d = (q - p)/p has the digits that
    logarithms of p and q have not. Infinite where q is 0 and p is not.
    """
    terms = np.where(p > 0, np.inf, q)
    both = (p > 0) & (q > 0)
    p, q = p[both], q[both]
    with np.errstate(over="ignore"):
        d = (q - p) / p
    near = abs(d) < 0.5
    d = np.where(near, d, 0)
    far = p * log_ratio(p, q) - p + q
    terms[both] = np.where(near, np.maximum(p * (d - np.log1p(d)), 0), far)
    return terms


def square_over(difference: np.ndarray, q: np.ndarray) -> np.ndarray:
    """difference^2/q of each entry: 0 where both are 0, Inf where q alone is."""
    with np.errstate(all="ignore"):
        ratio = difference / q
        roots = np.square(difference / np.sqrt(q))
        terms = np.where(np.isfinite(ratio), difference * ratio, roots)
    return np.where(difference == 0, 0.0, terms)


def in_unit(nats: float, unit: str) -> float:
    """A number of nats in `unit`, "nats" or "bits".

    Raises:
        ValueError: for another unit.

    Example:

    >>> in_unit(math.log(8), "bits")
    3.0
    """
    if not isinstance(unit, str) or unit not in UNITS:
        raise ValueError(f'unit is "nats" or "bits". Received: unit={unit!r}.')
    return float(nats) / UNITS[unit]
