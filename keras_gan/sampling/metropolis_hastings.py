"""Metropolis-Hastings: chains of fakes that move to where data are likelier."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats
from keras_gan.core.randomness import check_seed, derived, seed_of
from keras_gan.sampling.calibration import Calibration, log_ratio_of
from keras_gan.sampling.game import Game
from keras_gan.sampling.proposals import samples_of


def metropolis_hastings_sample(
    game: Game,
    num_samples: int,
    real: ArrayLike,
    seed: int = 0,
    steps: int = 640,
    calibration: str | Calibration = "isotonic",
    batch_size: int = 256,
) -> np.ndarray:
    """Metropolis-Hastings sample of the data, as D knows them, by chains of fakes.

    The Metropolis-Hastings GAN (Turner et al., 2019). Each sample is the end of a chain
    of its own. In each step a chain at x moves to a fresh fake x' with the chance

        min(1, (1/D(x) - 1)/(1/D(x') - 1)) = min(1, exp(r(x') - r(x))),

    where r = log D/(1 - D) is calibrated. Its stationary distribution is that of the
    data if D is right; no maximum of r is needed, and the cost is the same for every
    sample. A chain starts at the score of a held-out real, which is a draw from the
    data already, so that nothing has to be burnt in. A chain that has not moved at its
    end still stands at that real: it starts again at a fake, so no real is returned.

    Args:
        game: a game such as `keras_gan.models.GAN`: called, it maps latents to samples;
            it has a `prior` and a `discriminator`.
        num_samples: int >= 1, the number of chains.
        real: float array (n, ...), held out: to calibrate on and to start from.
        seed: int in [0, 2**31). `num_samples=m` gives the first m samples of n > m.
        steps: int >= 1, the fakes that each chain is offered; the paper takes 640.
        calibration: "isotonic" or "logistic", or what `calibrate` returned.
        batch_size: int, how many samples the generator computes at a time; the samples
            do not depend on it.

    Returns:
        Float32 NumPy array (num_samples, ...).

    Raises:
        ValueError: for an argument out of its range, or a discriminator whose logit
            depends on the rest of the batch.

    Example:

    >>> import keras_gan
    >>> from scipy.special import expit
    >>> gan = keras_gan.models.GAN(
    ...     keras_gan.networks.MLPGenerator((1,), latent_dim=1, widths=()),
    ...     keras_gan.networks.MLPDiscriminator((1,), widths=()),
    ...     keras_gan.priors.Uniform(1, 0.0, 1.0),
    ... )
    >>> gan.generator.set_weights([np.ones((1, 1)), np.zeros(1)])  # U[0, 1)
    >>> gan.discriminator.set_weights([np.full((1, 1), 2.0), np.zeros(1)])
    >>> kept = metropolis_hastings_sample(  # density ~ exp(2 x)
    ...     gan, 10_000, real=[[0.9]], steps=20, calibration=expit, batch_size=10_000
    ... )
    >>> round(float(kept.mean()), 2)  # (e^2 + 1)/(2 (e^2 - 1))
    0.66
    """
    num_samples = check_integer(num_samples, "num_samples", 1)
    steps = check_integer(steps, "steps", 1)
    batch_size = check_integer(batch_size, "batch_size", 1)
    seed = check_seed(seed)
    real = as_floats(real, "real", "float32")
    if not real.size:
        raise ValueError(
            "Chains start at held-out reals, at least one. Received: an array "
            f"{real.shape}."
        )
    log_ratio = log_ratio_of(game, real, calibration, seed, batch_size)

    def score(latents):
        return log_ratio(samples_of(game, latents, batch_size))

    def drawn(rows, *purpose):
        """Rows of a draw for all chains: one chain's do not depend on the others."""
        return game.prior(num_samples, seed_of(seed, *purpose)).numpy()[rows]

    def walked(rows, latents, ratios, purpose):
        """The ends of the chains `rows`, and which of them have moved."""
        latents, ratios = latents.copy(), ratios.copy()
        moved = np.zeros(len(rows), bool)
        together = max(1, batch_size // len(rows))  # steps that are scored at once
        for first in range(0, steps, together):
            times = range(first, min(first + together, steps))
            offers = [drawn(rows, purpose, time) for time in times]
            scores = score(np.concatenate(offers)).reshape(len(times), -1)
            for time, offer, offered in zip(times, offers, scores, strict=True):
                own_seed = derived(seed_of(seed, purpose, time), 1)
                share = randomness.uniform((num_samples,), own_seed).numpy()[rows]
                with np.errstate(over="ignore"):
                    moves = share < np.exp(offered - ratios)
                latents[moves], ratios[moves] = offer[moves], offered[moves]
                moved |= moves
        return latents, moved

    chains = np.arange(num_samples)
    share = randomness.uniform((num_samples,), seed_of(seed, "reals")).numpy()
    chosen = np.minimum((share * len(real)).astype(int), len(real) - 1)
    needed, places = np.unique(chosen, return_inverse=True)
    nowhere = np.zeros((num_samples, game.prior.latent_dim), "float32")
    ratios = log_ratio(real[needed])[places]
    latents, moved = walked(chains, nowhere, ratios, "chains")
    stayed = chains[~moved]
    if len(stayed):
        start = drawn(stayed, "restarts")
        latents[stayed], _ = walked(stayed, start, score(start), "restarted chains")
    return samples_of(game, latents, batch_size)
