"""Proposals of a generator, and how the discriminator scores them."""

import numpy as np

from keras_gan.core.randomness import seed_of
from keras_gan.core.typing import Tensor
from keras_gan.divergences.density_ratio import check_alone, read
from keras_gan.sampling.game import Game


def samples_of(game: Game, latents: np.ndarray | Tensor, batch_size: int) -> np.ndarray:
    """The samples of latents, `batch_size` at a time: float32 array (n, ...)."""
    starts = range(0, len(latents), batch_size)
    parts = [np.asarray(game(latents[i : i + batch_size])) for i in starts]
    return np.concatenate(parts).astype("float32", copy=False)


def check_discriminator(game: Game) -> None:
    """Raise a ValueError if the logit of a fake depends on the rest of its batch."""
    fake = samples_of(game, game.prior(1, seed_of(0, "check")), batch_size=1)
    check_alone(game.discriminator, fake.shape[1:])


def scores_of(game: Game, samples: np.ndarray) -> np.ndarray:
    """The discriminator's logits of samples: finite float64 array (n,).

    Raises:
        ValueError: where a logit is not one number a sample, or not finite.
    """
    return read(game.discriminator, samples)
