"""Resampling by [1, 3, 3, 1], held against NumPy's convolution."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import layers
from keras_gan.layers import filtered_resampling

FILTER = np.array([1.0, 3.0, 3.0, 1.0])
IMAGES = np.random.default_rng(0).normal(size=(3, 8, 6, 2)).astype("float32")
UP, DOWN = layers.FilteredUpsampling(), layers.FilteredDownsampling()


def upsampled(line):
    """Zeros between the pixels, then the filter, of gain 2."""
    spread = np.zeros(2 * len(line))
    spread[::2] = line
    return np.convolve(spread, FILTER / 4)[1:-2]


def downsampled(line):
    """The filter, then each second pixel."""
    return np.convolve(line, FILTER / 8)[2:-1:2]


def along_both(function, images):
    return np.apply_along_axis(function, 2, np.apply_along_axis(function, 1, images))


@pytest.mark.parametrize(("layer", "line"), [(UP, upsampled), (DOWN, downsampled)])
def test_numpy_resamples_so(layer, line):
    found = layer(IMAGES)
    assert found.shape == layer.compute_output_shape(IMAGES.shape)
    # float32 rounding of sums of 16 products of numbers below 4
    np.testing.assert_allclose(found, along_both(line, IMAGES), rtol=0, atol=2e-6)


@pytest.mark.parametrize("layer", [UP, DOWN])
@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])
def test_a_graph_of_any_batch(layer, compiled):
    signature = [tf.TensorSpec((None if not compiled else 3, 8, 6, 2), "float32")]
    run = tf.function(layer, input_signature=signature, jit_compile=compiled)
    np.testing.assert_allclose(run(IMAGES), layer(IMAGES), rtol=0, atol=1e-6)


@pytest.mark.parametrize(("layer", "other", "times"), [(UP, DOWN, 4), (DOWN, UP, 0.25)])
@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])
def test_the_derivatives_are_the_transpose_and_itself(layer, other, times, compiled):
    """Of u . L x by x it is g = L^T u; and of |g|^2 / 2 by u, L g."""
    like = layer(IMAGES)
    upstream = np.random.default_rng(2).normal(size=like.shape).astype("float32")

    @tf.function(jit_compile=compiled)
    def slopes(images, upstream):
        with tf.GradientTape() as outer:
            outer.watch(upstream)
            with tf.GradientTape() as inner:
                inner.watch(images)
                product = tf.reduce_sum(layer(images) * upstream)
            slope = inner.gradient(product, images)
            norm = tf.reduce_sum(tf.square(slope)) / 2
        return slope, outer.gradient(norm, upstream)

    slope, second = slopes(tf.constant(IMAGES), tf.constant(upstream))
    expected = times * np.asarray(other(upstream))
    # float32 rounding of two such sums
    np.testing.assert_allclose(slope, expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(second, layer(expected), rtol=0, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
@pytest.mark.parametrize(
    "layer", [layers.FilteredUpsampling, layers.FilteredDownsampling]
)
def test_every_way_of_computing_it_agrees(layer, dtype, monkeypatch):
    """The sums are what another device, XLA and other dtypes compute."""
    images = tf.cast(IMAGES, dtype)
    layer = layer(dtype=dtype)
    found = layer(images)
    assert found.dtype == dtype
    monkeypatch.setattr(filtered_resampling, "_has_fast_kernel", lambda _: False)
    np.testing.assert_allclose(
        np.asarray(tf.cast(found, "float32")),
        np.asarray(tf.cast(layer(images), "float32")),
        rtol=0,
        atol=1e-6,
    )


def test_down_is_a_quarter_of_the_transpose_of_up():
    """Half along each side: <up x, y> = 4 <x, down y>."""
    small, large = IMAGES, np.random.default_rng(1).normal(size=(3, 16, 12, 2))
    large = large.astype("float32")
    one = np.sum(np.asarray(UP(small)) * large)
    assert one == pytest.approx(4 * np.sum(small * np.asarray(DOWN(large))), rel=1e-4)


def test_the_inside_is_that_of_bilinear_upsampling():
    bilinear = keras.layers.UpSampling2D(interpolation="bilinear")(IMAGES)
    found = UP(IMAGES)
    np.testing.assert_allclose(found[:, 1:-1, 1:-1], bilinear[:, 1:-1, 1:-1], atol=1e-6)
    np.testing.assert_allclose(
        found[:, 0, 1:-1], 0.75 * bilinear[:, 0, 1:-1], atol=1e-6
    )


def test_bfloat16_stays():
    assert layers.FilteredUpsampling(dtype="bfloat16")(IMAGES).dtype == "bfloat16"
    assert layers.FilteredDownsampling(dtype="bfloat16")(IMAGES).dtype == "bfloat16"


def test_an_odd_side_is_not_halved():
    with pytest.raises(ValueError, match=r"even sides.*\(3, 7, 8, 2\)"):
        layers.FilteredDownsampling()(np.ones((3, 7, 8, 2), "float32"))
