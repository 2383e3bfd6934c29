"""What the discriminator pays for being steep."""

from keras_gan.penalties.penalty import Penalty
from keras_gan.penalties.zero_centered import R1
from keras_gan.registry import resolve

ALL = (R1,)

__all__ = ["R1", "Penalty", "get"]


def get(identifier):
    """A penalty from its name, its config or an instance.

    Raises:
        ValueError: for an unknown name, with the nearest ones.
    """
    return resolve(identifier, "penalty", Penalty, ALL)
