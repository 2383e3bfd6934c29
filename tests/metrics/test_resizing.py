"""Resizers, held to Pillow's and TensorFlow's."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gan.metrics.features.resizing import RESIZERS, resize

PIXELS = np.random.default_rng(0).integers(0, 256, (2, 13, 9, 3)).astype("uint8")
SIZES = pytest.mark.parametrize(
    "size", [(5, 4), (13, 20), (29, 31)], ids=["smaller", "one side", "larger"]
)


def by_pillow(convert, height, width):
    """Pillow's bicubic of each channel of each image, after `convert`."""
    found = np.empty((2, height, width, 3), np.float32)
    for index in range(2):
        for channel in range(3):
            image = Image.fromarray(convert(PIXELS[index, ..., channel]))
            resized = image.resize((width, height), Image.Resampling.BICUBIC)
            found[index, ..., channel] = np.asarray(resized)
    return found


@SIZES
def test_bicubic_is_pillows_of_floats(size):
    expected = by_pillow(np.float32, *size).clip(0, 255)
    found = resize(tf.constant(PIXELS), *size, "bicubic")
    np.testing.assert_allclose(found, expected, atol=1e-3)  # of 255
    assert found.numpy().max() <= 255 < by_pillow(np.float32, 29, 31).max()


@SIZES
def test_bicubic_of_bytes_is_pillows(size):
    """Pillow's weights have 22 bits there: a near tie may fall the other way."""
    expected = by_pillow(np.uint8, *size)
    found = resize(tf.constant(PIXELS), *size, "bicubic of bytes").numpy()
    assert (found != expected).mean() < 0.01 and abs(found - expected).max() <= 1
    if size[0] != PIXELS.shape[1]:  # rounded twice, so that it is another one
        floats = resize(tf.constant(PIXELS), *size, "bicubic").numpy()
        assert (np.rint(floats) != expected).mean() > 0.01


@SIZES
def test_bilinear_is_tensorflows(size):
    expected = tf.image.resize(PIXELS, size, antialias=True)
    found = resize(tf.constant(PIXELS), *size, "bilinear")
    np.testing.assert_allclose(found, expected, atol=1e-3)


@pytest.mark.parametrize("resizer", RESIZERS)
def test_images_of_the_size_stay_and_xla_agrees(resizer):
    np.testing.assert_array_equal(resize(tf.constant(PIXELS), 13, 9, resizer), PIXELS)
    compiled = tf.function(lambda x: resize(x, 20, 20, resizer), jit_compile=True)
    expected = resize(tf.constant(PIXELS), 20, 20, resizer)
    np.testing.assert_allclose(compiled(PIXELS), expected, atol=1.001e-3)
