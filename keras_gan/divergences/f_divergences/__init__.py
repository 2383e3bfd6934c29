"""The f-divergences: each with f, its conjugate, and an output activation."""

from keras_gan.core.registry import resolve
from keras_gan.core.typing import Config
from keras_gan.divergences.f_divergences.divergence import Divergence
from keras_gan.divergences.f_divergences.gan import GAN
from keras_gan.divergences.f_divergences.jeffrey import Jeffrey
from keras_gan.divergences.f_divergences.jensen_shannon import JensenShannon
from keras_gan.divergences.f_divergences.kl import KL
from keras_gan.divergences.f_divergences.neyman import Neyman
from keras_gan.divergences.f_divergences.pearson import Pearson
from keras_gan.divergences.f_divergences.reverse_kl import ReverseKL
from keras_gan.divergences.f_divergences.squared_hellinger import SquaredHellinger

ALL = (
    *(KL, ReverseKL, Pearson, Neyman),
    *(SquaredHellinger, JensenShannon, Jeffrey, GAN),
)

__all__ = [
    "GAN",
    "KL",
    "Divergence",
    "Jeffrey",
    "JensenShannon",
    "Neyman",
    "Pearson",
    "ReverseKL",
    "SquaredHellinger",
    "get",
]


def get(identifier: str | Config | Divergence) -> Divergence:
    """Get an f-divergence from its name, a registered one's config, or an instance.

    Example:

    >>> type(get("reverse_kl")).__name__
    'ReverseKL'

    Raises:
        ValueError: for an unknown name, with the nearest ones.
    """
    return resolve(identifier, "f-divergence", Divergence, ALL)
