"""The pushforward density: that of G(z), for numbers z."""

import numpy as np


def pushforward_density(samples, borders):
    """The density of x = G(z) in cells, from samples at equal steps of probability.

    Between two successive z of equal probability steps, G is taken as linear: each pair
    of neighbours among the samples spreads its share evenly over the way between them.
    Nothing is smoothed, and G may turn back.

    Args:
        samples: array (m,) of G at the quantiles (k + 1/2)/m of its latents' prior.
        borders: array (n + 1,), ascending, of the cells.

    Returns:
        Array (n,): the mean density in each cell, 1/unit of x.
    """
    low = np.minimum(samples[1:], samples[:-1])
    high = np.maximum(samples[1:], samples[:-1])
    width = np.maximum(high - low, 1e-9)  # where G is flat
    below = np.clip((borders[:, np.newaxis] - low) / width, 0, 1).mean(axis=1)
    return np.diff(below) / np.diff(borders)
