import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from keras_gan.datasets import load
from keras_gan.datasets.arrays import CHUNK_BYTES, ArraySource


def floats(low, high):
    images = np.zeros((6, 4, 4, 1), np.float32)
    images[0, 0, 0, 0], images[-1, 0, 0, 0] = low, high
    return images


def values(source, **options):
    batches = load(source, 1, shuffle=False, **options)
    return np.concatenate([batch.numpy() for batch in batches])


def test_bytes_become_minus_one_to_one():
    pixels = np.array([0, 51, 255], np.uint8).reshape(3, 1, 1)
    # 51 / 127.5 - 1 = -0.6
    np.testing.assert_allclose(values(pixels).ravel(), [-1, -0.6, 1], atol=1e-7)


def test_floats_in_range_pass_unchanged():
    images = floats(-1, 1).astype(np.float64)
    np.testing.assert_array_equal(values(images), images)
    assert values(images[..., 0]).shape == (6, 4, 4, 1)


def test_vectors_pass_whatever_their_range():
    points = np.array([[300.0, -7], [0, 1]])
    np.testing.assert_array_equal(values(points), points)


@pytest.mark.parametrize(
    "images, message",
    [
        (floats(-1, np.nan), r"images\[5, 0, 0, 0\] = nan"),
        (floats(np.inf, 0), r"images\[0, 0, 0, 0\] = inf"),
        (np.zeros((2, 4, 4), complex), "dtype complex128"),
        (np.full((2, 4, 4), "a"), "dtype <U1"),
        (np.array([None, None]), "array of Python objects"),
        (np.zeros(3, np.float32), r"shape \(3,\)"),
        (np.zeros((0, 4, 4), np.uint8), r"shape \(0, 4, 4\)"),
        (np.zeros((2, 2, 4, 4, 1), np.uint8), r"shape \(2, 2, 4, 4, 1\)"),
        (np.zeros((2, 4), np.uint8), "must be floats. Received: uint8"),
        (np.zeros((2, 4), int), "must be floats. Received: int64"),
        (np.array([[0.0, np.nan]]), r"images\[0, 1\] = nan"),
        (np.array([[0.0, 1e300]]), r"float32 can hold.*images\[0, 1\] = 1e\+300"),
    ],
)
def test_refused_arrays(images, message):
    with pytest.raises(ValueError, match=message):
        load(images, 1)


@pytest.mark.parametrize(
    "labels, message",
    [
        (np.arange(5), "each of the 6 images. Received: 5 labels"),
        (np.eye(6), r"float64 of shape \(6, 6\). Pass np.argmax"),
        (np.zeros(6), "float64 of shape"),
        (np.arange(6) - 2, "missing. Received: labels from -2 to 3"),
    ],
)
def test_refused_labels(labels, message):
    with pytest.raises(ValueError, match=message):
        load((floats(-1, 1), labels), 1, labels=True)


def test_labels_of_shape_n_by_1_and_class_names():
    epoch = load((floats(-1, 1), np.array([[0], [2]] * 3)), 6, labels=True)
    assert epoch.num_classes == 3 and epoch.class_names == ["0", "1", "2"]


def test_refused_sources():
    with pytest.raises(ValueError, match="labels=True, but the data have no class"):
        load(floats(-1, 1), 1, labels=True)
    with pytest.raises(ValueError, match="Received: a tuple of 3"):
        load((floats(-1, 1),) * 3, 1)
    with pytest.raises(ValueError, match="Received: int"):
        load(7, 1)
    with pytest.raises(ValueError, match="Arrays have no splits"):
        load(floats(-1, 1), 1, split="test")
    with pytest.raises(ValueError, match="skip_corrupt=True is for a folder"):
        load(floats(-1, 1), 1, skip_corrupt=True)
    with pytest.raises(ValueError, match="'digits' has no splits"):
        load("digits", 1, split="test")
    with pytest.raises(ValueError, match="image_size=.* needs images"):
        load(np.zeros((3, 4)), 1, image_size=4)


def test_images_of_varying_size_in_an_array_are_told_apart():
    images = np.empty(3, object)
    images[:] = [np.zeros((4, 4)), np.zeros((4, 4)), np.zeros((5, 6))]
    message = r"images\[0\] of shape \(4, 4\) and images\[2\] of \(5, 6\). Resize"
    with pytest.raises(ValueError, match=message):
        load(images, 1)


def test_a_list_of_images_is_no_array_of_them():
    one, other = np.zeros((4, 4)), np.zeros((5, 6))
    message = r"a list of {}. If .*such as \(4, 4, 3\) and \(5, 6, 3\): resize them"
    for count in (2, 3):  # and not images with labels
        images = [np.zeros((4, 4, 3))] * (count - 1) + [np.zeros((5, 6, 3))]
        with pytest.raises(ValueError, match=message.format(count)):
            load(images, 1)
    with pytest.raises(ValueError, match=r"If they are images, pass np.stack\(images"):
        load([one] * 5, 1)
    with pytest.raises(ValueError, match=r"such as \(4, 4\) and \(5, 6\)"):
        load([one, one, other], 1)


def test_a_value_in_a_late_chunk_is_found():
    images = np.zeros((CHUNK_BYTES // 256 + 2, 64), np.float32)  # a bit over a chunk
    images[-1, 3] = np.nan
    with pytest.raises(ValueError, match=rf"images\[{len(images) - 1}, 3\] = nan"):
        load(images, 1)


def test_resizing_is_pillows():
    pixels = np.random.default_rng(0).integers(0, 256, (2, 12, 20, 3), np.uint8)
    epoch = load(pixels, 2, image_size=(6, 5), shuffle=False)
    assert epoch.sample_shape == (6, 5, 3)
    # Height 12 to 6 is a factor of 2: the centre 12 x 10 is kept, columns 5 to 15.
    image = Image.fromarray(pixels[0])
    want = image.resize((5, 6), Image.Resampling.LANCZOS, box=(5, 0, 15, 12))
    np.testing.assert_allclose(
        next(iter(epoch))[0], np.asarray(want) / 127.5 - 1, atol=1e-6
    )


def test_resized_floats_stay_in_range():
    step = np.where(np.arange(16) < 8, -1.0, 1.0)  # an edge, where Lanczos overshoots
    images = np.broadcast_to(step, (1, 16, 16))
    resized = values(images, image_size=11)
    assert resized.min() == -1 and resized.max() == 1


@hypothesis.settings(max_examples=20)
@hypothesis.given(st.integers(0, 99), st.integers(0, 3), st.integers(0, 255))
def test_fingerprint_tells_content_from_content(seed, position, value):
    pixels = np.random.default_rng(seed).integers(0, 256, (4, 3, 3), np.uint8)
    same = ArraySource(pixels.copy()).fingerprint
    assert ArraySource(pixels).fingerprint == same and len(same) == 64
    other = pixels.copy()
    other[position, 0, 0] = value
    changed = value != pixels[position, 0, 0]
    assert (ArraySource(other).fingerprint != same) == changed
    assert ArraySource(pixels, np.zeros(4, int)).fingerprint != same
    assert ArraySource(pixels, image_size=(2, 2)).fingerprint != same
