"""Learned maps: each channel's map times its number."""

import numpy as np
import pytest

from keras_gan import layers


def test_each_map_times_its_number():
    layer = layers.LearnedMaps(2, 3)
    vectors = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    found = layer(vectors)
    maps = layer.maps.numpy()
    assert maps.shape == (2, 3, 4)
    np.testing.assert_allclose(found, np.einsum("hwc,nc->nhwc", maps, vectors), 1e-6)


def test_maps_start_from_a_standard_normal():
    layer = layers.LearnedMaps(16, 16)
    layer.build((None, 64))
    maps = layer.maps.numpy()  # 4 standard errors
    assert abs(maps.mean()) < 4 / np.sqrt(maps.size)
    assert abs(maps.std() - 1) < 4 / np.sqrt(2 * maps.size)


def test_images_are_no_vectors():
    with pytest.raises(ValueError, match="vectors.*Flatten"):
        layers.LearnedMaps(4, 4)(np.ones((2, 3, 3, 1), "float32"))
