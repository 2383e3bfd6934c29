"""Convolutions that resample, held against Keras' two layers each."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import layers

IMAGES = np.random.default_rng(0).normal(size=(3, 8, 6, 2)).astype("float32")


def doubled(images, convolution):
    return convolution(keras.layers.UpSampling2D(interpolation="nearest")(images))


def halved(images, convolution):
    return keras.layers.AveragePooling2D(2)(convolution(images))


KINDS = [(layers.UpsampledConv2D, doubled), (layers.MeanPooledConv2D, halved)]
both = pytest.mark.parametrize(("kind", "two_layers"), KINDS)


def pair(kind, kernel_size=3):
    """The layer, and a Keras convolution of the same weights."""
    layer = kind(5, kernel_size)
    plain = keras.layers.Conv2D(5, kernel_size, padding="same")
    for each in (layer, plain):
        each.build(IMAGES.shape)
    layer.bias.assign(np.arange(5.0))
    plain.set_weights(layer.get_weights())
    return layer, plain


@both
@pytest.mark.parametrize("kernel_size", [1, 3, 5])
def test_they_are_two_layers_of_keras_in_one(kind, two_layers, kernel_size):
    layer, plain = pair(kind, kernel_size)
    found = layer(IMAGES)
    assert found.shape == layer.compute_output_shape(IMAGES.shape)
    assert [w.shape for w in layer.weights] == [w.shape for w in plain.weights]
    # float32 rounding of sums of up to 50 products
    np.testing.assert_allclose(found, two_layers(IMAGES, plain), rtol=0, atol=2e-5)


@both
@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])
def test_derivatives_are_theirs_too(kind, two_layers, compiled):
    """By images, and by the weights of the slope by the images, as R1 asks."""
    layer, plain = pair(kind)

    def slopes(call, weights):
        @tf.function(jit_compile=compiled)
        def compute(images):
            with tf.GradientTape() as outer:
                with tf.GradientTape() as inner:
                    inner.watch(images)
                    total = tf.reduce_sum(tf.square(call(images)))
                slope = inner.gradient(total, images)
                norm = tf.reduce_mean(tf.square(slope))
            return slope, *outer.gradient(norm, [w.value for w in weights])

        return compute(tf.constant(IMAGES))

    found = slopes(layer, layer.weights)
    expected = slopes(lambda images: two_layers(images, plain), plain.weights)
    for ours, theirs in zip(found, expected, strict=True):
        scale = float(np.max(np.abs(theirs)))  # rounding is relative to the largest
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5 * scale)


@both
def test_they_come_back_from_their_config_and_in_bfloat16(kind, two_layers):
    layer, _ = pair(kind)
    again = kind.from_config(layer.get_config())
    again.build(IMAGES.shape)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(IMAGES), layer(IMAGES))
    assert kind(2, dtype="mixed_bfloat16")(IMAGES).dtype == "bfloat16"


def test_bad_input_is_told():
    with pytest.raises(ValueError, match=r"odd kernel_size.*kernel_size=4. Use 3 or 5"):
        layers.UpsampledConv2D(2, 4)
    with pytest.raises(ValueError, match=r"even sides.*\(3, 7, 8, 2\)"):
        layers.MeanPooledConv2D(2)(np.ones((3, 7, 8, 2), "float32"))
