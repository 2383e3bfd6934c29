"""Codes of an InfoGAN as inputs by name, which replace what the latents hold."""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from keras_gan.core.typing import Tensor
from keras_gan.priors import Categorical


class Code(NamedTuple):
    """A code: a part of the latents that an input of its own can replace.

    A class is int32 (batch,), and -1 leaves that of the latents; numbers are float32
    (batch, d), and NaN leaves each.

    Attributes:
        name: "code_2" for the third part of the prior.
        num_classes: int, of a categorical code; None for one of numbers.
        position: slice of the latents.
    """

    name: str
    num_classes: int | None
    position: slice

    @property
    def spec(self) -> tf.TensorSpec:
        """Dtype and shape of the input."""
        if self.num_classes is not None:
            return tf.TensorSpec((None,), tf.int32, name=self.name)
        width = self.position.stop - self.position.start
        return tf.TensorSpec((None, width), tf.float32, name=self.name)

    def left(self, rows: int) -> np.ndarray:
        """The values that leave the code of so many rows as it is."""
        if self.num_classes is not None:
            return np.full((rows,), -1, np.int32)
        return np.full((rows, *self.spec.shape[1:]), np.nan, np.float32)

    def is_right(self, values: Tensor) -> Tensor:
        """bool (batch,), whether a row is a class, or finite; or leaves what is."""
        if self.num_classes is not None:
            return (values >= -1) & (values < self.num_classes)
        finite = (tf.abs(values) < np.inf) | _is_nan(values)
        return tf.reduce_all(finite, axis=1)

    def checked(self, values: Tensor, latents: Tensor) -> Tensor:
        """Values that are right, one for each row; others are an error in the graph."""
        meant = "finite numbers, or NaN for those of the seed"
        if self.num_classes is not None:
            meant = f"from 0 to {self.num_classes - 1}, or -1 for that of the seed"
        checks = [
            tf.debugging.Assert(
                tf.reduce_all(self.is_right(values)), [f"{self.name} is {meant}"]
            ),
            tf.debugging.assert_equal(
                tf.shape(values)[0], tf.shape(latents)[0], f"a {self.name} for each row"
            ),
        ]
        with tf.control_dependencies(checks):
            return tf.identity(values)

    def replaced(self, latents: Tensor, values: Tensor) -> Tensor:
        """Latents (batch, latent_dim) that hold these values of the code."""
        own = latents[:, self.position]
        if self.num_classes is None:
            own = tf.where(_is_nan(values), own, values)
        else:
            given = (values >= 0)[:, None]
            own = tf.where(given, tf.one_hot(values, self.num_classes), own)
        before, after = self.position.start, self.position.stop
        return tf.concat([latents[:, :before], own, latents[:, after:]], axis=1)


def of_game(game: Any) -> list[Code]:
    """The codes of a game, in their order; none where it is no InfoGAN."""
    found = []
    for part in getattr(game, "code_indices", ()):
        prior, position = game.prior.priors[part], game.prior.slices[part]
        classes = prior.latent_dim if isinstance(prior, Categorical) else None
        found.append(Code(f"code_{part}", classes, position))
    return found


def _is_nan(values):
    return values != values  # LiteRT has no operation for it
