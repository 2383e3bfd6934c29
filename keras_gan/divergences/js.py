"""The Jensen-Shannon divergence: that of the first GAN."""

import math

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.divergences.mass import density_pair, in_unit, kl_terms


def js(
    p: ArrayLike, q: ArrayLike, cell: float | None = None, unit: str = "nats"
) -> float:
    """Jensen-Shannon divergence JS(p, q) = KL(p || m)/2 + KL(q || m)/2, m = (p + q)/2.

    m = (p + q)/2. Symmetric, and between 0 (equal) and log 2 nats = 1 bit (nothing in
    common). It is what the generator of the minimax game minimises against an optimal
    discriminator (Goodfellow et al., 2014).

    Args:
        p, q: arrays of one shape, probabilities that sum to 1; with `cell`, densities
            on a grid.
        cell: float, the size of a grid's cell: dx, or dx * dy.
        unit: "nats" or "bits".

    Raises:
        ValueError: for what is no distribution, different shapes, or an unknown unit.

    Example:

    >>> js([1.0, 0.0], [0.0, 1.0], unit="bits")
    1.0
    """
    p, q, size = density_pair(p, q, cell)
    twice = js_terms(p, q).sum() * size
    return in_unit(min(twice / 2, math.log(2)), unit)  # up to rounding


def js_terms(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """KL(p || m) + KL(q || m) of each entry, >= 0.

    As KL(2p || p + q)/2: half of the least of all floats is 0, twice of it is none.
    """
    return (kl_terms(2 * p, p + q) + kl_terms(2 * q, p + q)) / 2
