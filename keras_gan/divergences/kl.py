"""The Kullback-Leibler divergence: what maximum likelihood minimises."""

from numpy.typing import ArrayLike

from keras_gan.divergences.mass import density_pair, in_unit, kl_terms


def kl(
    p: ArrayLike, q: ArrayLike, cell: float | None = None, unit: str = "nats"
) -> float:
    """Kullback-Leibler divergence KL(p || q) = sum p log(p/q): of taking q for p.

    Not symmetric: it is infinite where q is 0 and p is not, so q must cover p; where p
    is 0, q costs nothing (Kullback and Leibler, 1951).

    Args:
        p, q: arrays of one shape, probabilities that sum to 1; with `cell`, densities
            on a grid.
        cell: float, the size of a grid's cell: dx, or dx * dy.
        unit: "nats" or "bits".

    Returns:
        float >= 0, perhaps infinite.

    Raises:
        ValueError: for what is no distribution, different shapes, or an unknown unit.

    Example:

    >>> kl([1.0, 0.0], [0.5, 0.5], unit="bits")
    1.0
    >>> kl([0.5, 0.5], [1.0, 0.0])
    inf
    """
    p, q, size = density_pair(p, q, cell)
    return in_unit(kl_terms(p, q).sum() * size, unit)
