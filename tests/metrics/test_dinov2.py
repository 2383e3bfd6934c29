"""DINOv2: random weights in the published layout, against a transformer in NumPy.

The published weights (1.2 GB) are not to be had here.
"""

import hashlib
import json
import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from scipy.special import erf, softmax

from keras_gan import metrics
from keras_gan.metrics import features
from keras_gan.metrics.features.dinov2 import layout, resized_positions
from keras_gan.metrics.features.safetensors import load

WIDTH, DEPTH, PATCH, GRID, HEAD = 128, 2, 4, 5, 64


def published(seed=0, grid=GRID):
    """Random arrays of the hub's names and shapes, of a small transformer."""
    rng = np.random.default_rng(seed)
    arrays = {}

    def add(name, *shape, scale=0.1, around=0.0):
        numbers = around + scale * rng.normal(size=shape)
        arrays[name] = numbers.astype("float32")

    def linear(name, ins, outs):
        add(f"{name}.weight", outs, ins)
        add(f"{name}.bias", outs)

    def norm(name):
        add(f"{name}.weight", WIDTH, around=1.0)
        add(f"{name}.bias", WIDTH)

    add("embeddings.cls_token", 1, 1, WIDTH)
    add("embeddings.mask_token", 1, WIDTH)
    add("embeddings.position_embeddings", 1, grid * grid + 1, WIDTH, scale=1.0)
    add("embeddings.patch_embeddings.projection.weight", WIDTH, 3, PATCH, PATCH)
    add("embeddings.patch_embeddings.projection.bias", WIDTH)
    for index in range(DEPTH):
        own = f"encoder.layer.{index}"
        norm(f"{own}.norm1")
        for part in ("query", "key", "value"):
            linear(f"{own}.attention.attention.{part}", WIDTH, WIDTH)
        linear(f"{own}.attention.output.dense", WIDTH, WIDTH)
        add(f"{own}.layer_scale1.lambda1", WIDTH, around=0.5)
        norm(f"{own}.norm2")
        linear(f"{own}.mlp.fc1", WIDTH, 4 * WIDTH)
        linear(f"{own}.mlp.fc2", 4 * WIDTH, WIDTH)
        add(f"{own}.layer_scale2.lambda1", WIDTH, around=0.5)
    norm("layernorm")
    return arrays


def write(path, arrays, kind="F32"):
    """A .safetensors file, by the description of the format."""
    header, parts, place = {"__metadata__": {"format": "pt"}}, [], 0
    for name, array in arrays.items():
        data = array.astype({"F32": "<f4", "F16": "<f2"}[kind]).tobytes()
        header[name] = {
            "dtype": kind,
            "shape": list(array.shape),
            "data_offsets": [place, place + len(data)],
        }
        parts.append(data)
        place += len(data)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts))
    return path


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "model.safetensors", published())


def by_hand(arrays, pixels):
    """The class token of (n, side, side, 3) in [0, 255], in float64."""
    arrays = {name: array.astype(np.float64) for name, array in arrays.items()}

    def linear(x, name):
        return x @ arrays[f"{name}.weight"].T + arrays[f"{name}.bias"]

    def norm(x, name):
        centered = x - x.mean(axis=-1, keepdims=True)
        x = centered / np.sqrt(np.square(centered).mean(axis=-1, keepdims=True) + 1e-6)
        return x * arrays[f"{name}.weight"] + arrays[f"{name}.bias"]

    x = pixels / 255
    x = (x - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
    side = x.shape[1] // PATCH
    patches = x.reshape(len(x), side, PATCH, side, PATCH, 3)
    kernel = arrays["embeddings.patch_embeddings.projection.weight"]
    x = np.einsum("nhpwqc,dcpq->nhwd", patches, kernel).reshape(len(x), side**2, WIDTH)
    x = x + arrays["embeddings.patch_embeddings.projection.bias"]
    first = np.repeat(arrays["embeddings.cls_token"], len(x), axis=0)
    x = np.concatenate([first, x], axis=1) + arrays["embeddings.position_embeddings"]
    for index in range(DEPTH):
        own = f"encoder.layer.{index}"
        y = norm(x, f"{own}.norm1")
        query, key, value = (
            linear(y, f"{own}.attention.attention.{part}")
            .reshape(len(x), -1, WIDTH // HEAD, HEAD)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        weights = softmax(query @ key.transpose(0, 1, 3, 2) / math.sqrt(HEAD), axis=-1)
        y = (weights @ value).transpose(0, 2, 1, 3).reshape(x.shape)
        y = linear(y, f"{own}.attention.output.dense")
        x = x + arrays[f"{own}.layer_scale1.lambda1"] * y
        y = linear(norm(x, f"{own}.norm2"), f"{own}.mlp.fc1")
        y = linear(y * (1 + erf(y / math.sqrt(2))) / 2, f"{own}.mlp.fc2")
        x = x + arrays[f"{own}.layer_scale2.lambda1"] * y
    return norm(x, "layernorm")[:, 0]


PIXELS = np.random.default_rng(1).integers(0, 256, (3, 20, 20, 3)).astype("uint8")


def images(pixels=PIXELS):
    return pixels / np.float32(127.5) - 1


def made(file, size=20, **options):
    return features.dinov2(file, size=size, sha256=digest(file)[:8], **options)


def test_the_features_by_hand(file):
    found = made(file).of(images())
    expected = by_hand(published(), PIXELS)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
    assert np.std(expected) > 0.5  # numbers of one: the tolerance is small


def test_images_are_resized_by_pillow(file):
    small = np.random.default_rng(2).integers(0, 256, (2, 12, 9, 3)).astype("uint8")
    resized = [
        Image.fromarray(one).resize((20, 20), Image.Resampling.BICUBIC) for one in small
    ]
    expected = by_hand(published(), np.stack([np.asarray(one) for one in resized]))
    np.testing.assert_allclose(made(file).of(images(small)), expected, atol=0.02)
    clean = made(file, resizer="bicubic").of(images(small))
    assert 0 < abs(clean - expected).max() < 0.2  # bytes are rounded, floats are not


def test_the_size_of_the_published_ones():
    """A block of ViT-L/14, and 24 of them: 1.22 GB of float32, as the hub's file."""
    width = 1024
    model = layout(518, 14, width, 1, 16)
    block = 12 * width**2 + 13 * width  # 4 w^2 + 8 w^2, their biases, two norms
    rest = 1370 * width + width + 3 * 14**2 * width + width + 2 * width
    assert model.count_params() == block + rest
    # The 2 scales of a block are in its weights here; a token for masked patches
    whole = 24 * (block + 2 * width) + rest + width
    assert 4 * whole == pytest.approx(1.22e9, abs=0.005e9)


def test_positions_of_another_grid():
    """Places of a slope: cubic convolution with a is off it by -(2a + 1) t(1-t)(1-2t),
    t the fraction of the place, which is 0 for a = -1/2 and here, -3/4, is not.
    """
    rows, columns = np.mgrid[:37, :37].reshape(2, -1).astype("float32")
    found = resized_positions(np.stack([rows, columns, 0 * rows + 3], axis=1), 16)
    found = found.reshape(16, 16, 3)
    places = (np.arange(16) + 0.5) * 37 / 16.1 - 0.5
    t = places % 1
    places += 0.5 * t * (1 - t) * (1 - 2 * t)
    inside = slice(1, 15)
    np.testing.assert_allclose(found[inside, 4, 0], places[inside], rtol=1e-5)
    np.testing.assert_allclose(found[4, inside, 1], places[inside], rtol=1e-5)
    np.testing.assert_allclose(found[..., 2], 3, rtol=1e-6)


@pytest.mark.parametrize("kind", ["F32", "F16"])
def test_a_file_is_read_as_it_is_written(tmp_path, kind):
    arrays = published()
    found = load(write(tmp_path / "model.safetensors", arrays, kind))
    assert set(found) == set(arrays)
    for name, array in arrays.items():
        np.testing.assert_allclose(
            found[name], array, atol=0 if kind == "F32" else 2e-3
        )


def test_bfloat16_is_the_upper_half_of_a_float32(tmp_path):
    header = {"x": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}
    text = json.dumps(header).encode()
    path = tmp_path / "half.safetensors"
    # 1.5 = 0x3FC00000, -2 = 0xC0000000
    data = len(text).to_bytes(8, "little") + text + b"\xc0\x3f\x00\xc0"
    path.write_bytes(data)
    assert load(path)["x"].tolist() == [1.5, -2.0]


def test_metrics_configs_and_graphs(file):
    extractor = made(file)
    assert extractor.description == (
        f"DINOv2 ViT-128/4 (sha256 {digest(file)[:12]}), bytes of 20x20x3 in [0, 1], "
        "by bicubic of bytes"
    )
    metric = metrics.KernelDistance(features=extractor)
    rows = np.random.default_rng(3).uniform(-1, 1, (2, 18, 8, 8, 3)).astype("float32")
    tf.function(metric.update_state)(*rows)
    expected = metrics.kernel_distance(*map(extractor.of, rows)).value
    assert metric.result() == pytest.approx(expected, rel=1e-3)
    config = keras.saving.serialize_keras_object(extractor)
    revived = keras.saving.deserialize_keras_object(config)
    np.testing.assert_array_equal(revived.of(images()), extractor.of(images()))
    write(file, published(seed=1))  # another file at the place
    config["config"]["arguments"]["sha256"] = None
    absent = keras.saving.deserialize_keras_object(config)
    with pytest.raises(ValueError, match="which is none of 399fba97"):
        absent.of(images())


@pytest.mark.slow
def test_xla(file):
    extractor = made(file)
    found = tf.function(extractor.__call__, jit_compile=True)(images())
    np.testing.assert_allclose(found, extractor.of(images()), atol=1e-3)


def without(name):
    return {key: array for key, array in published().items() if key != name}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda file: features.dinov2(file.parent / "none"),
            "There is no file .*none with DINOv2's weights",
            id="missing",
        ),
        pytest.param(
            lambda file: features.dinov2(file),
            "sha256 [0-9a-f]{64}, which is none of .*dinov2-large.*pass sha256=",
            id="another file",
        ),
        pytest.param(
            lambda file: made(file, size=21),
            "multiple of the patches' side, 4, such as 20 or 24. Received: 21",
            id="size",
        ),
        pytest.param(
            lambda file: made(file, resizer="nearest"),
            "resizer is one of",
            id="resizer",
        ),
        pytest.param(
            lambda file: made(write(file, without("encoder.layer.1.mlp.fc1.weight"))),
            "no array 'encoder.layer.1.mlp.fc1.weight': it is no DINOv2",
            id="another network",
        ),
        pytest.param(
            lambda file: file.write_bytes(b"PK\x03\x04 a pickle") and made(file),
            "is no .safetensors file.*are pickles",
            id="a pickle",
        ),
        pytest.param(
            lambda file: file.write_bytes(file.read_bytes()[:-9]) and made(file),
            "truncated: 'layernorm.bias' does not lie in it",
            id="truncated",
        ),
        pytest.param(
            lambda file: made(file).of(np.zeros((2, 8, 8, 2), "float32")),
            "takes 3 channels. Received images of 2",
            id="channels",
        ),
    ],
)
def test_bad_input(file, make, message):
    with pytest.raises(ValueError, match=message):
        make(file)
