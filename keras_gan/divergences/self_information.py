"""Self-information: the surprise of one event."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.typing import Array
from keras_gan.divergences.mass import UNITS, in_unit, nonnegative


def self_information(probability: ArrayLike, unit: str = "nats") -> Array:
    """Self-information I = -log P (Shannon, 1948): how surprising an event is.

    What is certain tells nothing, what is rarer tells more, and independent events add:
    I(P Q) = I(P) + I(Q).

    Args:
        probability: float or array in [0, 1].
        unit: "nats" or "bits".

    Returns:
        float64 of the shape of `probability`, >= 0; infinite where it is 0.

    Raises:
        ValueError: for a probability outside [0, 1], or an unknown unit.

    Example:

    >>> float(self_information(1 / 8, unit="bits"))
    3.0
    """
    probability = nonnegative(probability, "probability")
    if (probability > 1).any():
        raise ValueError(
            f"A probability is at most 1. Received: {probability.max()}. "
            "(A density may be larger, but has no self-information.)"
        )
    in_unit(0.0, unit)
    with np.errstate(divide="ignore"):
        return (-np.log(probability) + 0.0) / UNITS[unit]
