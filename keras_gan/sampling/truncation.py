"""The truncation trick: latents nearer to the middle, for likelier fakes."""

import numpy as np
from scipy.special import ndtr, ndtri

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import LARGEST
from keras_gan.core.randomness import check_seed, derived, seed_of

FLAT = 1e-6  # below, the density is even to 1e-12, and ndtr(t) - ndtr(-t) loses digits


def truncated_normal(
    num_samples: int, latent_dim: int, threshold: float, seed: int = 0
) -> np.ndarray:
    """Truncated normal latents: each number lies in [-threshold, threshold].

    Numbers beyond are drawn again until they lie within (Brock et al., 2019: BigGAN's
    truncation trick). The law of the last of these draws, N(0, 1) given |z| <= t, has
    the quantiles ndtri(ndtr(-t) + u (ndtr(t) - ndtr(-t))), so one draw of u is enough.

    A small threshold shows what the generator does best, again and again; a large one
    the whole of its distribution. For a seed the numbers within the threshold are those
    that `GAN.sample` draws with the prior `Normal(latent_dim)`, so that `game(latents)`
    is `game.sample(num_samples, seed)` where the threshold is large. Other priors
    (uniform latents, another mean or covariance) have no use for it.

    Args:
        num_samples: int >= 1; the first rows do not depend on it.
        latent_dim: int >= 1.
        threshold: float > 0, in standard deviations; BigGAN's go from 0.04 to 2.
        seed: int in [0, 2**31).

    Returns:
        Float32 array (num_samples, latent_dim).

    Raises:
        ValueError: for numbers below 1, a threshold that is not positive, or a seed out
            of its range.

    Example:

    >>> latents = truncated_normal(10_000, latent_dim=4, threshold=0.5)
    >>> bool(abs(latents).max() <= 0.5)
    True
    >>> round(float(latents.std()), 2)  # 1 - t phi(t)/(Phi(t) - 1/2) = 0.2836^2
    0.28
    """
    shape = (
        check_integer(num_samples, "num_samples", 1),
        check_integer(latent_dim, "latent_dim", 1),
    )
    try:
        positive = bool(threshold > 0)
    except (TypeError, ValueError):
        positive = False
    if not positive or np.ndim(threshold) > 0:
        raise ValueError(
            "threshold is how many standard deviations a latent may be from 0, above "
            f"0. Received: threshold={threshold!r}."
        )
    threshold = min(threshold, LARGEST)  # a float32 number
    own_seed = seed_of(check_seed(seed), "sample")
    latents = randomness.normal(shape, own_seed).numpy()
    share = randomness.uniform(shape, derived(own_seed, 1)).numpy()
    share = share.astype(np.float64)
    if threshold < FLAT:
        within = threshold * (2 * share - 1)
    else:
        low, high = ndtr(-threshold), ndtr(threshold)
        within = ndtri(low + share * (high - low))
    latents = np.where(abs(latents) <= threshold, latents, within)
    return np.clip(latents, -threshold, threshold).astype("float32")
