"""The base of augmentations: random changes of what discriminators see in training."""

from collections.abc import Sequence
from typing import Any, Self

import tensorflow as tf
from keras import ops

from keras_gan.core import distribution
from keras_gan.core.typing import Config, Nest, Tensor


class Augmentation:
    """An augmentation: a random change of images, drawn for each of them from a seed.

    A pure function of images and seed, differentiable twice by the images. A subclass
    implements `draw(rows, seed)`, random numbers that know nothing of the images, and
    `apply(images, drawn)`. A replica draws those of the global batch, and takes the
    ones of its own rows; the first rows' do not depend on how many there are.

    Attributes:
        adapts: whether its strength follows what the discriminator makes of real
            samples; a game then keeps a state for it.
        changes: whether its strength changes over a run, and is logged.
    """

    adapts = False
    changes = False

    def draw(self, rows: int | Tensor, seed: Tensor) -> Nest:
        """Random numbers: a nest of float32 tensors (rows, ...)."""
        raise NotImplementedError(f"{type(self).__name__} lacks draw.")

    def apply(self, images: Tensor, drawn: Nest) -> Tensor:
        """Images (rows, height, width, channels), changed as the numbers say."""
        raise NotImplementedError(f"{type(self).__name__} lacks apply.")

    def __call__(self, images: Tensor, seed: Tensor) -> Tensor:
        """Augment images.

        Args:
            images: float tensor (batch, height, width, channels) in [-1, 1].
            seed: int32 tensor (2,).

        Returns:
            A tensor like `images`; its values may leave [-1, 1].

        Raises:
            ValueError: for samples that are no images.
        """
        if not tf.is_tensor(images):
            kind = type(images).__name__
            images = ops.convert_to_tensor(_one(images, type(self).__name__, kind))
        self.check_shape(images.shape[1:])
        drawn = distribution.own_rows(
            lambda rows: self.draw(rows, seed), ops.shape(images)[0]
        )
        return self.apply(images, drawn)

    def check_shape(self, shape: Sequence[int | None]) -> None:
        """Raise a ValueError for the shape of a sample that is no image.

        Args:
            shape: of one sample, without the batch.
        """
        if len(shape) != 3:
            raise ValueError(
                f"augmentation is for images (batch, height, width, channels), and "
                f"{type(self).__name__} was given samples of shape "
                f"{('batch', *shape)}. Leave augmentation=None."
            )

    def of_run(self, run: Any, state: Any = None) -> Self:
        """The same augmentation as a game uses it.

        Args:
            run: `training.run_length.RunLength`, which schedules follow.
            state: the variable that a game keeps for one that adapts.
        """
        return self

    def get_config(self) -> Config:
        return {}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(**config)


def _one(images, name, kind):
    if isinstance(images, list | tuple | dict):
        raise ValueError(
            "augmentation is for one tensor of images (batch, height, width, "
            f"channels). Received: {name} of a {kind}. A family whose samples are "
            "several tensors augments the images among them in its own discriminate."
        )
    return images
