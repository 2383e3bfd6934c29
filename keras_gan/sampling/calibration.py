"""Calibration of a discriminator: the share of reals among samples that get a logit.

Rejection sampling and the Metropolis-Hastings chains read D as a probability. A trained
discriminator is rarely one: it is over-confident on what it was trained on, and behind
the generator everywhere else. Calibration learns from data that neither player has seen
how often a logit is right (Turner et al., 2019).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats
from keras_gan.core.randomness import check_seed, seed_of
from keras_gan.sampling.game import Game
from keras_gan.sampling.proposals import check_discriminator, samples_of, scores_of

Calibration = Callable[[np.ndarray], np.ndarray]  # logits -> probabilities of "real"
METHODS = ("isotonic", "logistic")
LEAST = 1e-12  # a probability closer to 0 or 1 is taken for this one


def calibrate(
    game: Game,
    real: ArrayLike,
    method: str = "isotonic",
    seed: int = 0,
    batch_size: int = 256,
) -> Callable[[ArrayLike], np.ndarray]:
    """Calibrate a discriminator: from its logit to the probability of "real".

    As many fresh fakes are drawn as there are reals, both get their logits, and a
    regression of 1 (real) and 0 (fake) on the logit is fitted:

    - "isotonic": the non-decreasing step function with the least squared error. It asks
      of the logit only that more is more real, so it also fits the critics of WGAN and
      hinge games.
    - "logistic": sigmoid(a logit + b) (Platt, 1999), for logits of the logistic family
      and for few reals.

    Args:
        game: a game such as `keras_gan.models.GAN`: called, it maps latents to samples;
            it has a `prior` and a `discriminator`.
        real: float array (n, ...), held out: not what the discriminator was trained on.
        method: "isotonic" or "logistic".
        seed: int in [0, 2**31), of the fakes.
        batch_size: int, how many samples the generator computes at a time.

    Returns:
        A function: float array (m,) of logits -> float64 array (m,) in (0, 1).

    Raises:
        ValueError: for an unknown method, no reals, or a discriminator whose logit
            depends on the rest of the batch.

    Example:

    >>> import keras_gan
    >>> gan = keras_gan.models.GAN(
    ...     keras_gan.networks.MLPGenerator((1,), latent_dim=1, widths=()),
    ...     keras_gan.networks.MLPDiscriminator((1,), widths=()),
    ...     keras_gan.priors.Normal(1),
    ... )
    >>> gan.generator.set_weights([np.ones((1, 1)), np.zeros(1)])  # N(0, 1)
    >>> gan.discriminator.set_weights([np.full((1, 1), 9.0), np.zeros(1)])
    >>> real = np.random.default_rng(0).normal(1.0, 1.0, (50_000, 1))
    >>> probability = calibrate(gan, real, "logistic")
    >>> # log N(x; 1, 1)/N(x; 0, 1) = x - 1/2, but this discriminator says 9 x
    >>> probability(np.array([4.5])).round(2), probability(np.array([9.0])).round(2)
    (array([0.5]), array([0.62]))
    """
    _check_method(method)
    batch_size = check_integer(batch_size, "batch_size", 1)
    check_discriminator(game)
    real = as_floats(real, "real", "float32")
    if not real.size:
        raise ValueError(
            "A discriminator is calibrated on held-out reals, at least one. Received: "
            f"an array {real.shape}."
        )
    real_logits = scores_of(game, real)
    latents = game.prior(len(real_logits), seed_of(check_seed(seed), "calibrate"))
    fake_logits = scores_of(game, samples_of(game, latents, batch_size))
    return regression(real_logits, fake_logits, method)


def regression(
    real_logits: ArrayLike, fake_logits: ArrayLike, method: str = "isotonic"
) -> Callable[[ArrayLike], np.ndarray]:
    """The regression of `calibrate`, of logits; both kinds count alike.

    A few reals above all fakes do not show that no fake is ever there. So an isotonic
    regression sees one more fake above all logits and one more real below them (the
    rule of succession): its last step, with k reals, gives a fake the chance 1/(k + 1).
    A logistic regression has a penalty of half the squared slope (of logits in units of
    their deviation), so that it is finite where no logit of a real is below one of a
    fake; beside n logits it is of the order of 10/n of the slope.

    Args:
        real_logits, fake_logits: float arrays (n,) and (m,).
        method: "isotonic" or "logistic".

    Returns:
        A function: float array of logits -> float64 array of probabilities.

    Raises:
        ValueError: for an unknown method.

    Example:

    >>> probability = regression([1.0, 3.0, 4.0, 5.0], [-1.0, 0.0, 2.0, 3.5])
    >>> probability([-2.0, 1.5, 4.5]).round(2)  # 1/3, 1/2 and 2/3
    array([0.33, 0.5 , 0.67])
    """
    _check_method(method)
    real_logits = _checked(real_logits, "real_logits")
    fake_logits = _checked(fake_logits, "fake_logits")
    logits = np.concatenate([real_logits, fake_logits])
    is_real = np.repeat([1.0, 0.0], [len(real_logits), len(fake_logits)])
    if method == "isotonic":
        return _isotonic(logits, is_real)
    return _logistic(logits, is_real)


def _check_method(method):
    if not isinstance(method, str) or method not in METHODS:
        raise ValueError(
            f"A discriminator is calibrated by {' or '.join(map(repr, METHODS))}. "
            f"Received: {method!r}."
        )


def _checked(logits, name):
    found = as_floats(logits, name)
    if found.ndim != 1 or not len(found):
        raise ValueError(
            f"{name} holds one logit for each sample, shape (n,), n >= 1. Received: "
            f"shape {found.shape}."
        )
    return found


def _isotonic(logits, is_real):
    from sklearn.isotonic import IsotonicRegression

    # Where 1 is no way off, from a logit of 1e16, the next numbers.
    low, high = logits.min(), logits.max()
    ends = [
        min(low - 1, np.nextafter(low, -np.inf)),
        max(high + 1, np.nextafter(high, np.inf)),
    ]
    logits = np.concatenate([logits, ends])
    is_real = np.concatenate([is_real, [1.0, 0.0]])
    counts = np.array([np.sum(is_real == kind) for kind in (0, 1)])
    fitted = IsotonicRegression(out_of_bounds="clip").fit(
        logits, is_real, sample_weight=1 / counts[is_real.astype(int)]
    )
    return lambda logits: fitted.predict(np.asarray(logits, np.float64))


def _logistic(logits, is_real):
    from sklearn.linear_model import LogisticRegression

    middle, unit = logits.mean(), logits.std() or 1.0

    def column(logits):
        return (np.asarray(logits, np.float64)[:, np.newaxis] - middle) / unit

    fitted = LogisticRegression(class_weight="balanced").fit(column(logits), is_real)
    return lambda logits: fitted.predict_proba(column(logits))[:, 1]


def log_ratio_of(
    game: Game,
    real: ArrayLike | None,
    calibration: str | Calibration,
    seed: int,
    batch_size: int,
) -> Callable[[np.ndarray], np.ndarray]:
    """The function from samples to log p_data/p_model that a sampler reads.

    Args:
        game, real, seed, batch_size: as in `calibrate`.
        calibration: a method of `calibrate`, or the function that it returned.
    """
    if callable(calibration):
        check_discriminator(game)
    else:
        calibration = calibrate(game, real, calibration, seed, batch_size)

    def log_ratio(samples):
        found = np.asarray(calibration(scores_of(game, samples)), np.float64)
        if found.shape != (len(samples),) or not ((found >= 0) & (found <= 1)).all():
            raise ValueError(
                "calibration maps logits (n,) to as many probabilities in [0, 1], such "
                "as the function that keras_gan.sampling.calibrate returns. Received: "
                f"an array {found.shape} for {len(samples)} logits, from "
                f"{found.min():g} to {found.max():g}."
            )
        return logit(np.clip(found, LEAST, 1 - LEAST))  # log D/(1 - D)

    return log_ratio
