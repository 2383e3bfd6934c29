"""Games as the samplers see them."""

from typing import Protocol

import keras

from keras_gan.core.typing import Tensor, TensorLike
from keras_gan.priors.prior import Prior


class Game(Protocol):
    """A game such as `keras_gan.models.GAN`: called, it maps latents to samples.

    Attributes:
        prior: the distribution of its latents.
        discriminator: built model, samples -> logits.
    """

    prior: Prior
    discriminator: keras.Model

    def __call__(self, latents: TensorLike) -> Tensor:
        """Samples (n, ...) of latents (n, latent_dim), in inference mode."""
