"""Games as the evaluation sees them."""

from collections.abc import Callable
from typing import Any, Protocol

import keras
import numpy as np


class Game(Protocol):
    """A game such as `keras_gan.models.GAN`: it draws images, and may know classes.

    Attributes:
        generator: built model, latents -> images.
    """

    generator: keras.Model

    def sample(self, num_samples: int, seed: int) -> np.ndarray:
        """Images (num_samples, height, width, channels), the same for a seed."""

    def evaluation_functions(self) -> dict[str, Callable[..., Any]]:
        """The functions that say of classes what they can, see `class_scores`."""
