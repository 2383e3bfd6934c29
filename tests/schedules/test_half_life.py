"""The half-life of averages: NumPy's numbers in every way of running, and on disk."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.pace import only
from hypothesis import given
from hypothesis import strategies as st

from keras_gan.models import GAN
from keras_gan.saving import configs
from keras_gan.schedules import Cosine, HalfLife, Linear

EXAMPLES = [HalfLife(Cosine(0.0, 50.0, until=0.5)), HalfLife(7.5)]
EPOCHS, ROWS = 2, (16, 16, 16, 4)  # the last minibatch counts as the four it has
STEPS = EPOCHS * len(ROWS)
RAMP = EXAMPLES[0]


@given(st.integers(1, 4096), st.floats(1e-3, 1e9))
def test_the_decay_is_a_half_to_the_power_of_the_share(rows, images):
    """By NumPy in float64; float32 rounds the quotient by 6e-8 of itself.

    0.5^x changes by x log(2) 0.5^x, at most 0.37, times that.
    """
    found = float(HalfLife(images).kept_back(rows))
    expected = -math.expm1(-math.log(2) * rows / images)
    assert found == pytest.approx(expected, rel=3e-7)


def test_after_a_half_life_a_half_is_left_however_large_the_steps():
    for rows in (1, 10, 100):
        kept = (1 - float(HalfLife(100).kept_back(rows))) ** (100 / rows)
        assert kept == pytest.approx(0.5, abs=1e-5)  # a hundred roundings


def test_none_is_the_network_itself():
    assert float(HalfLife(0).kept_back(16)) == 1.0


def data():
    rows = np.random.default_rng(7).normal(size=(sum(ROWS), 6)).astype("float32")
    return tf.data.Dataset.from_tensor_slices(rows).batch(max(ROWS))


def game(strategy=None, ema_decay=RAMP, **rules):
    rate = keras.optimizers.SGD(0.05), keras.optimizers.SGD(0.05)
    return make_gan(
        strategy=strategy,
        own={"ema_decay": ema_decay},
        generator_optimizer=rate[0],
        discriminator_optimizer=rate[1],
        **rules,
    )


def averages(gan):
    return gan.ema_generator.get_weights()


class Watch(keras.callbacks.Callback):
    """The generator's weights after each step, and the averages."""

    def on_train_begin(self, logs=None):
        self.found = []

    def on_train_batch_end(self, batch, logs=None):
        self.found.append((self.model.generator.get_weights(), averages(self.model)))


@pytest.fixture(scope="module")
def expected():
    """The averages by NumPy, of the weights that a run has gone through."""
    gan, watch = game(), Watch()
    average = averages(gan)
    gan.fit(data(), epochs=EPOCHS, verbose=0, callbacks=[watch])
    assert len(watch.found) == STEPS
    for step, (weights, found) in enumerate(watch.found):
        share = min(1.0, step / STEPS / 0.5)
        half_life = 50.0 * (1 - math.cos(math.pi * share)) / 2
        rows = ROWS[step % len(ROWS)]
        decay = 0.5 ** (rows / half_life) if half_life else 0.0
        average = [
            decay * a + (1 - decay) * w for a, w in zip(average, weights, strict=True)
        ]
        assert_near(found, average)
    # Neither the network itself nor its first weights: the numbers are seen.
    assert max(abs(a - w).max() for a, w in zip(average, weights, strict=True)) > 1e-3
    return average


def assert_near(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6)  # weights of size 1


WAYS = {
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 4},
}


@pytest.mark.parametrize("way", only(["eager", "steps_per_execution"], WAYS))
def test_one_trajectory(expected, way):
    gan = game(**WAYS[way])
    gan.fit(data(), epochs=EPOCHS, verbose=0)
    assert_near(averages(gan), expected)


@pytest.mark.slow
def test_two_replicas(expected, two_replicas):
    """b is the global minibatch: each replica has half of it."""
    gan = game(two_replicas)
    gan.fit(data(), epochs=EPOCHS, verbose=0)
    assert_near(averages(gan), expected)


def test_several_updates_of_the_discriminator_are_one_minibatch():
    gan = game(ema_decay=HalfLife(16.0), discriminator_steps=3)
    before, watch = averages(gan), Watch()
    gan.fit(data(), verbose=0, callbacks=[watch])
    [(after, found)] = watch.found  # a step of three minibatches of 16
    assert_near(
        found, [(a + w) / 2 for a, w in zip(before, after, strict=True)]
    )  # 0.5^(16/16)


FORMS = ["keras", "preset", "config"]


@pytest.mark.parametrize("form", only(["keras", "config"], FORMS))
def test_they_come_back(tmp_path, form, expected):
    gan = game()
    if form == "keras":
        gan.save(tmp_path / "gan.keras")
        loaded = keras.saving.load_model(tmp_path / "gan.keras")
    elif form == "preset":
        gan.save_to_preset(tmp_path / "preset")
        loaded = GAN.from_preset(tmp_path / "preset")
    else:
        config = configs.of_game(gan)
        loaded = configs.build(config, GAN)
        images = config["model"]["config"]["ema_decay"]["config"]["images"]
        assert images["config"] == {"start": 0.0, "end": 50.0, "until": 0.5}
    assert repr(loaded.ema_decay) == "HalfLife(Cosine(start=0, end=50, until=0.5))"
    if form != "config":  # which holds no weights
        loaded.fit(data(), epochs=EPOCHS, verbose=0)
        assert_near(averages(loaded), expected)


def test_a_loop_of_ones_own_says_how_long_it_is():
    gan = game()
    with pytest.raises(ValueError, match=r"call begin_run\(steps\) before"):
        gan.train_on_batch(np.zeros((4, 6), "float32"))
    with pytest.raises(ValueError, match="relative to the length of a run"):
        RAMP.kept_back(4)


def test_how_it_is_shown():
    assert repr(HalfLife(500_000)) == "HalfLife(500000)"


@pytest.mark.parametrize(
    "images",
    [-1.0, math.nan, math.inf, "long", True, None, Linear(0.0, -5.0)],
    ids=str,
)
def test_numbers_that_are_none(images):
    with pytest.raises(ValueError, match="images is the half-life .* Received: images"):
        HalfLife(images)


@pytest.mark.parametrize("ema_decay", [0, 1.0, "x", True, Cosine(0.0, 0.9)], ids=str)
def test_decays_that_are_none(ema_decay):
    with pytest.raises(ValueError, match=r"or is a half-life .* Received: ema_decay="):
        game(ema_decay=ema_decay)
