"""The Inception graph of 2015: a stand-in of the same names, computed by hand.

The file itself is not to be had here.
"""

import hashlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.inception_2015 import (
    BETA,
    EPSILON,
    GAMMA,
    KERNEL,
    MEAN,
    VARIANCE,
    WEIGHTS,
    stand_in,
)
from PIL import Image

from keras_gan import metrics
from keras_gan.metrics import features


def by_hand(pixels):
    """The stand-in's features of (n, 299, 299, 3) in [0, 255]."""
    x = (pixels.astype(np.float64) - 128) / 128
    starts = range(0, 291, 29)
    patches = [[x[:, i : i + 9, j : j + 9] for j in starts] for i in starts]
    maps = np.einsum("pqnijc,ijck->npqk", np.array(patches), KERNEL)
    maps = GAMMA * (maps - MEAN) / np.sqrt(VARIANCE + EPSILON) + BETA
    return np.tile(np.maximum(maps, 0).mean(axis=(1, 2)), 2)


def resized_in_2015(pixels):
    """TensorFlow 1's: the corner stays, two neighbours, the last column repeated."""
    pixels = pixels.astype(np.float64)
    for axis in (1, 2):
        old = pixels.shape[axis]
        place = np.arange(299) * old / 299
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, old - 1)
        share = (place - low).reshape((-1, 1, 1) if axis == 1 else (-1, 1))
        lower, upper = np.take(pixels, low, axis), np.take(pixels, high, axis)
        pixels = lower + (upper - lower) * share
    return pixels


def resized_by_pillow(pixels):
    found = np.empty((len(pixels), 299, 299, 3))
    for index, channel in np.ndindex(len(pixels), 3):
        image = Image.fromarray(pixels[index, ..., channel].astype(np.float32))
        image = image.resize((299, 299), Image.Resampling.BICUBIC)
        found[index, ..., channel] = np.asarray(image)
    return found.clip(0, 255)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "classify_image_graph_def.pb"
    path.write_bytes(stand_in().SerializeToString())
    return path


RNG = np.random.default_rng(7)
PIXELS = RNG.integers(0, 256, (3, 12, 16, 3)).astype("uint8")
LARGE = RNG.integers(0, 256, (1, 320, 400, 3)).astype("uint8")


def images(pixels):
    return pixels / np.float32(127.5) - 1


@pytest.mark.parametrize("pixels", [PIXELS, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("resizer", "expected"),
    [("bicubic", resized_by_pillow), ("by the graph", resized_in_2015)],
)
def test_the_features_by_hand(file, resizer, expected, pixels):
    extractor = features.inception_2015(file, resizer=resizer)
    found = extractor.of(images(pixels))
    np.testing.assert_allclose(found, by_hand(expected(pixels)), rtol=1e-4, atol=1e-5)
    assert found.shape == (len(pixels), extractor.dim(pixels.shape[1:]))


def test_the_classes_have_no_bias(file):
    found = features.inception_2015(file, "probabilities").of(images(PIXELS))
    logits = by_hand(resized_by_pillow(PIXELS)) @ WEIGHTS
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


@pytest.mark.filterwarnings("ignore:The covariance of the")
def test_a_score_prints_numbers_hash_and_resizer(file):
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    metric = metrics.FrechetDistance(features.inception_2015(file), name="fid")
    noise = np.random.default_rng(1).uniform(-1, 1, (2, 40, 8, 8, 3))
    metric.update_state(*noise.astype("float32"))
    printed = str(metric.scores(seed=3)["fid"]).replace("\n", " ")
    assert "(40 real, 40 fake, seed 3, features: Inception 2015, features" in printed
    assert f"(sha256 {digest[:12]}), bytes of 299x299x3 in [0, 255]" in printed
    assert printed.endswith("by bicubic)")
    other = features.inception_2015(file, resizer="by the graph").description
    assert other.startswith("Inception 2015, features, resized by the graph (sha256 ")


@pytest.mark.parametrize("resizer", ["bicubic", "by the graph"])
def test_large_batches_and_graphs(file, resizer):
    """70 images in three parts, as a metric in a graph takes them."""
    extractor = features.inception_2015(file, resizer=resizer)
    noise = np.random.default_rng(1).uniform(-1, 1, (70, 8, 8, 3)).astype("float32")
    found = tf.function(extractor.__call__)(noise)
    np.testing.assert_allclose(found, extractor.of(noise, batch_size=9), rtol=1e-4)


@pytest.mark.slow
def test_two_replicas(file, two_replicas):
    extractor = features.inception_2015(file)
    rows = np.random.default_rng(1).uniform(-1, 1, (6, 8, 8, 3)).astype("float32")

    @tf.function
    def halves():
        def half():
            first = 3 * tf.distribute.get_replica_context().replica_id_in_sync_group
            return extractor(tf.gather(tf.constant(rows), first + tf.range(3)))

        return two_replicas.experimental_local_results(two_replicas.run(half))

    np.testing.assert_allclose(np.concatenate(halves()), extractor.of(rows), rtol=1e-4)


def test_xla(file):
    extractor = features.inception_2015(file)
    compiled = tf.function(extractor.__call__, jit_compile=True)
    expected = extractor.of(images(PIXELS))
    np.testing.assert_allclose(compiled(images(PIXELS)), expected, rtol=1e-4)


def test_a_config_names_the_file(file, tmp_path):
    extractor = features.inception_2015(file)
    config = keras.saving.serialize_keras_object(extractor)
    revived = keras.saving.deserialize_keras_object(config)
    assert revived.description == extractor.description
    file.rename(tmp_path / "elsewhere.pb")
    absent = keras.saving.deserialize_keras_object(config)  # the game loads
    assert absent.description == "inception_2015, absent"
    for use in (
        absent.of,
        lambda x: metrics.FrechetDistance(absent).update_state(x, x),
    ):
        with pytest.raises(ValueError, match="There is no file .*compile it with new"):
            use(images(PIXELS))
    config = keras.saving.serialize_keras_object(absent)
    (tmp_path / "elsewhere.pb").rename(file)
    again = keras.saving.deserialize_keras_object(config)
    assert again.description == extractor.description


def changed(file, change):
    graph = stand_in()
    change(graph)
    file.write_bytes(graph.SerializeToString())
    return file


def with_another_operation(graph):
    graph.node.add(op="ReadFile", name="file", input=["DecodeJpeg/contents"])
    next(n for n in graph.node if n.name == "conv").input.append("^file")


def without_pool(graph):
    next(n for n in graph.node if n.name == "pool_3").name = "pool_4"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda file: features.inception_2015(file.parent / "none.pb"),
            r"There is no file .*none.pb with the Inception graph of 2015",
            id="missing",
        ),
        pytest.param(
            lambda file: features.inception_2015(file, sha256="00ff"),
            "has the sha256 [0-9a-f]{64}, expected 00ff: it is another file",
            id="another file",
        ),
        pytest.param(
            lambda file: features.inception_2015(changed(file, with_another_operation)),
            "holds the operation 'ReadFile'",
            id="an operation that reads files",
        ),
        pytest.param(
            lambda file: features.inception_2015(changed(file, without_pool)),
            "has no node 'pool_3'",
            id="another graph",
        ),
        pytest.param(
            lambda file: (
                file.write_bytes(b"PK\x03\x04" * 9) and features.inception_2015(file)
            ),
            "is no frozen graph of TensorFlow",
            id="no graph",
        ),
        pytest.param(
            lambda file: features.inception_2015(file, "logits"),
            "output is one of",
            id="output",
        ),
        pytest.param(
            lambda file: features.inception_2015(file, resizer="bilinear"),
            "resizer is one of .*'by the graph'",
            id="resizer",
        ),
        pytest.param(
            lambda file: metrics.FrechetDistance("inception_2015"),
            r"needs a file.*features.inception_2015\(path\)",
            id="a name alone",
        ),
        pytest.param(
            lambda file: features.inception_2015(file).of(np.ones((3, 4), "float32")),
            "takes images",
            id="vectors",
        ),
    ],
)
def test_bad_input(file, make, message):
    with pytest.raises(ValueError, match=message):
        make(file)
