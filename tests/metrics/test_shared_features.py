import keras
import numpy as np
import pytest

from keras_gan import metrics
from keras_gan.metrics import features
from keras_gan.metrics.shared_features import computed_once, features_of

RNG = np.random.default_rng(0)
REAL, FAKE = (keras.ops.convert_to_tensor(RNG.normal(size=(40, 3))) for _ in "ab")


class Counting(features.Identity):
    """Samples as they are; counts how often it is asked."""

    calls = 0

    def __call__(self, samples):
        type(self).calls += 1
        return super().__call__(samples)


@pytest.fixture
def counting():
    Counting.calls = 0
    return Counting()


def test_metrics_of_one_extractor_ask_it_once_of_each_tensor(counting):
    both = metrics.FrechetDistance(counting), metrics.KernelDistance(features=counting)
    with computed_once():
        for metric in both:
            metric.update_state(REAL, FAKE)
    assert Counting.calls == 2
    alone = metrics.FrechetDistance(), metrics.KernelDistance()
    for metric, plain in zip(both, alone, strict=True):
        plain.update_state(REAL, FAKE)
        assert metric.result() == plain.result()


def test_outside_of_the_scope_and_in_the_next_one_it_is_asked_anew(counting):
    for _ in range(2):
        with computed_once():
            features_of(counting, REAL)
            features_of(counting, REAL)
    features_of(counting, REAL)
    assert Counting.calls == 3


def test_other_extractors_have_features_of_their_own():
    inputs = keras.Input((3,))
    kernels = (1.0, 1.0, 2.0)  # two of one config and weights, and one of others
    made = []
    for kernel in kernels:
        layer = keras.layers.Dense(
            1, kernel_initializer=keras.initializers.Constant(kernel), name="same"
        )
        model = keras.Model(inputs, layer(inputs), name="same")
        made.append(features.Network(model, pixel_range=None))
    with computed_once():
        one, same, other = (features_of(network, REAL) for network in made)
    assert one is same
    np.testing.assert_allclose(other, 2 * one, rtol=1e-6)
