"""Extractors: what a network is given, and by which hash it is known."""

import hashlib
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.trajectory import game

from keras_gan import metrics
from keras_gan.core.randomness import seed_of
from keras_gan.metrics import features
from keras_gan.pixels import to_uint8


def images(rows=11, side=8, channels=1, seed=0):
    shape = (rows, side, side, channels)
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype("float32")


def plain(shape):
    """A model that returns what it is given."""
    return keras.Sequential([keras.Input(shape), keras.layers.Flatten()], name="plain")


def dense(shape=(8, 8, 1)):
    flatten, last = keras.layers.Flatten(), keras.layers.Dense(3)
    return keras.Sequential([keras.Input(shape), flatten, last], name="dense")


@pytest.mark.parametrize(
    "pixel_range", [(0, 1), (-1, 1), (0, 255)], ids=["0 to 1", "-1 to 1", "bytes"]
)
def test_pixels_are_bytes_in_the_declared_range(pixel_range):
    low, high = pixel_range
    found = features.Network(plain((8, 8, 1)), pixel_range).of(images())
    steps = (found - low) / (high - low) * 255
    expected = to_uint8(images()).reshape(11, -1)
    np.testing.assert_allclose(steps, expected, atol=1e-3)  # of 255, in float32
    assert found.min() >= low and found.max() <= high


def test_what_no_byte_holds_is_not_seen():
    extractor = features.Pixels()
    rounded = to_uint8(images()) / np.float32(127.5) - 1
    np.testing.assert_array_equal(extractor.of(images()), extractor.of(rounded))


def test_sizes_and_channels_are_those_of_the_model():
    extractor = features.Network(plain((4, 4, 3)), pixel_range=(0, 255))
    found = extractor.of(np.full((2, 8, 8, 1), -1.0, "float32")).reshape(2, 4, 4, 3)
    np.testing.assert_array_equal(found, 0)
    found = extractor.of(images()).reshape(11, 4, 4, 3)
    np.testing.assert_array_equal(found[..., 0], found[..., 2])
    # Smoothed where it shrinks: the mean stays, which taking every other pixel loses
    expected = to_uint8(images()).mean()
    assert found.mean() == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    "size", [(3, 3), (8, 5), (13, 16)], ids=["smaller", "one side", "larger"]
)
def test_images_are_resized_as_by_tensorflow(size):
    extractor = features.Network(plain((*size, 3)), pixel_range=(0, 255))
    found = extractor.of(images(channels=3)).reshape(11, *size, 3)
    expected = tf.image.resize(to_uint8(images(channels=3)), size, antialias=True)
    np.testing.assert_allclose(found, expected, atol=1e-3)  # of 255


def test_an_enlarged_image_is_bilinear():
    extractor = features.Network(plain((1, 3, 1)), pixel_range=(0, 255))
    dark_to_light = np.array([-1.0, 1.0], "float32").reshape(1, 1, 2, 1)
    assert extractor.of(dark_to_light)[0].tolist() == pytest.approx([0, 127.5, 255])


@pytest.mark.parametrize("batch_size", [1, 4, 100], ids=["1", "4", "all"])
def test_batches_do_not_matter(batch_size):
    extractor = features.Network(dense(), pixel_range=(0, 1))
    expected = extractor.of(images(), batch_size=11)
    found = extractor.of(images(), batch_size=batch_size)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_inference_mode():
    model = keras.Sequential([plain((8, 8, 1)), keras.layers.Dropout(0.5)])
    model.build((None, 8, 8, 1))
    extractor = features.Network(model, pixel_range=(0, 1))
    pixels = features.Pixels().of(images())
    np.testing.assert_allclose(extractor.of(images()), pixels, atol=1e-7)


def test_vectors_pass_as_they_are():
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3)])
    rows = np.random.default_rng(0).normal(size=(6, 5)).astype("float32")
    extractor = features.Network(model, pixel_range=None)
    np.testing.assert_allclose(extractor.of(rows), model(rows), atol=1e-6)


def test_the_hash_is_that_of_the_weights():
    model = dense()
    digest = hashlib.sha256()
    for weight in model.get_weights():
        digest.update(f"<f4{weight.shape}".encode() + weight.tobytes())
    expected = digest.hexdigest()
    extractor = features.Network(model, pixel_range=(0, 1))
    assert extractor.description == (
        f"dense (sha256 {expected[:12]}), bytes of 8x8x1 in [0, 1]"
    )
    features.Network(model, (0, 1), sha256=expected[:8]).of(images())
    weights = model.get_weights()
    weights[1][0] = np.nextafter(weights[1][0], np.float32(1))
    model.set_weights(weights)
    assert expected[:12] not in extractor.description
    with pytest.raises(ValueError, match=f"expected {expected[:8]}"):
        features.Network(model, (0, 1), sha256=expected[:8]).of(images())


def test_a_revived_extractor_asks_for_its_weights(tmp_path):
    extractor = features.Network(dense(), pixel_range=(0, 1))
    extractor.model.save_weights(tmp_path / "extractor.weights.h5")
    revived = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(extractor)
    )
    with pytest.raises(ValueError, match="A config holds no weights"):
        revived.of(images())
    revived.model.load_weights(tmp_path / "extractor.weights.h5")
    np.testing.assert_array_equal(revived.of(images()), extractor.of(images()))


def test_metrics_look_through_it():
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)])
    extractor = features.Network(model, pixel_range=None, name="extractor")
    real = np.random.default_rng(0).normal(size=(20, 6)).astype("float32")
    compiled = [
        metrics.FrechetDistance(extractor),
        metrics.PrecisionRecall(features=extractor),
    ]
    gan = game(metrics=compiled)
    found = gan.evaluate(real, batch_size=20, return_dict=True, verbose=0)
    fake = gan.draw(gan.prior(20, seed_of(gan.seed, "evaluate", 0)), None)
    expected = metrics.frechet_distance(extractor.of(real), extractor.of(fake))
    assert found["frechet_distance"] == pytest.approx(expected, rel=1e-4)
    printed = str(compiled[0].scores(seed=0)["frechet_distance"])
    assert "features: extractor (sha256 " in printed and "20 real, 20 fake" in printed


def test_it_runs_under_xla():
    metric = metrics.FrechetDistance(features.Network(dense(), pixel_range=(0, 1)))
    metric.build((16, 16, 1))
    tf.function(metric.update_state, jit_compile=True)(
        images(side=16), images(side=16, seed=1)
    )
    expected = metrics.frechet_distance(
        *(metric.features.of(images(side=16, seed=seed)) for seed in (0, 1))
    )
    assert metric.result() == pytest.approx(expected, rel=1e-4)


@pytest.mark.slow
def test_keras_inception_v3():
    extractor = features.inception_v3(weights=None)
    assert extractor.of(images(2, side=32)).shape == (2, 2048)
    assert extractor.description.startswith("Keras InceptionV3 (sha256 ")
    assert extractor.description.endswith("bytes of 299x299x3 in [-1, 1]")
    assert "model" in extractor.get_config()  # to load a game downloads nothing


def test_nothing_heavy_is_imported():
    command = "import sys, keras_gan; print([m for m in ('scipy', 'sklearn', 'torch', "
    command += "'matplotlib') if m in sys.modules and m not in before])"
    command = "import sys, keras; before = set(sys.modules); " + command
    run = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True
    )
    assert run.stdout == "[]\n", run.stderr[-500:]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: features.Network(keras.Sequential([keras.layers.Dense(1)]), (0, 1)),
            "a built keras.Model",
            id="not built",
        ),
        pytest.param(
            lambda: features.Network("inception", (0, 1)), "keras.Model", id="no model"
        ),
        pytest.param(
            lambda: features.Network(dense(), (1, 0)), "low < high", id="range"
        ),
        pytest.param(
            lambda: features.Network(dense(), (0, 1)).of(np.ones((3, 4), "float32")),
            "takes images",
            id="vectors",
        ),
        pytest.param(
            lambda: features.Network(dense(), (0, 1)).of(images(channels=3)),
            "takes 1 channels. Received images of 3",
            id="channels",
        ),
        pytest.param(
            lambda: features.Pixels().of(images(0)), "Received: 0 rows", id="none"
        ),
        pytest.param(
            lambda: features.Pixels().of(images(), batch_size=0),
            "batch_size is an integer",
            id="batch size",
        ),
        pytest.param(
            lambda: metrics.FrechetDistance(features=dense()),
            "features is None",
            id="a bare model",
        ),
    ],
)
def test_what_is_no_extractor(make, message):
    with pytest.raises(ValueError, match=message):
        make()
