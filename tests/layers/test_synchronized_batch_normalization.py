"""On one device it is the plain layer; on several: tests/training/test_replicas."""

import numpy as np

from keras_gan import layers


def test_one_device_has_the_bits_of_the_plain_layer():
    images = np.random.default_rng(0).normal(3, 2, (5, 4, 4, 3)).astype("float32")
    options = {"momentum": 0.8, "epsilon": 1e-4}
    own = layers.SynchronizedBatchNormalization(**options)
    plain = layers.FastBatchNormalization(**options)
    for training in (True, False):
        a, b = own(images, training=training), plain(images, training=training)
        np.testing.assert_array_equal(a, b)
    for a, b in zip(own.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_config_has_no_setting_that_means_nothing():
    assert "synchronized" not in layers.SynchronizedBatchNormalization().get_config()
