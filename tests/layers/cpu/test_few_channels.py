"""Convolutions of images: Keras' weights, results and derivatives, by other means."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_gan import layers

KINDS = {
    "conv2d": (layers.FastConv2D, keras.layers.Conv2D),
    "conv2d_transpose": (layers.FastConv2DTranspose, keras.layers.Conv2DTranspose),
}
# Rounding, relative to the largest value: sums of up to 5 * 5 * 5 products.
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
PLAIN_KERNEL = "Conv2DBackpropInput"  # TensorFlow's transposed convolution


def derivatives(layer, inputs):
    """What the layer makes, with its slopes and those of a function of the slopes."""
    inputs = tf.cast(inputs, layer.compute_dtype)
    with tf.GradientTape() as outer:
        outer.watch(inputs)
        with tf.GradientTape() as inner:
            inner.watch(inputs)
            outputs = layer(inputs)
            wave = tf.reduce_sum(tf.sin(outputs))
        variables = [inputs, *[v.value for v in layer.trainable_variables]]
        slopes = inner.gradient(wave, variables)
        steepness = tf.add_n([tf.reduce_sum(tf.square(slope)) for slope in slopes])
    return [outputs, *slopes, *outer.gradient(steepness, variables)]


def assert_same(one, other, dtype):
    for a, b in zip(one, other, strict=True):
        a, b = np.asarray(a), np.asarray(b)
        assert a.shape == b.shape
        scale = max(1.0, np.abs(b).max(initial=0.0))
        np.testing.assert_allclose(a, b, rtol=0, atol=TOLERANCE[dtype] * scale)


@st.composite
def cases(draw):
    """A kind, its inputs' shape and its arguments."""
    sides, taps, steps = st.integers(1, 9), st.integers(1, 5), st.integers(1, 3)
    kind = draw(st.sampled_from(sorted(KINDS)))
    kernel, strides = draw(st.tuples(taps, taps)), draw(st.tuples(steps, steps))
    padding = draw(st.sampled_from(["same", "valid"]))
    size = draw(st.tuples(sides, sides))
    if kind == "conv2d" and padding == "valid":
        size = tuple(max(pair) for pair in zip(size, kernel, strict=True))
    channels, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    given, filters = (channels, width) if kind == "conv2d" else (width, channels)
    arguments = {
        "filters": filters,
        "kernel_size": kernel,
        "strides": strides,
        "padding": padding,
        "use_bias": draw(st.booleans()),
        "activation": draw(st.sampled_from([None, "tanh"])),
        "bias_initializer": "random_normal",
        "dtype": draw(st.sampled_from(sorted(TOLERANCE))),
    }
    return kind, (draw(st.integers(1, 3)), *size, given), arguments


@settings(deadline=None, max_examples=60)
@given(cases())
def test_results_and_two_derivatives_are_those_of_keras(case):
    kind, shape, arguments = case
    ours, plain = (cls(**arguments) for cls in KINDS[kind])
    inputs = np.random.default_rng(0).normal(size=shape)
    ours.build(shape)
    plain.build(shape)
    ours.set_weights(plain.get_weights())
    config = ours.get_config()
    theirs = {**plain.get_config(), "name": config["name"]}
    assert {name: config[name] for name in theirs} == theirs  # 3.10 names fewer
    found, expected = derivatives(ours, inputs), derivatives(plain, inputs)
    assert_same(found, expected, arguments["dtype"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["graph", "graph of any batch", "xla"])
def test_every_way_of_running(kind, way):
    ours, plain = (cls(3, 4, 2, "same") for cls in KINDS[kind])
    inputs = np.random.default_rng(1).normal(size=(5, 7, 6, 2)).astype("float32")
    plain.build(inputs.shape)
    ours.build(inputs.shape)
    ours.set_weights(plain.get_weights())
    rows = None if way == "graph of any batch" else 5
    run = tf.function(
        lambda x: derivatives(ours, x),
        input_signature=[tf.TensorSpec((rows, 7, 6, 2), "float32")],
        jit_compile=way == "xla",
    )
    assert_same(run(inputs), derivatives(plain, inputs), "float32")


def test_a_replica_without_rows():
    """The transposed one; TensorFlow's convolution of no rows has a wrong shape."""
    layer = layers.FastConv2DTranspose(3, 4, 2, "same")
    signature = tf.TensorSpec((None, 8, 8, 2))
    empty = tf.function(layer, input_signature=[signature])(np.ones((0, 8, 8, 2)))
    assert empty.shape == (0, 16, 16, 3)


# Where Keras' own kernel computes ----------------------------------------------------

FORMS = {  # kind, arguments, the shape of the inputs
    "images of 3 channels": ("conv2d", {}, (None, 8, 8, 3)),
    "images of 4 channels": ("conv2d", {}, (None, 8, 8, 4)),
    "to 3 channels": ("conv2d_transpose", {}, (None, 8, 8, 6)),
    "to 4 channels": ("conv2d_transpose", {"filters": 4}, (None, 8, 8, 6)),
    "many taps": ("conv2d_transpose", {"kernel_size": 5}, (None, 8, 8, 6)),
    "half precision": ("conv2d", {"dtype": "mixed_float16"}, (None, 8, 8, 3)),
    "bfloat16": ("conv2d_transpose", {"dtype": "mixed_bfloat16"}, (None, 8, 8, 3)),
    "any height": ("conv2d", {}, (None, None, 8, 3)),
    "output padding": ("conv2d_transpose", {"output_padding": 1}, (None, 8, 8, 3)),
    "dilation": ("conv2d", {"strides": 1, "dilation_rate": 2}, (None, 8, 8, 3)),
}
OURS = ("images of 3 channels", "to 3 channels")


def uses_kerass_kernel(form):
    """Whether TensorFlow's kernel is in the layer's graph with its slope."""
    kind, arguments, shape = FORMS[form]
    arguments = {"filters": 3, "kernel_size": 4, "strides": 2, **arguments}
    layer = KINDS[kind][0](**arguments)
    layer.build(shape)

    def slope(x):
        return tf.gradients(layer(x), x)

    signature = tf.TensorSpec(shape, layer.compute_dtype)
    graph = tf.function(slope).get_concrete_function(signature).graph
    return PLAIN_KERNEL in {operation.type for operation in graph.get_operations()}


@pytest.mark.parametrize("form", FORMS)
def test_which_layers_are_computed_as_a_matrix_product(form):
    assert uses_kerass_kernel(form) == (form not in OURS)


@pytest.mark.parametrize("form", OURS)
def test_with_another_device_the_layers_are_keras(form, monkeypatch):
    devices = [tf.config.PhysicalDevice(f"/{kind}:0", kind) for kind in ("CPU", "GPU")]
    monkeypatch.setattr(tf.config, "get_visible_devices", lambda: devices)
    assert uses_kerass_kernel(form)


# Weights -----------------------------------------------------------------------------


def network(transposed, convolution):
    return keras.Sequential(
        [
            keras.Input((4, 4, 3)),
            transposed(2, 4, strides=2, padding="same"),
            transposed(1, 4, strides=2, padding="same"),
            convolution(3, 4, strides=2, padding="same"),
        ]
    )


def test_weights_files_are_keras_both_ways(tmp_path):
    ours = network(layers.FastConv2DTranspose, layers.FastConv2D)
    plain = network(keras.layers.Conv2DTranspose, keras.layers.Conv2D)
    inputs = np.random.default_rng(3).normal(size=(2, 4, 4, 3)).astype("float32")
    for number, (one, other) in enumerate([(plain, ours), (ours, plain)]):
        path = tmp_path / f"{number}.weights.h5"
        one.set_weights([w + 0.1 for w in one.get_weights()])
        one.save_weights(path)
        other.load_weights(path)
        assert_same([one(inputs)], [other(inputs)], "float32")
        with h5py.File(path) as file:
            assert {"conv2d", "conv2d_transpose", "conv2d_transpose_1"} <= set(
                file["layers"]
            )


def test_a_saved_model_has_the_results_and_the_slopes(tmp_path):
    ours = network(layers.FastConv2DTranspose, layers.FastConv2D)
    ours.export(tmp_path / "served", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "served")
    inputs = tf.random.stateless_normal((3, 4, 4, 3), (1, 2))
    results = []
    for call in (ours, loaded.serve):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = call(inputs)
        results.append([outputs, tape.gradient(outputs, inputs)])
    assert_same(*results, "float32")
