"""What the functions of this folder take for a distribution, and their units."""

import math

import numpy as np

UNITS = {"nats": 1.0, "bits": math.log(2)}


def masses(p, cell=None, name="p"):
    """The probability of each entry, in float64; densities are times the cell's size.

    Args:
        p: array of any shape, all of it one distribution: probabilities that sum to 1,
            or with `cell` the densities at the points of a regular grid.
        cell: float > 0, the size of a grid's cell: dx in one dimension, dx * dy in two.
        name: str, what to call it in errors.

    Raises:
        ValueError: for entries that are negative or not finite, and for a sum (times
            `cell`) that is further from 1 than 1e-5, or 1e-3 on a grid.

    Example:

    >>> masses([0.5, 1.5], cell=0.5).tolist()
    [0.25, 0.75]
    """
    density = nonnegative(p, name)
    if cell is not None and not (np.isfinite(cell) and cell > 0):
        raise ValueError(
            "cell is the size of a grid's cell, dx or dx * dy, and positive. "
            f"Received: cell={cell}."
        )
    mass = density * (1.0 if cell is None else cell)
    total = float(mass.sum())
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
    return mass


def mass_pair(p, q, cell=None):
    """`masses` of two distributions over the same entries.

    Raises:
        ValueError: as `masses`, and for different shapes.
    """
    check_shapes(p, q)
    return masses(p, cell, "p"), masses(q, cell, "q")


def check_shapes(p, q):
    """Raise a ValueError unless p and q have one shape."""
    if np.shape(p) != np.shape(q):
        raise ValueError(
            "p and q are distributions over the same entries and have one shape. "
            f"Received: {np.shape(p)} and {np.shape(q)}."
        )


def nonnegative(p, name):
    """`p` in float64; a ValueError where it is empty, negative or not finite."""
    p = np.asarray(p, "float64")
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


def times_log(weight, value):
    """weight * log(value), and 0 wherever the weight is 0 (0 log 0 = 0)."""
    logarithm = np.log(value, where=value > 0, out=np.full(value.shape, -np.inf))
    return np.multiply(
        weight, logarithm, where=weight > 0, out=np.zeros(np.shape(weight))
    )


def in_unit(nats, unit):
    """A number of nats in `unit`, "nats" or "bits".

    Raises:
        ValueError: for another unit.

    Example:

    >>> in_unit(math.log(8), "bits")
    3.0
    """
    if unit not in UNITS:
        raise ValueError(f'unit is "nats" or "bits". Received: unit={unit!r}.')
    return float(nats) / UNITS[unit]
