"""`keras-gan lab kl`: one Gaussian for two modes, by KL and by reverse KL.

Both divergences are sums over a grid, and both fits the best of all means and scales,
found by a search that zooms in; nothing here is random.
"""

import numpy as np

from keras_gan import datasets, plots
from keras_gan_cli import reporting

DATA = datasets.GaussianMixture([-2.0, 2.0], scales=0.7, weights=[0.6, 0.4])
X = np.linspace(-12, 12, 2401)
CELL = X[1] - X[0]
LOG_DATA = DATA.log_density(X)
ROUNDS = 14  # of the search: to 1e-5 of where it began


def draw(seed):
    """The picture; `seed` changes nothing."""
    with reporting.progress("Fitting", 2) as advance:
        fits = []
        for name, divergence in DIVERGENCES.items():
            fits.append(plots.Fit(name, *fit(divergence)))
            advance()
    seen = abs(X) <= 6
    picture = plots.mode_seeking(X[seen], np.exp(LOG_DATA[seen]), fits)
    return {"kl.png": picture}


def kl(mean, scale):
    """KL(data || N(mean, scale^2)) in nats."""
    return CELL * np.sum(np.exp(LOG_DATA) * (LOG_DATA - log_model(mean, scale)))


def reverse_kl(mean, scale):
    """KL(N(mean, scale^2) || data) in nats."""
    log_q = log_model(mean, scale)
    return CELL * np.sum(np.exp(log_q) * (log_q - LOG_DATA))


DIVERGENCES = {"KL(data || model)": kl, "KL(model || data)": reverse_kl}


def log_model(mean, scale):
    """The log-density of N(mean, scale^2) on the grid."""
    return -(((X - mean) / scale) ** 2) / 2 - np.log(scale * np.sqrt(2 * np.pi))


def fit(divergence):
    """The mean and scale of the smallest divergence, and that divergence.

    Each round looks at 13 x 13 models around the best so far, then at half the
    distances.
    """
    mean, log_scale, reach = 0.0, 0.0, 3.0
    for _ in range(ROUNDS):
        around = reach * np.linspace(-1, 1, 13)
        found = [
            (divergence(mean + step, np.exp(log_scale + growth / 3)), step, growth)
            for step in around
            for growth in around
        ]
        _, step, growth = min(found)
        mean, log_scale, reach = mean + step, log_scale + growth / 3, reach / 2
    return mean, np.exp(log_scale), divergence(mean, np.exp(log_scale))
