"""Adversarial losses: what discriminator and generator minimise, given logits."""

from keras_gan.core.registry import resolve
from keras_gan.core.typing import Config
from keras_gan.losses.f_divergence import FDivergence
from keras_gan.losses.hinge import Hinge
from keras_gan.losses.least_squares import LeastSquares
from keras_gan.losses.loss import Loss
from keras_gan.losses.maximum_likelihood import MaximumLikelihood
from keras_gan.losses.minimax import Minimax
from keras_gan.losses.non_saturating import NonSaturating
from keras_gan.losses.relativistic import Relativistic
from keras_gan.losses.relativistic_average import RelativisticAverage
from keras_gan.losses.wasserstein import Wasserstein

ALL = (
    Minimax,
    NonSaturating,
    MaximumLikelihood,
    LeastSquares,
    Wasserstein,
    Hinge,
    Relativistic,
    RelativisticAverage,
    FDivergence,
)

__all__ = [
    "FDivergence",
    "Hinge",
    "LeastSquares",
    "Loss",
    "MaximumLikelihood",
    "Minimax",
    "NonSaturating",
    "Relativistic",
    "RelativisticAverage",
    "Wasserstein",
    "get",
]


def get(identifier: str | Config | Loss) -> Loss:
    """Get a loss from its name, its config or an instance.

    Example:

    >>> type(get("hinge")).__name__
    'Hinge'

    Raises:
        ValueError: for an unknown name, with the nearest ones.
    """
    return resolve(identifier, "loss", Loss, ALL)
