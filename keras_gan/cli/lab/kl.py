"""`keras-gan lab kl`: one Gaussian for two modes, by KL and by reverse KL.

Both divergences are sums over a grid, and both fits the best of all means and scales,
found by a search that zooms in; nothing here is random.
"""

import numpy as np

from keras_gan import datasets, divergences, plots
from keras_gan.cli import reporting

DATA = datasets.GaussianMixture([-2.0, 2.0], scales=0.7, weights=[0.6, 0.4])
X = np.linspace(-20, 20, 2001)  # where float64 still tells the data from 0
CELL = X[1] - X[0]
P = DATA.density(X)
ROUNDS = 14  # of the search: to 1e-4 of where it began


def draw(seed):
    """The picture; `seed` changes nothing."""
    with reporting.progress("Fitting", len(DIVERGENCES)) as advance:
        fits = []
        for name, divergence in DIVERGENCES.items():
            fits.append(plots.Fit(name, *fit(divergence)))
            advance()
    seen = abs(X) <= 6
    return {"kl.png": plots.mode_seeking(X[seen], P[seen], fits)}


def forward_kl(q):
    """KL(data || q) of a density on the grid, in nats."""
    return divergences.kl(P, q, CELL)


def reverse_kl(q):
    """KL(q || data) of a density on the grid, in nats."""
    return divergences.kl(q, P, CELL)


DIVERGENCES = {"KL(data || model)": forward_kl, "KL(model || data)": reverse_kl}


def fit(divergence):
    """The mean and scale of the smallest divergence, and that divergence.

    Each round looks at 13 x 13 models around the best so far, then at half the
    distances.
    """

    def distance(mean, log_scale):
        return divergence(model(mean, np.exp(log_scale)))

    mean, log_scale, reach = 0.0, 0.0, 3.0
    for _ in range(ROUNDS):
        around = reach * np.linspace(-1, 1, 13)
        found = [
            (distance(mean + step, log_scale + growth), step, growth)
            for step in around
            for growth in around / 3
        ]
        _, step, growth = min(found)
        mean, log_scale, reach = mean + step, log_scale + growth, reach / 2
    return mean, np.exp(log_scale), distance(mean, log_scale)


def model(mean, scale):
    """The density of N(mean, scale^2) on the grid."""
    return np.exp(-(((X - mean) / scale) ** 2) / 2) / (scale * np.sqrt(2 * np.pi))
