"""Batch normalization: Keras' weights, results and derivatives, by other means."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_gan import layers
from keras_gan.layers.cpu import fast_batch_normalization

FUSED = "FusedBatchNormV3"
# Rounding in float32, relative to the largest value, of sums of up to 300 numbers. A
# slope is what is left of three terms up to ten times as large, and so is its slope.
TOLERANCE, FIRST, SECOND = 1e-5, 1e-4, 1e-3


def pair(shape, **options):
    """Ours and Keras', with the same weights, which are not those of the start."""
    draw = np.random.default_rng(0)
    made = [
        kind(**options)
        for kind in (layers.FastBatchNormalization, keras.layers.BatchNormalization)
    ]
    for layer in made:
        layer.build(shape)
    weights = [draw.uniform(0.5, 1.5, w.shape) for w in made[0].get_weights()]
    for layer in made:
        layer.set_weights(weights)
    return made


def derivatives(layer, samples):
    """What the layer makes, with its slopes and those of a function of the slopes."""
    samples = tf.convert_to_tensor(samples)
    variables = [samples, *[v.value for v in layer.trainable_variables]]
    with tf.GradientTape() as outer:
        outer.watch(samples)
        with tf.GradientTape() as inner:
            inner.watch(samples)
            outputs = layer(samples, training=True)
            wave = tf.reduce_mean(tf.sin(outputs))
        slopes = inner.gradient(wave, variables)
        steepness = tf.add_n([tf.reduce_sum(tf.square(slope)) for slope in slopes])
    return [outputs], slopes, outer.gradient(steepness, variables)


def assert_same_derivatives(one, other):
    for found, expected, tolerance in zip(
        one, other, (TOLERANCE, FIRST, SECOND), strict=True
    ):
        assert_near(found, expected, tolerance)


def assert_near(one, other, tolerance):
    for a, b in zip(one, other, strict=True):
        a, b = np.asarray(a), np.asarray(b)
        assert a.shape == b.shape
        scale = np.abs(b).max(initial=1e-3)
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * scale)


@st.composite
def cases(draw):
    size = st.integers(1, 5)
    rank = draw(st.integers(2, 5))
    rows = draw(st.integers(3, 8))
    shape = (rows, *(draw(size) for _ in range(rank - 1)))
    options = {
        "momentum": draw(st.sampled_from([0.0, 0.9])),
        "epsilon": draw(st.sampled_from([1e-2, 0.5])),
        "center": draw(st.booleans()),
        "scale": draw(st.booleans()),
    }
    return shape, options


@settings(deadline=None, max_examples=40)
@given(cases())
def test_results_averages_and_two_derivatives_are_those_of_keras(case):
    shape, options = case
    ours, plain = pair(shape, **options)
    samples = np.random.default_rng(1).normal(1, 2, shape).astype("float32")
    config = ours.get_config()
    assert {**plain.get_config(), "name": config["name"]} == config
    assert_same_derivatives(derivatives(ours, samples), derivatives(plain, samples))
    assert_near(ours.get_weights(), plain.get_weights(), TOLERANCE)
    inference = (layer(samples, training=False) for layer in (ours, plain))
    assert_near(*([x] for x in inference), TOLERANCE)


@pytest.mark.parametrize("way", ["graph", "graph of any batch", "xla"])
def test_every_way_of_running(way):
    shape = (6, 3, 2, 4)
    ours, plain = pair(shape)
    samples = np.random.default_rng(1).normal(1, 2, shape).astype("float32")
    rows = None if way == "graph of any batch" else shape[0]
    run = tf.function(
        lambda x: derivatives(ours, x),
        input_signature=[tf.TensorSpec((rows, *shape[1:]))],
        jit_compile=way == "xla",
    )
    assert_same_derivatives(run(samples), derivatives(plain, samples))
    assert_near(ours.get_weights(), plain.get_weights(), TOLERANCE)


def test_one_number_a_channel_has_no_variance():
    ours, plain = pair((1, 3), momentum=0.5)
    one = np.float32([[1.0, -2.0, 3.0]])
    assert_near([ours(one, training=True)], [plain(one, training=True)], TOLERANCE)
    assert_near(ours.get_weights(), plain.get_weights(), TOLERANCE)


# Where Keras' own operations compute --------------------------------------------------


def is_fused(layer, dtype="float32", compiled=False, **call):
    layer.build((4, 3, 2, 5))
    options = {"training": True, **call}
    run = tf.function(lambda x: layer(x, **options), jit_compile=compiled)
    graph = run.get_concrete_function(tf.TensorSpec((4, 3, 2, 5), dtype)).graph
    return FUSED in {operation.type for operation in graph.get_operations()}


FORMS = {  # the arguments of the layer, of its call
    "inference": ({}, {"training": False}),
    "XLA": ({}, {"compiled": True}),
    "a mask": ({}, {"mask": tf.ones((4, 3, 2), "bool")}),
    "another axis": ({"axis": 1}, {}),
    "float64": ({"dtype": "float64"}, {"dtype": "float64"}),
    "half precision": ({"dtype": "mixed_float16"}, {}),
    "frozen": ({"trainable": False}, {}),
}
if "renorm" in keras.layers.BatchNormalization().get_config():  # not in all versions
    FORMS["renorm"] = {"renorm": True}, {}


def test_the_last_axis_is_fused():
    assert is_fused(layers.FastBatchNormalization())
    assert is_fused(layers.FastBatchNormalization(axis=3))
    assert is_fused(layers.SynchronizedBatchNormalization())


@pytest.mark.parametrize("form", FORMS)
def test_elsewhere_it_is_keras(form):
    options, call = FORMS[form]
    assert not is_fused(layers.FastBatchNormalization(**options), **call)


def test_with_another_device_it_is_keras(monkeypatch):
    monkeypatch.setattr(fast_batch_normalization, "cpus_only", lambda: False)
    assert not is_fused(layers.FastBatchNormalization())
