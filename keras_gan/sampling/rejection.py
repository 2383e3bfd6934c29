"""Rejection sampling: keep a fake as often as data are likelier than fakes there."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats
from keras_gan.core.randomness import check_seed, derived, seed_of
from keras_gan.sampling.calibration import Calibration, log_ratio_of
from keras_gan.sampling.game import Game
from keras_gan.sampling.proposals import samples_of

BURN_IN = 10_000  # fakes, to estimate the maximum of the ratio
BLOCK = 1024  # proposals that are drawn at a time
EPSILON = 1e-6  # keeps F finite at the maximum
PATIENCE = 100  # times the proposals that the burn-in foretells


def rejection_sample(
    game: Game,
    num_samples: int,
    real: ArrayLike | None = None,
    seed: int = 0,
    calibration: str | Calibration = "isotonic",
    percentile: float | None = None,
    batch_size: int = 256,
) -> np.ndarray:
    """Rejection sample of the data, as the discriminator knows them, among fakes.

    Discriminator rejection sampling (Azadi et al., 2019). With r(x) = log D/(1 - D),
    the calibrated log p_data/p_model, and its maximum M over 10 000 fakes (and over all
    that are met later), a fake is kept with the chance sigmoid(F),

        F(x) = r(x) - M - log(1 - exp(r(x) - M - epsilon)) - gamma.

    With gamma = 0 that is exp(r - M) = p_data/(e^M p_model): samples follow the data
    exactly if D is right, and one of e^M fakes is kept. `percentile=p` makes gamma the
    p-th percentile of F over these 10 000, so that the upper 100 - p % are kept with a
    chance above 1/2: p near 0 keeps nearly all, p near 100 little but what D likes
    best. Where a few fakes with a huge ratio leave next to nothing else, it helps.

    Args:
        game: a game such as `keras_gan.models.GAN`: called, it maps latents to samples;
            it has a `prior` and a `discriminator`.
        num_samples: int >= 1.
        real: float array (n, ...), held out, to calibrate on; None if `calibration` is
            a function.
        seed: int in [0, 2**31). `num_samples=m` gives the first m samples of n > m.
        calibration: "isotonic" or "logistic", or what `calibrate` returned.
        percentile: None (gamma = 0), or float in [0, 100].
        batch_size: int, how many samples the generator computes at a time; the samples
            do not depend on it.

    Returns:
        Float32 NumPy array (num_samples, ...).

    Raises:
        ValueError: for an argument out of its range, a discriminator whose logit
            depends on the rest of the batch, or if next to nothing is kept.

    Example:

    >>> import keras_gan
    >>> gan = keras_gan.models.GAN(
    ...     keras_gan.networks.MLPGenerator((1,), latent_dim=1, widths=()),
    ...     keras_gan.networks.MLPDiscriminator((1,), widths=()),
    ...     keras_gan.priors.Uniform(1, 0.0, 1.0),
    ... )
    >>> gan.generator.set_weights([np.ones((1, 1)), np.zeros(1)])  # U[0, 1)
    >>> gan.discriminator.set_weights([np.full((1, 1), 2.0), np.zeros(1)])
    >>> kept = rejection_sample(gan, 10_000, calibration=expit)  # density ~ exp(2 x)
    >>> round(float(kept.mean()), 2)  # (e^2 + 1)/(2 (e^2 - 1))
    0.66
    """
    num_samples = check_integer(num_samples, "num_samples", 1)
    batch_size = check_integer(batch_size, "batch_size", 1)
    seed = check_seed(seed)
    _check(real, calibration, percentile)
    log_ratio = log_ratio_of(game, real, calibration, seed, batch_size)

    def proposed(rows, own_seed):
        samples = samples_of(game, game.prior(rows, own_seed), batch_size)
        return samples, log_ratio(samples)

    _, ratios = proposed(BURN_IN, seed_of(seed, "burn-in"))
    maximum = ratios.max()
    f = _f(ratios, maximum)
    gamma = 0.0 if percentile is None else np.percentile(f, percentile)
    expected = num_samples / expit(f - gamma).mean()
    kept, found, block = [], 0, 0
    while found < num_samples:
        if block * BLOCK > PATIENCE * (expected + BLOCK):
            raise ValueError(
                f"Of {block * BLOCK} fakes {found} were kept, far fewer than in the "
                "burn-in: one that is much likelier under the data than all before has "
                f"raised the maximum, log p_data/p_model = {maximum:.3g}. Pass "
                "percentile=80, or more held-out reals."
            )
        own_seed = seed_of(seed, "rejection", block)
        samples, ratios = proposed(BLOCK, own_seed)
        maxima = np.maximum(maximum, np.maximum.accumulate(ratios))
        chance = expit(_f(ratios, maxima) - gamma)
        drawn = randomness.uniform((BLOCK,), derived(own_seed, 1)).numpy()
        kept.append(samples[drawn < chance])
        found += len(kept[-1])
        maximum = maxima[-1]
        block += 1
    return np.concatenate(kept)[:num_samples]


def _f(ratios, maximum):
    """F without gamma: sigmoid(F) = exp(r - M)."""
    below = ratios - maximum
    return below - np.log(-np.expm1(below - EPSILON))


def _check(real, calibration, percentile):
    if callable(calibration) != (real is None):
        raise ValueError(
            "Pass held-out reals to calibrate on, or calibration= a function that is "
            "calibrated already. Received: " + ("neither." if real is None else "both.")
        )
    if percentile is None:
        return
    number = as_floats(percentile, "percentile")
    if number.ndim or not 0 <= number <= 100:
        raise ValueError(
            f"percentile is None or lies in [0, 100]. Received: {percentile!r}."
        )
