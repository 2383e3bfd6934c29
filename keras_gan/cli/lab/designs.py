"""`keras-gan lab designs`: the items and the pixels that sampling designs draw."""

import numpy as np
from sklearn.datasets import load_sample_images

from keras_gan import plots
from keras_gan.datasets import schemes

ITEMS, WANTED, START = 1200, 50, 18
LABELS = np.repeat([0, 1, 2], [720, 360, 120])  # shares of 60, 30 and 10 %
CLUSTERS = np.arange(ITEMS) // 10  # each quarter of a row
SIDE, POINTS = 112, 16  # of the image; along each side of its grid of points


def draw(seed):
    """The two pictures."""
    points = {
        "regular grid": schemes.grid_points((SIDE, SIDE), (POINTS, POINTS)),
        "at random": schemes.random_points((SIDE, SIDE), POINTS**2, seed),
    }
    return {
        "designs.png": plots.sampling_designs(LABELS, draws(seed)),
        "points.png": plots.sampling_points(picture(), points),
    }


def draws(seed):
    """The items that each design draws of the population, by its name."""
    return {
        "simple random": schemes.simple_random(ITEMS, WANTED, seed),
        f"systematic from {START}": schemes.systematic(ITEMS, WANTED, START),
        "stratified": schemes.stratified(LABELS, WANTED, seed),
        "cluster": schemes.cluster(CLUSTERS, WANTED // 10, seed),
    }


def picture():
    """The flower of scikit-learn, (SIDE, SIDE), as grey means of 3 x 3 pixels."""
    flower = load_sample_images().images[1].mean(axis=2)
    top, left = 20, 160
    square = flower[top : top + 3 * SIDE, left : left + 3 * SIDE]
    return square.reshape(SIDE, 3, SIDE, 3).mean(axis=(1, 3))
