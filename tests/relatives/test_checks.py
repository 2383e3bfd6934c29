"""The relatives in the checks of all families."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.family_checks import FamilyChecks, assert_same

from keras_gan import densities, networks, priors, relatives

EXAMPLES = [
    relatives.DensityModel(
        densities.RealNVP(2, couplings=1, widths=(4,)),
        ema_decay=0.5,
        seed=9,
        name="model",
    ),
    relatives.NCE(
        densities.Unnormalized(networks.MLPDiscriminator((2,), widths=(4,))),
        priors.Normal(2, mean=0.5),
        noise_per_sample=3,
        ema_decay=0.5,
        seed=9,
        name="model",
    ),
]


class Checks(FamilyChecks):
    """Two networks of a few weights, on 8, 8, 8, 8, 8 and 4 rows of three numbers."""

    def model(self):
        raise NotImplementedError

    def make(self, strategy=None, optimizer="sgd", dropout=None, **options):
        keras.utils.set_random_seed(11)
        with strategy.scope() if strategy else contextlib.nullcontext():
            model = self.model()
            sgd = keras.optimizers.SGD(0.05)
            options["optimizer"] = (
                sgd if optimizer == "sgd" else keras.optimizers.Adam(0.01)
            )
            model.compile(**options)
        return model

    def data(self):
        rows = 1 + np.random.default_rng(3).normal(size=(44, 3))
        return tf.data.Dataset.from_tensor_slices(np.float32(rows)).batch(8)


@pytest.mark.slow
class TestDensityModel(Checks):
    def model(self):
        density = densities.RealNVP(3, couplings=2, widths=(4,))
        return relatives.DensityModel(density, ema_decay=0.9, seed=5)


@pytest.mark.slow
class TestNCE(Checks):
    def model(self):
        density = densities.Unnormalized(networks.MLPDiscriminator((3,), widths=(4,)))
        noise = priors.Normal(3, covariance=[4.0] * 3)
        return relatives.NCE(density, noise, 2, ema_decay=0.9, seed=5)


DENSITIES = {
    "gaussian": lambda: densities.Gaussian(3),
    "mixture": lambda: densities.GaussianMixture(3, 2),
    "affine": lambda: densities.AffineFlow(3, base="logistic"),
}


def checks_of(name):
    class One(Checks):
        def model(self):
            return relatives.DensityModel(DENSITIES[name](), ema_decay=0.9, seed=5)

    return One()


def test_eager_mode_is_the_graph():
    """The least of the checks, quick enough for every day."""
    checks = checks_of("gaussian")
    eager, graph = (
        checks.play(checks.make(run_eagerly=way), epochs=1) for way in (True, False)
    )
    assert_same(graph[0], eager[0])
    assert_same(graph[1], eager[1])


@pytest.mark.slow
@pytest.mark.parametrize("name", DENSITIES)
def test_each_density_has_one_trajectory(name, two_replicas):
    """Eager, graph, XLA and two replicas; the flow's are above."""
    checks = checks_of(name)
    graph = checks.play(checks.make())
    ways = {"run_eagerly": True}, {"jit_compile": True}, {"strategy": two_replicas}
    for way in ways:
        for found, expected in zip(checks.play(checks.make(**way)), graph, strict=True):
            assert_same(expected, found)
