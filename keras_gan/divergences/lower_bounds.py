"""Lower bounds of divergences, from samples and a discriminator."""

import math

import keras
import numpy as np
from numpy.typing import ArrayLike

from keras_gan.divergences.density_ratio import logits_of
from keras_gan.divergences.mass import in_unit


def js_lower_bound(
    discriminator: keras.Model, real: ArrayLike, fake: ArrayLike, unit: str = "nats"
) -> float:
    """Lower bound of JS(data, model): log 2 + (E log D(x) + E log(1 - D(G(z))))/2.

    Any discriminator gives a bound; an optimal one gives the divergence (V = 2 JS -
    log 4; Goodfellow et al., 2014). It holds for expectations, so for samples that the
    discriminator was not trained on, up to their sampling error.

    Args:
        discriminator: built `keras.Model` of the logistic family, samples -> logits.
        real, fake: float arrays (n, ...) and (m, ...).
        unit: "nats" or "bits".

    Returns:
        float, at most log 2 nats = 1 bit; below 0 for a discriminator that is worse
        than an undecided one.

    Raises:
        ValueError: for a discriminator whose logit depends on the batch, no samples,
            or an unknown unit.

    Example:

    >>> import keras
    >>> discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> discriminator.set_weights([np.array([[100.0]]), np.zeros(1)])
    >>> js_lower_bound(discriminator, real=[[1.0]], fake=[[-1.0]], unit="bits")
    1.0
    """
    log_d = -np.logaddexp(0, -logits_of(discriminator, real))
    log_not_d = -np.logaddexp(0, logits_of(discriminator, fake))
    bound = math.log(2) + (log_d.mean() + log_not_d.mean()) / 2
    return in_unit(bound, unit)


def kl_lower_bound(
    discriminator: keras.Model, real: ArrayLike, fake: ArrayLike, unit: str = "nats"
) -> float:
    """Lower bound of KL(data || model): 1 + E logit(x) - E exp(logit(G(z))).

    The f-divergence bound with T = 1 + logit (Nguyen et al., 2010; Nowozin et al.,
    2016); an optimal discriminator gives the divergence. One very large logit among the
    fakes makes it useless: exp of it then outweighs the rest, and is infinite above
    709, where the bound is -infinity.

    Args:
        discriminator: built `keras.Model` of the logistic family, samples -> logits.
        real, fake: float arrays (n, ...) and (m, ...).
        unit: "nats" or "bits".

    Raises:
        ValueError: for a discriminator whose logit depends on the batch, no samples,
            or an unknown unit.

    Example:

    >>> import keras
    >>> discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> discriminator.set_weights([np.array([[1.0]]), np.zeros(1)])
    >>> kl_lower_bound(discriminator, real=[[1.0]], fake=[[0.0]])  # 1 + 1 - exp(0)
    1.0
    """
    real, fake = logits_of(discriminator, real), logits_of(discriminator, fake)
    with np.errstate(over="ignore"):
        return in_unit(1 + real.mean() - np.exp(fake).mean(), unit)
