"""Graphs are made once, and TensorFlow does not warn of them."""

import logging
import time

import numpy as np
import pytest
import tensorflow as tf
from helpers.small import SHAPE, images, mlp, semi_supervised

from keras_gan import metrics, models, networks, priors, sampling
from keras_gan.core import graphs
from keras_gan.core.randomness import seed_of
from keras_gan.training.drawing import Drawing

COUNTS = (1, 2, 3, 5, 17, 100)


def conditional():
    gan = models.ConditionalGAN(
        networks.ConditionalMLPGenerator(SHAPE, 4, 3, widths=(6,)),
        networks.ConditionalMLPDiscriminator(SHAPE, 3, widths=(6,)),
        priors.Normal(4),
        3,
    )
    gan.compile()
    return gan


class Counted:
    """A function, and how often its Python is run."""

    def __init__(self, function):
        self.function, self.runs = function, 0

    def __call__(self, *arguments):
        self.runs += 1
        return self.function(*arguments)


@pytest.mark.parametrize("make", [mlp, conditional, semi_supervised])
def test_any_number_of_samples_is_one_trace(make, monkeypatch):
    gan = make()
    counted = {name: Counted(getattr(gan, name)) for name in ("draw", "draw_latents")}
    for name, function in counted.items():
        monkeypatch.setattr(gan, name, function)
    gan._drawing = Drawing(gan)
    drawn = [gan.sample(count, seed=5) for count in COUNTS]
    assert [len(samples) for samples in drawn] == list(COUNTS)
    assert {name: f.runs for name, f in counted.items()} == {
        "draw": 1,
        "draw_latents": 1,
    }
    gan.sample(100, seed=5, batch_size=7)
    assert counted["draw"].runs == 1


@pytest.mark.parametrize("make", [mlp, conditional])
def test_the_latents_are_those_that_are_drawn_one_by_one(make):
    """To the bit: as a graph and operation by operation."""
    gan = make()
    for count, seed in ((1, 0), (2, 3), (17, 2**31 - 1)):
        found = gan._drawing._latents(count, seed)
        expected = gan.draw_latents(count, seed_of(seed, "sample"))
        np.testing.assert_array_equal(found, expected)


def test_the_labels_are_those_that_are_drawn_one_by_one():
    gan = conditional()
    for count, seed in ((1, 0), (2, 3), (500, 2**31 - 1)):
        found = gan.labels_of_samples(count, seed)
        expected = gan.draw_side(count, seed_of(seed, "labels"))
        np.testing.assert_array_equal(found, expected)
    assert len(set(found)) > 1


@pytest.fixture
def told(monkeypatch):
    """What TensorFlow logs as a warning."""
    found = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(record.getMessage())

    keep = Keep(logging.WARNING)
    tf.get_logger().addHandler(keep)
    yield found
    tf.get_logger().removeHandler(keep)


def test_the_warning_of_traces_is_seen_here(told):
    """Or the tests below say nothing."""
    for _ in range(6):
        tf.function(lambda x: x)(tf.constant(1))
    assert any("triggered tf.function retracing" in text for text in told)


@pytest.mark.slow
def test_many_games_in_a_process(told):
    rows = images(32)
    for _ in range(7):
        gan = mlp()
        gan.fit(rows, batch_size=32, validation_data=rows, verbose=0)
        gan.sample(3)
    for _ in range(7):  # fine-tuning
        gan.compile()
        gan.fit(rows, batch_size=32, verbose=0)
    assert told == []


def test_many_looks_at_samples(told):
    gan = semi_supervised()
    extractor = metrics.features.Pixels()
    for count in range(1, 8):
        gan.classify(images(count))
        extractor.of(images(count))
    small = models.GAN(
        networks.MLPGenerator((2,), 1, widths=()),
        networks.MLPDiscriminator((2,)),
        priors.Normal(1),
    )
    for count in range(1, 8):
        sampling.nearest_latents(small, np.zeros((count, 2)), steps=1)
    assert told == []


def test_another_kind_of_rows_is_another_graph():
    graph = graphs.RowsGraph(lambda x, side: (x, side))
    one = tf.ones((2, 3))
    assert graph(one, None)[1] is None
    assert graph(one[:1], None)[0].shape == (1, 3) and graph.traces == 1
    _, side = graph(one, {"a": tf.constant([1, 2]), "b": None})
    assert side["a"].numpy().tolist() == [1, 2] and side["b"] is None
    assert graph(one, (tf.constant([1, 2]), None))[1][1] is None
    assert graph.traces == 3
    graph(one[:, :2], None)
    graph(tf.cast(one, "float64"), None)
    assert graph.traces == 5


@pytest.mark.slow
def test_one_image_takes_milliseconds():
    """2 ms on a free core; a trace takes 50."""
    gan = mlp()
    gan.sample(1, seed=0)
    seconds = []
    for seed in range(50):
        began = time.perf_counter()
        gan.sample(1, seed=seed)
        seconds.append(time.perf_counter() - began)
    assert np.median(seconds) < 0.02
