"""Grouped convolutions: a dense one, of a kernel with zeros between the groups."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import layers
from keras_gan.layers import grouped_convolution

# Rounding, relative to the largest value: sums of up to 5 * 5 * 6 products, and of
# their products. bfloat16 keeps 8 bits, and each derivative is rounded once more.
TOLERANCE = {"float32": 1e-5, "float64": 1e-12, "bfloat16": 2**-5}
CASES = [  # channels, filters, groups, kernel_size
    (8, 8, 4, 3),
    (6, 12, 3, 5),
    (6, 3, 3, 1),
    (5, 4, 1, 3),
    (4, 8, 4, 3),  # depthwise, two filters a channel
]


def block_diagonal(kernel, groups):
    """The dense kernel (k, k, channels, filters) of a grouped one."""
    taps, _, ins, filters = kernel.shape
    parts = tf.reshape(kernel, (taps, taps, 1, ins, groups, filters // groups))
    eye = tf.reshape(tf.eye(groups, dtype=kernel.dtype), (1, 1, groups, 1, groups, 1))
    return tf.reshape(parts * eye, (taps, taps, groups * ins, filters))


def derivatives(function, images, kernel):
    """What it makes, with its slopes and those of a function of the slopes."""
    both = [images, kernel]
    with tf.GradientTape() as outer:
        outer.watch(both)
        with tf.GradientTape() as inner:
            inner.watch(both)
            made = function(images, kernel)
            wave = tf.reduce_sum(tf.sin(made))
        slopes = inner.gradient(wave, both)
        steepness = tf.add_n([tf.reduce_sum(tf.square(slope)) for slope in slopes])
    return [made, *slopes, *outer.gradient(steepness, both)]


def make(channels, filters, groups, kernel_size, dtype="float32"):
    """The layer as a function of images and kernel, and both."""
    layer = layers.GroupedConvolution(
        filters, kernel_size, groups, use_bias=False, dtype=dtype
    )
    layer.build((None, 7, 6, channels))
    random = np.random.default_rng(1)
    images = tf.cast(random.normal(size=(5, 7, 6, channels)), dtype)
    kernel = tf.cast(random.normal(size=layer.kernel.shape), dtype)

    def function(images, kernel):
        with keras.StatelessScope(state_mapping=[(layer.kernel, kernel)]):
            return layer(images)

    return function, images, kernel


def dense(groups):
    return lambda x, w: tf.nn.conv2d(x, block_diagonal(w, groups), 1, "SAME")


def assert_same(one, other, tolerance):
    for a, b in zip(one, other, strict=True):
        a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * abs(b).max())


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_results_and_two_derivatives_are_those_of_the_dense_one(case, dtype):
    function, images, kernel = make(*case, dtype)
    exact = [tf.cast(array, "float64") for array in (images, kernel)]
    expected = derivatives(dense(case[2]), *exact)
    found = derivatives(function, images, kernel)
    assert all(array.dtype == dtype for array in found)
    assert_same(found, expected, TOLERANCE[dtype])


@pytest.mark.parametrize("way", ["graph", "graph of any batch", "xla"])
def test_every_way_of_running(way):
    function, images, kernel = make(8, 12, 4, 3)
    rows = None if way == "graph of any batch" else 5
    run = tf.function(
        lambda x: derivatives(function, x, kernel),
        input_signature=[tf.TensorSpec((rows, *images.shape[1:]), "float32")],
        jit_compile=way == "xla",
    )
    assert_same(run(images), derivatives(dense(4), images, kernel), 1e-5)


def test_where_there_are_other_devices_tensorflow_computes(monkeypatch):
    function, images, kernel = make(8, 12, 4, 3)
    expected = function(images, kernel)
    monkeypatch.setattr(grouped_convolution, "cpus_only", lambda: False)
    monkeypatch.delattr(grouped_convolution, "_convolved")
    assert_same([function(images, kernel)], [expected], 1e-5)


def test_the_bias_is_added():
    layer = layers.GroupedConvolution(4, 3, 2, kernel_initializer="zeros")
    layer.build((None, 5, 5, 2))
    layer.bias.assign([1.0, 2.0, 3.0, 4.0])
    made = layer(np.ones((2, 5, 5, 2), "float32"))
    np.testing.assert_array_equal(made, np.tile([1.0, 2.0, 3.0, 4.0], (2, 5, 5, 1)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.GroupedConvolution(8, 2, 4), "odd.*=2. Use 1 or 3"),
        (lambda: layers.GroupedConvolution(9, 3, 4), "groups=4 and 9 filters. Use 8"),
        (
            lambda: layers.GroupedConvolution(8, 3, 4).build((None, 5, 5, 6)),
            "groups=4 and 6 channels. Use 4 or 8",
        ),
        (
            lambda: layers.GroupedConvolution(8, 3, 4).build((None, 6)),
            r"takes images.*\(None, 6\)",
        ),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
