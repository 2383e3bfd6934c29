"""The total variation distance: the largest difference in probability of any event."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.divergences.mass import mass_pair


def total_variation(p: ArrayLike, q: ArrayLike, cell: float | None = None) -> float:
    """Total variation distance TV = 1/2 sum |p - q|, in [0, 1]: the most on any event.

    Args:
        p, q: arrays of one shape, probabilities that sum to 1; with `cell`, densities
            on a grid.
        cell: float, the size of a grid's cell: dx, or dx * dy.

    Raises:
        ValueError: for what is no distribution, or different shapes.

    Example:

    >>> total_variation([0.5, 0.5], [0.25, 0.75])
    0.25
    """
    p, q = mass_pair(p, q, cell)
    return min(float(np.abs(p - q).sum() / 2), 1.0)  # up to rounding
