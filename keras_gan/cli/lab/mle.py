"""`keras-gan lab mle`: to maximise likelihood is to minimise KL(data || model).

-1/n sum log q(x_i) goes to E_data[-log q] = H(data) + KL(data || q), and H(data) does
not depend on q. For the model q = N(mu, 2^2) both are parabolas in mu, whose minima are
the mean of the sample and of the data: their distance has the variance Var(x)/n.
"""

import numpy as np

from keras_gan import datasets, divergences, plots
from keras_gan.cli import reporting

DATA = datasets.GaussianMixture([-2.0, 2.0], scales=0.7, weights=[0.6, 0.4])
SCALE = 2.0
MEAN, VARIANCE = -0.4, 0.7**2 + 4 * 0.6 * 0.4 * 2**2  # within modes + between them
MEANS = np.linspace(-2, 1.2, 641)
X = np.linspace(-20, 20, 2001)
CELL, P = X[1] - X[0], DATA.density(X)
ENTROPY = divergences.entropy(P, CELL)  # nats
SHOWN = (10, 100, 10_000)
SIZES = (10, 30, 100, 300, 1000, 3000, 10_000)
REPEATS = 200


def draw(seed):
    """The picture."""
    sample = DATA.sample(max(SHOWN), seed)[:, 0]  # its beginning is a smaller one
    costs = {size: cost(sample[:size]) for size in SHOWN}
    picture = plots.maximum_likelihood(MEANS, costs, divergence(), errors(seed))
    return {"mle.png": picture}


def cost(sample):
    """The mean of -log q(x) over a sample, less H(data), for each of MEANS: nats."""
    x = np.asarray(sample, np.float64)
    squares = np.mean(x**2) - 2 * MEANS * np.mean(x) + MEANS**2  # mean of (x - mu)^2
    return squares / (2 * SCALE**2) + np.log(SCALE * np.sqrt(2 * np.pi)) - ENTROPY


def divergence():
    """KL(data || N(mu, SCALE^2)) for each mu of MEANS, on a grid: nats."""
    q = np.exp(-(((X - MEANS[:, np.newaxis]) / SCALE) ** 2) / 2)
    q /= SCALE * np.sqrt(2 * np.pi)
    return np.array([divergences.kl(P, row, CELL) for row in q])


def errors(seed):
    """Rows of n, the measured and the expected distance of the two minima."""
    rows = []
    with reporting.progress("Sampling", len(SIZES)) as advance:
        for index, size in enumerate(SIZES):
            drawn = DATA.sample(REPEATS * size, (seed + 1 + index) % 2**31)
            likeliest = drawn.reshape(REPEATS, size).mean(axis=1, dtype=np.float64)
            measured = np.sqrt(np.mean((likeliest - MEAN) ** 2))
            rows.append((size, measured, np.sqrt(VARIANCE / size)))
            advance()
    return np.array(rows)
