"""Cross-entropy: the surprise of one who believes another distribution."""

from numpy.typing import ArrayLike

from keras_gan.divergences.mass import density_pair, in_unit, times_log


def cross_entropy(
    p: ArrayLike, q: ArrayLike, cell: float | None = None, unit: str = "nats"
) -> float:
    """Cross-entropy H(p, q) = -sum p log q = H(p) + KL(p||q): surprise of p for q.

    Args:
        p, q: arrays of one shape, probabilities that sum to 1; with `cell`, densities
            on a grid.
        cell: float, the size of a grid's cell: dx, or dx * dy.
        unit: "nats" or "bits".

    Returns:
        float; infinite if q is 0 where p is not.

    Raises:
        ValueError: for what is no distribution, different shapes, or an unknown unit.

    Example:

    >>> cross_entropy([0.5, 0.5], [0.25, 0.75], unit="bits")  # (2 + log2(4/3)) / 2
    1.207518749639422
    """
    p, q, size = density_pair(p, q, cell)
    return in_unit(-times_log(p, q).sum() * size + 0.0, unit)
