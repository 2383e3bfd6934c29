"""The reproduction of the optimal discriminator of two known Gaussians."""

import keras
import numpy as np
import optimal_discriminator as reproduction
import pytest

from keras_gan.divergences import js


class Optimum(keras.Model):
    """The exact log-ratio, and something added to it."""

    def __init__(self, added=0.0):
        super().__init__()
        self.added = added

    def call(self, x, training=False):
        data, model = reproduction.DATA, reproduction.MODEL
        away = [(x - p.mean()) / p.std() for p in (data, model)]
        log_ratio = (away[1] ** 2 - away[0] ** 2) / 2 + np.log(model.std() / data.std())
        return log_ratio + self.added


@pytest.mark.parametrize("added", [0.0, 0.2, -0.3])
def test_the_distance_from_the_log_ratio(added):
    _, off = reproduction.furthest(Optimum(added))
    assert off == pytest.approx(abs(added), abs=1e-5)  # float32 logits


def test_the_estimate_of_the_optimum_is_js(monkeypatch):
    monkeypatch.setattr(reproduction, "FRESH", 100_000)
    x, cell = reproduction.GRID, reproduction.CELL
    exact = js(reproduction.DATA.pdf(x), reproduction.MODEL.pdf(x), cell=cell)
    # log 2D varies by about 0.25 from sample to sample: 5 standard errors are 2e-3
    found = reproduction.estimate(Optimum(), seed=0)
    assert found == pytest.approx(exact, abs=2e-3)


@pytest.mark.slow
def test_a_trained_discriminator_is_at_its_optimum():
    discriminator = reproduction.trained()
    assert reproduction.furthest(discriminator)[1] < reproduction.MOST_OFF
    x, cell = reproduction.GRID, reproduction.CELL
    exact = js(reproduction.DATA.pdf(x), reproduction.MODEL.pdf(x), cell=cell)
    assert abs(reproduction.estimate(discriminator, 1) / exact - 1) < 0.02
