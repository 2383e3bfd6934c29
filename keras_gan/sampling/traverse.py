"""Latent traversal: one part of the latents changes, all else stays."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats
from keras_gan.core.randomness import check_seed, seed_of
from keras_gan.priors import Categorical, Joint, Normal, Uniform
from keras_gan.sampling.game import Game

STEPS = 10  # values of a continuous part
SPREAD = 2.0  # standard deviations of a normal one to each side


def traverse(
    game: Game,
    part: int,
    values: ArrayLike | None = None,
    num_rows: int = 10,
    seed: int = 0,
) -> np.ndarray:
    """Traverse the latents: along a row of samples one part changes, all else stays.

    With a code of InfoGAN as the part these are the pictures of Chen et al. (2016).

    Args:
        game: a game whose prior is a `keras_gan.priors.Joint`.
        part: int, the part of the prior that varies.
        values: float array (n, width) or, where the part is one number wide, (n,): what
            the part is set to. None: each class of a `Categorical`; 10 values over the
            range of a `Uniform(1)`, or from -2 to 2 standard deviations of a
            `Normal(1)`.
        num_rows: int >= 1, how many latents the other parts are drawn from.
        seed: int; the first rows do not depend on `num_rows`.

    Returns:
        Float32 array (num_rows, n, ...), images in [-1, 1].

    Raises:
        ValueError: for a game without such a part, or values of another width.

    Example:

    >>> from keras_gan import models, networks, priors
    >>> gan = models.GAN(
    ...     networks.MLPGenerator((8, 8, 1), latent_dim=7),
    ...     networks.MLPDiscriminator((8, 8, 1)),
    ...     priors.Joint([priors.Normal(4), priors.Categorical(3)]),
    ... )
    >>> traverse(gan, part=1, num_rows=5).shape
    (5, 3, 8, 8, 1)
    """
    prior = game.prior
    if not isinstance(prior, Joint):
        raise ValueError(
            "traverse varies a part of a keras_gan.priors.Joint. Received: a game with "
            f"the prior {prior!r}."
        )
    part = check_integer(part, "part", 0, len(prior.priors) - 1)
    values = _checked_values(values, prior.priors[part], part)
    rows = check_integer(num_rows, "num_rows", 1)
    latents = prior(rows, seed_of(check_seed(seed), "sample")).numpy()
    latents = latents.repeat(len(values), axis=0)
    latents[:, prior.slices[part]] = np.tile(values, (rows, 1))
    samples = [
        np.asarray(game(latents[start : start + 256]))
        for start in range(0, len(latents), 256)
    ]
    samples = np.concatenate(samples).astype("float32", copy=False)
    return samples.reshape(rows, len(values), *samples.shape[1:])


def _checked_values(values, prior, part):
    if values is None:
        return _default_values(prior, part)
    found = as_floats(values, "values", "float32")
    if found.ndim == 1:
        found = found[:, np.newaxis]
    if found.ndim != 2 or len(found) == 0 or found.shape[1] != prior.latent_dim:
        raise ValueError(
            f"values are of shape (n, {prior.latent_dim}) for part {part}, n >= 1. "
            f"Received: shape {np.shape(values)}."
        )
    return found


def _default_values(prior, part):
    if isinstance(prior, Categorical):
        return np.eye(prior.num_classes, dtype="float32")
    if prior.latent_dim == 1 and isinstance(prior, Uniform):
        ends = prior.minval, prior.maxval
    elif prior.latent_dim == 1 and isinstance(prior, Normal):
        mean = np.ravel(prior.mean or 0.0)[0]
        deviation = np.sqrt(np.ravel(prior.covariance or 1.0)[0])
        ends = mean - SPREAD * deviation, mean + SPREAD * deviation
    else:
        raise ValueError(
            f"Part {part} has no values of its own: a {type(prior).__name__} of "
            f"{prior.latent_dim} numbers varies in many ways. Pass values of shape "
            f"(n, {prior.latent_dim})."
        )
    return np.linspace(*ends, STEPS, dtype="float32")[:, np.newaxis]
