"""What a generator proposes, and how the discriminator scores it."""

import numpy as np

from keras_gan.divergences.density_ratio import logits_of


def samples_of(game, latents, batch_size):
    """The samples of latents, `batch_size` at a time: float32 array (n, ...)."""
    starts = range(0, len(latents), batch_size)
    parts = [np.asarray(game(latents[i : i + batch_size])) for i in starts]
    return np.concatenate(parts).astype("float32", copy=False)


def scores_of(game, samples):
    """The discriminator's logits of samples: finite float64 array (n,).

    Raises:
        ValueError: where a logit depends on the rest of its batch, is no single number
            a sample, or is not finite.
    """
    logits = logits_of(game.discriminator, samples)
    if not np.isfinite(logits).all():
        raise ValueError(
            f"The discriminator gives {np.sum(~np.isfinite(logits))} of {len(logits)} "
            "samples a logit that is NaN or Inf. Go back to a checkpoint of before "
            "training diverged (keras_gan.callbacks.HealthMonitor)."
        )
    return logits
