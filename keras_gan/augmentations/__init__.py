"""Augmentations: changes of the images that discriminators see in training."""

from keras_gan.augmentations.ada import ADA
from keras_gan.augmentations.augmentation import Augmentation
from keras_gan.augmentations.diff_augment import DiffAugment
from keras_gan.augmentations.flip import Flip
from keras_gan.core.registry import resolve
from keras_gan.core.typing import Config

ALL = (DiffAugment, Flip, ADA)

__all__ = ["ADA", "Augmentation", "DiffAugment", "Flip", "get"]


def get(identifier: str | Config | Augmentation) -> Augmentation:
    """Get an augmentation from its name, its config or an instance.

    Raises:
        ValueError: for an unknown name, with the nearest ones.
    """
    return resolve(identifier, "augmentation", Augmentation, ALL)
