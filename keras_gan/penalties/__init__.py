"""Gradient penalties: terms of the discriminator's loss that bound its steepness."""

from keras_gan.core.registry import resolve
from keras_gan.core.typing import Config
from keras_gan.penalties.approximate import ApproximateR1, ApproximateR2
from keras_gan.penalties.dragan import DRAGAN
from keras_gan.penalties.gradient_penalty import GradientPenalty
from keras_gan.penalties.penalty import DifferencePenalty, Penalty, SlopePenalty
from keras_gan.penalties.zero_centered import R1, R2

ALL = (GradientPenalty, DRAGAN, R1, R2, ApproximateR1, ApproximateR2)

__all__ = [
    "DRAGAN",
    "R1",
    "R2",
    "ApproximateR1",
    "ApproximateR2",
    "DifferencePenalty",
    "GradientPenalty",
    "Penalty",
    "SlopePenalty",
    "get",
]


def get(identifier: str | Config | Penalty) -> Penalty:
    """Get a penalty from its name, its config or an instance.

    Raises:
        ValueError: for an unknown name, with the nearest ones.
    """
    return resolve(identifier, "penalty", Penalty, ALL)
