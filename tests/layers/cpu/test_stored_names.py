"""Fast layers have names of their own, and weights where Keras' layers have them."""

import h5py
import keras
import numpy as np
import pytest

from keras_gan import layers
from keras_gan.saving import objects

PAIRS = {
    "conv2d": (layers.FastConv2D, keras.layers.Conv2D, (3, 2)),
    "conv2d_transpose": (
        layers.FastConv2DTranspose,
        keras.layers.Conv2DTranspose,
        (3, 2),
    ),
    "batch_normalization": (
        layers.FastBatchNormalization,
        keras.layers.BatchNormalization,
        (),
    ),
}


def network(kind, arguments):
    return keras.Sequential([keras.Input((6, 6, 3)), kind(*arguments)])


@pytest.mark.parametrize("name", PAIRS)
def test_each_reads_the_weights_of_the_other(tmp_path, name):
    fast, plain, arguments = PAIRS[name]
    images = np.random.default_rng(0).normal(size=(2, 6, 6, 3)).astype("float32")
    for one, other in ((fast, plain), (plain, fast)):
        path = tmp_path / f"{one.__module__}.weights.h5"
        network(one, arguments).save_weights(path)
        with h5py.File(path) as file:
            assert name in file["layers"]
        loaded, saved = network(other, arguments), network(one, arguments)
        loaded.load_weights(path)
        saved.load_weights(path)
        # float32 sums of 27 terms in two orders
        np.testing.assert_allclose(loaded(images), saved(images), atol=1e-5)


@pytest.mark.parametrize("name", PAIRS)
def test_a_config_names_the_fast_one(name):
    fast, _, arguments = PAIRS[name]
    written = keras.saving.serialize_keras_object(fast(*arguments))
    assert written["registered_name"] == f"keras_gan>{fast.__qualname__}"
    assert fast.__qualname__.startswith("Fast")
    whole = objects.whole(written)
    assert whole["class_name"] == f"keras_gan>{fast.__qualname__}"
    assert type(keras.saving.deserialize_keras_object(whole)) is fast
