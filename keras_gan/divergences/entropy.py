"""Shannon entropy: the surprise to be expected."""

from numpy.typing import ArrayLike

from keras_gan.divergences.cross_entropy import cross_entropy


def entropy(p: ArrayLike, cell: float | None = None, unit: str = "nats") -> float:
    """Shannon entropy H(p) = -sum p log p (1948): the surprise that p itself expects.

    Between 0 and log n for n entries. On a grid, the differential entropy
    -integral p log p, which may be negative.

    Args:
        p: array, probabilities that sum to 1; with `cell`, densities on a grid.
        cell: float, the size of a grid's cell: dx, or dx * dy.
        unit: "nats" or "bits".

    Raises:
        ValueError: for what is no distribution, or an unknown unit.

    Example:

    >>> entropy([0.25, 0.25, 0.25, 0.25], unit="bits")
    2.0
    """
    return cross_entropy(p, p, cell, unit)
