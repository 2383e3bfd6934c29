"""The optimal discriminator against a given generator."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.divergences.mass import (
    check_shapes,
    density_pair,
    in_unit,
    nonnegative,
    times_log,
)

LEAST, MOST = np.nextafter(0.0, 1.0), np.nextafter(1.0, 0.0)


def optimal_discriminator(p_data: ArrayLike, p_model: ArrayLike) -> np.ndarray:
    """Optimal discriminator D*(x) = p_data/(p_data + p_model) (Goodfellow, 2014).

    Its logit is log p_data/p_model, the log of the density ratio.

    Args:
        p_data, p_model: arrays of one shape, probabilities or densities at the same
            points; they need not sum to 1.

    Returns:
        float64 in [0, 1] of that shape; 1/2 where neither has mass and any D is best;
        0 and 1 only where one of them has none.

    Raises:
        ValueError: for negative values or different shapes.

    Example:

    >>> optimal_discriminator([0.2, 0.8], [0.6, 0.2]).tolist()
    [0.25, 0.8]
    """
    check_shapes(p_data, p_model)
    p_data = nonnegative(p_data, "p_data")
    p_model = nonnegative(p_model, "p_model")
    with np.errstate(over="ignore"):
        total = p_data + p_model
    half = np.where(np.isinf(total), 0.5, 1.0)  # so that the sum is no Inf
    total = p_data * half + p_model * half
    best = np.divide(
        p_data * half, total, where=total > 0, out=np.full(total.shape, 0.5)
    )
    # A ratio beyond float64 is rounded to no certainty: V has the logarithm of it.
    best = np.where(p_data > 0, np.maximum(best, LEAST), best)
    return np.where(p_model > 0, np.minimum(best, MOST), best)


def value_function(
    discriminator: ArrayLike,
    p_data: ArrayLike,
    p_model: ArrayLike,
    cell: float | None = None,
    unit: str = "nats",
) -> float:
    """Value function of the minimax game: V = E_data log D(x) + E_model log(1 - D(x)).

    D maximises it; at the optimal discriminator it is 2 JS(p_data, p_model) - log 4
    nats (Goodfellow et al., 2014). The `Minimax` loss of D is -V.

    Args:
        discriminator: array, D(x) in [0, 1] at each point.
        p_data, p_model: arrays of that shape, probabilities that sum to 1; with `cell`,
            densities on a grid.
        cell: float, the size of a grid's cell: dx, or dx * dy.
        unit: "nats" or "bits".

    Returns:
        float <= 0; -infinity if D is sure and wrong somewhere.

    Raises:
        ValueError: for what is no distribution, values outside [0, 1], different
            shapes, or an unknown unit.

    Example:

    >>> value_function([0.5, 0.5], [0.1, 0.9], [0.3, 0.7], unit="bits")
    -2.0
    """
    decisions = nonnegative(discriminator, "discriminator")
    if (decisions > 1).any():
        raise ValueError(
            "discriminator holds D(x), probabilities in [0, 1], not logits. "
            f"Received a value of {decisions.max()}."
        )
    check_shapes(decisions, p_data)
    p_data, p_model, size = density_pair(p_data, p_model, cell)
    value = times_log(p_data, decisions) + times_log(p_model, 1 - decisions)
    return in_unit(value.sum() * size, unit)
