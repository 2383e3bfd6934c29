"""One rule says which values of images are black and white."""

import warnings

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from keras_gan.datasets import load
from keras_gan.datasets.value_range import parse_value_range, to_bytes, to_unit


def spread(low, high, dtype):
    """Six images, of which the first are all `low`: black."""
    images = np.full((6, 4, 4, 1), low, dtype)
    images[-1, 0, 0, 0] = high
    return images


def extremes(source, value_range=None, **options):
    batches = load(source, 1, value_range=value_range, shuffle=False, **options)
    values = np.concatenate([batch.numpy() for batch in batches])
    return float(values.min()), float(values.max())


@pytest.fixture
def silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize(
    "images",
    [
        spread(False, True, bool),
        spread(0, 255, np.uint8),
        spread(0, 65535, np.uint16),
        spread(0, 65535, ">u2"),
        spread(-1, 1, np.float16),
        spread(-1, 1, np.float64),
    ],
    ids=lambda images: str(images.dtype),
)
def test_a_range_that_dtype_and_values_leave_no_doubt_of(images, silent):
    assert extremes(images) == (-1, 1)


@pytest.mark.parametrize(
    "images, offers",
    [
        (spread(0, 1, np.uint8), [(0, 1), (0, 255)]),  # a mask
        (spread(0, 4095, np.uint16), [(0, 4095), (0, 65535)]),
        (spread(7, 1023, np.uint16), [(0, 1023), (0, 65535)]),
        (spread(0, 200, np.uint16), [(0, 255), (0, 65535)]),
        (spread(0, 1, np.uint16), [(0, 1), (0, 65535)]),
        (spread(0, 255, np.int64), [(0, 255)]),
        (spread(0, 1, np.float32), [(0, 1), (-1, 1)]),
        (spread(0.3, 0.9, np.float32), [(0, 1), (-1, 1)]),
        (spread(-0.05, 1.05, np.float32), [(0, 1), (-1, 1)]),
        (spread(0, 255, np.float32), [(0, 255)]),
    ],
    ids=lambda value: str(value.dtype) if isinstance(value, np.ndarray) else "",
)
def test_a_range_that_is_in_doubt_is_asked_for(images, offers):
    with pytest.raises(ValueError, match="The images hold values from") as raised:
        load(images, 1)
    said = str(raised.value)
    # To a wrong guess it would be spoilt by what it is told to do.
    for advice in ("astype", "* 2 - 1", "127.5"):
        assert advice not in said
    for offer in offers:
        assert f"value_range={offer}" in said
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an overshoot
            low, high = extremes(images, offer)
        black, white = offer
        for got, stored in ((low, images.min()), (high, images.max())):
            want = (float(stored) - black) / (white - black) * 2 - 1
            assert got == pytest.approx(np.clip(want, -1, 1), abs=1e-6)


def test_a_declared_range_wins_over_the_dtype(silent):
    assert extremes(spread(0, 255, np.uint8), (0, 255)) == (-1, 1)
    assert extremes(spread(0, 16, np.uint8), (0, 16)) == (-1, 1)
    assert extremes(spread(-1000, 3000, np.int16), (-1000, 3000)) == (-1, 1)
    assert extremes(spread(0.25, 0.5, np.float32), (-1, 1)) == (0.25, 0.5)


def test_dark_pixels_are_told_and_taken():
    with pytest.warns(UserWarning, match="from 0 to 16 .*almost black") as told:
        assert extremes(spread(0, 16, np.uint8)) == pytest.approx((-1, 16 / 127.5 - 1))
    assert len(told) == 1 and told[0].filename == __file__


def test_less_dark_pixels_are_taken(silent):
    assert extremes(spread(0, 17, np.uint8)) == pytest.approx((-1, 17 / 127.5 - 1))


@pytest.mark.parametrize(
    ("value", "dtype", "declared", "expected"),
    [
        (0, np.uint8, None, -1),  # black in every range
        (255, np.uint8, None, 1),
        (0.5, np.float32, (0, 1), 0),
    ],
)
def test_one_colour_is_told_and_taken(value, dtype, declared, expected):
    with pytest.warns(UserWarning, match="all of them are of one colour") as told:
        assert extremes(spread(value, value, dtype), declared) == (expected, expected)
    assert len(told) == 1 and told[0].filename == __file__


@pytest.mark.parametrize(
    "images, value_range",
    [
        (spread(-1.09, 1.02, np.float32), None),  # 5 % of 2 is 0.1
        (spread(-12.75, 255, np.float64), (0, 255)),
        (spread(0, 4299, np.uint16), (0, 4095)),  # 4095 + 204.75
    ],
)
def test_a_slight_overshoot_is_clipped_with_one_warning(images, value_range):
    with pytest.warns(UserWarning, match="a little beyond.*clipped") as told:
        assert extremes(images, value_range) == (-1, 1)
    assert len(told) == 1 and told[0].filename == __file__


def test_rounding_is_clipped_in_silence(silent):
    assert extremes(spread(-1, 1.0009, np.float32)) == (-1, 1)
    assert extremes(spread(-0.1, 255, np.float32), (0, 255)) == (-1, 1)


@pytest.mark.parametrize(
    "images, value_range, found",
    [
        (spread(-1.11, 1, np.float32), None, r"-1.11 to 1 .*beyond \[-1, 1\]"),
        (spread(-3, 1, np.float32), None, r"-3 to 1 .*beyond \[-1, 1\]"),
        (spread(0, 4300, np.uint16), (0, 4095), r"0 to 4300 .*beyond \[0, 4095\]"),
        (spread(0, 255, np.uint8), (0, 1), r"0 to 255 .*beyond \[0, 1\]"),
        (spread(-13, 255, np.float64), (0, 255), r"-13 to 255 .*beyond \[0, 255\]"),
    ],
)
def test_values_far_beyond_the_range_are_refused(images, value_range, found):
    with pytest.raises(ValueError, match=f"hold values from {found}") as raised:
        load(images, 1, value_range=value_range)
    assert "127.5" not in str(raised.value)


@pytest.mark.parametrize(
    "wrong",
    [
        *(5, "01", (0,), (0, 1, 2), (1, 1), (2, 1), (0, np.nan), (-np.inf, 0)),
        *((0, "1"), (False, True), (0, 10**400), (-1e308, 1e308), (None, 1)),
    ],
)
def test_what_is_no_range(wrong):
    with pytest.raises(ValueError, match="value_range is .low, high., two finite"):
        load(spread(0, 255, np.uint8), 1, value_range=wrong)


def test_ranges_of_json_and_of_numpy():
    assert parse_value_range([0, 4095]) == (0.0, 4095.0)
    assert parse_value_range((np.uint16(1), np.float32(2))) == (1.0, 2.0)
    assert parse_value_range(None) is None


def test_vectors_have_no_black_and_white():
    with pytest.raises(ValueError, match=r"value_range=\(0.0, 1.0\) needs images"):
        load(np.zeros((3, 4)), 1, value_range=(0, 1))


def test_the_range_is_in_the_fingerprint():
    images = spread(0, 200, np.uint8)
    plain = load(images, 1).fingerprint
    assert load(images, 1, value_range=(0, 255)).fingerprint == plain
    assert load(images, 1, value_range=(0, 200)).fingerprint != plain


def test_resized_and_mapped(silent):
    edge = np.where(np.arange(16) < 8, 0, 4095).astype(np.uint16)
    images = np.broadcast_to(edge, (2, 16, 16))
    assert extremes(images, (0, 4095), image_size=11) == (-1, 1)


@hypothesis.given(
    st.integers(-1000, 1000), st.integers(1, 5000), st.floats(0, 1, width=32)
)
def test_the_mapping_is_linear(low, span, share):
    value = low + share * span
    (unit,) = to_unit([value], (low, low + span))
    assert unit == pytest.approx(2 * share - 1, abs=1e-5)
    (byte,) = to_bytes([value], (low, low + span))
    assert byte == pytest.approx(255 * share, abs=0.501)
    ends = to_unit([low, low + span], (low, low + span))
    assert ends.tolist() == [-1, 1] and ends.dtype == np.float32


def save(folder, **images):
    for name, pixels in images.items():
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


def test_masks_in_files(tmp_path):
    black, mask = np.zeros((4, 4), np.uint8), np.eye(4, dtype=np.uint8)
    save(tmp_path, a=black, b=mask)
    with pytest.raises(ValueError, match=r"a.png to b.png.*from 0 to 1 .*\(0, 1\)"):
        load(tmp_path, 1)
    assert extremes(tmp_path, (0, 1)) == (-1, 1)
    assert extremes(tmp_path, (0, 255)) == pytest.approx((-1, 1 / 127.5 - 1))


def test_twelve_bits_in_sixteen_bit_files(tmp_path):
    levels = np.linspace(0, 4095, 16).astype(np.uint16).reshape(4, 4)
    save(tmp_path, a=np.zeros((4, 4), np.uint16), b=levels)
    with pytest.raises(ValueError, match=r"0 to 4095 \(uint16\).*\(0, 4095\) if 4095"):
        load(tmp_path, 1)
    assert extremes(tmp_path, (0, 4095)) == (-1, 1)
    # 4095 / 257 is 15.9, rounded to 16 of 255.
    assert extremes(tmp_path, (0, 65535)) == pytest.approx((-1, 16 / 127.5 - 1))
    with pytest.raises(ValueError, match=r"\(a.png to b.png\).*beyond \[0, 1023\]"):
        load(tmp_path, 1, value_range=(0, 1023))
    save(tmp_path, c=np.full((4, 4), 40_000, np.uint16))
    assert load(tmp_path, 1).num_samples == 3  # now all 16 bits are in use


def test_a_declared_range_is_of_files_of_one_depth(tmp_path):
    save(tmp_path, a=np.full((4, 4), 9, np.uint8), b=np.full((4, 4), 9, np.uint16))
    with pytest.raises(ValueError, match=r"uint8 \(a.png\) and uint16 \(b.png\)"):
        load(tmp_path, 1, value_range=(0, 10))


def test_floats_in_files_need_a_range(tmp_path):
    pixels = np.linspace(-2, 2, 16, dtype=np.float32).reshape(4, 4)
    Image.fromarray(pixels).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match="a.tif .*floats from -2 to 2.*value_range="):
        load(tmp_path, 1)
    assert extremes(tmp_path, (-2, 2)) == (-1, 1)


def test_whole_numbers_of_32_bits_in_files_need_a_range(tmp_path):
    for name, most in (("a", 300), ("b", 70_000)):  # of which "a" would go into 16
        pixels = np.array([[0, most]], np.int32)
        Image.fromarray(pixels).save(tmp_path / f"{name}.tif")
    with pytest.raises(ValueError, match="b.tif .*integers from 0 to 70000.*value_ran"):
        load(tmp_path, 1)
    assert extremes(tmp_path, (0, 70_000)) == (-1, 1)


def test_transparency_shows_white_in_any_range(tmp_path):
    pixels = np.zeros((1, 3, 2), np.uint8)
    pixels[0, :, 0], pixels[0, :, 1] = (0, 1, 0), (255, 255, 0)
    Image.fromarray(pixels, "LA").save(tmp_path / "a.png")
    (image,) = load(tmp_path, 1, value_range=(0, 1))
    assert image.numpy().ravel().tolist() == [-1, 1, 1]


def test_a_range_is_in_the_fingerprint_of_a_folder(tmp_path):
    save(tmp_path, a=np.full((4, 4), 90, np.uint8))
    plain = load(tmp_path, 1).fingerprint
    assert load(tmp_path, 1, value_range=(0, 99)).fingerprint != plain
