"""Games whose fakes are Gaussian and whose logit is what a test wants it to be."""

import keras
import numpy as np
from scipy import stats

import keras_gan

DATA = stats.norm(0.5, 1.0)  # p
MODEL = stats.norm(0.0, 1.5)  # q, which is wider, so that p/q is bounded


def log_ratio(x):
    """log p(x)/q(x), of arrays and tensors."""
    away = [(x - p.mean()) / p.std() for p in (DATA, MODEL)]
    return (away[1] ** 2 - away[0] ** 2) / 2 + np.log(MODEL.std() / DATA.std())


MAXIMUM = log_ratio(0.9)  # where x/1.5^2 - (x - 0.5) = 0


class Logit(keras.layers.Layer):
    """x -> slope log p(x)/q(x) + shift."""

    def __init__(self, slope=1.0, shift=0.0):
        super().__init__()
        self.slope, self.shift = slope, shift

    def call(self, x):
        return self.slope * log_ratio(x) + self.shift


def game(*layers):
    """Fakes of q and a discriminator of the given layers; without, the optimal one."""
    gan = keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator((1,), latent_dim=1, widths=()),
        keras.Sequential([keras.Input((1,)), *(layers or [Logit()])]),
        keras_gan.priors.Normal(1),
    )
    gan.generator.set_weights([np.array([[MODEL.std()]]), np.zeros(1)])
    return gan


def reals(count, seed=0):
    """Independent samples of p: float array (count, 1)."""
    return DATA.rvs((count, 1), random_state=seed)


def assert_drawn_from(samples, expected, errors=4.5):
    """Mean and variance within 4.5 standard errors of a normal distribution's.

    The variance of n normal samples has the standard error sigma^2 sqrt(2/n). And the
    distance of Kolmogorov and Smirnov, which is above 2.2/sqrt(n) once in 8000 times.
    """
    x = np.ravel(samples).astype("float64")
    sigma = expected.std()
    root = np.sqrt(len(x))
    assert abs(x.mean() - expected.mean()) < errors * sigma / root
    assert abs(x.var() - sigma**2) < errors * sigma**2 * np.sqrt(2) / root
    assert stats.kstest(x, expected.cdf).statistic < errors / 4.5 * 2.2 / root
