import io

import numpy as np
import pytest
from PIL import Image

from keras_gan.datasets.images import (
    decode,
    examine,
    extensions,
    fit,
    parse_image_size,
)


def encoded(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_exif_orientation_turns_the_image_upright():
    pixels = np.zeros((8, 16, 3), np.uint8)
    pixels[:, 8:] = 255  # right half white
    exif = Image.Exif()
    exif[0x0112] = 6  # "rotate by 90 degrees clockwise to view"
    data = encoded(Image.fromarray(pixels), "JPEG", exif=exif, quality=95)
    upright = np.asarray(decode(data)).astype(int)
    assert upright.shape == (16, 8, 3)
    # Clockwise, what was right is below.
    assert upright[:7].max() < 20 and upright[9:].min() > 235


def test_palette_becomes_rgb():
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[0, 0] = (255, 0, 0)
    image = Image.fromarray(pixels).convert("P")
    decoded = decode(encoded(image))
    assert decoded.mode == "RGB" and decoded.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled(kind):
    pixels = np.array([[0, 257, 32768, 65535]], np.uint16)
    decoded = decode(encoded(Image.fromarray(pixels), kind))
    assert decoded.mode == "L"
    # 32768 / 257 = 127.502
    assert np.asarray(decoded).tolist() == [[0, 1, 128, 255]]


def test_thirty_two_bit_integers_and_floats_are_refused():
    wide = Image.fromarray(np.array([[0, 70000]], np.int32))
    with pytest.raises(ValueError, match="integers from 0 to 70000"):
        decode(encoded(wide, "TIFF"))
    with pytest.raises(ValueError, match="holds floats"):
        decode(encoded(Image.fromarray(np.zeros((2, 2), np.float32)), "TIFF"))


def test_transparency_shows_white():
    pixels = np.zeros((1, 3, 4), np.uint8)
    pixels[0, :, 3] = (0, 255, 51)  # through, opaque, a fifth opaque
    decoded = np.asarray(decode(encoded(Image.fromarray(pixels))))
    assert decoded[0, :, 0].tolist() == [255, 0, 204]  # 255 * (1 - 51 / 255) = 204
    grey = decode(encoded(Image.fromarray(pixels[..., 2:].copy(), "LA")))
    assert grey.mode == "L" and np.asarray(grey).tolist() == [[255, 0, 204]]


def test_other_modes():
    assert decode(encoded(Image.new("1", (3, 2), 1))).getextrema() == (255, 255)
    cmyk = encoded(Image.new("CMYK", (8, 8), (0, 0, 0, 0)), "JPEG")
    assert decode(cmyk).mode == "RGB"
    frames = [Image.new("L", (4, 4), level) for level in (10, 200)]
    gif = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(gif).getpixel((0, 0)) in (10, (10, 10, 10))  # the first frame
    for kind in ("BMP", "WEBP", "TIFF", "MPO"):
        assert decode(encoded(Image.new("RGB", (4, 4), "red"), kind)).mode == "RGB"


def test_broken_bytes():
    noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    for kind in ("PNG", "JPEG"):
        data = encoded(Image.fromarray(noise), kind)
        with pytest.raises(ValueError):
            decode(data[: len(data) // 2])
    with pytest.raises(ValueError, match="it is no image of a kind that Pillow reads"):
        decode(b"<html>")


def test_formats_that_start_other_programs_are_not_opened():
    postscript = encoded(Image.new("RGB", (4, 4)), "EPS")
    with pytest.raises(ValueError, match="it is no image"):
        decode(postscript)
    assert not {".eps", ".ps", ".pdf", ".wmf", ".h5", ".mpg"} & extensions()


@pytest.mark.parametrize("kind", ["PPM", "JPEG2000", "AVIF", "TGA", "ICO", "PCX"])
def test_what_else_pillow_reads(kind):
    from PIL import features

    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("This Pillow is built without AVIF")
    image = decode(encoded(Image.new("RGB", (32, 32), "red"), kind))
    assert image.mode == "RGB" and image.size == (32, 32)
    assert image.getpixel((5, 5))[0] > 250 > 5 > image.getpixel((5, 5))[1]


def test_examine_says_what_decode_gives():
    pixels = np.random.default_rng(0).integers(0, 256, (6, 9, 4), np.uint8)
    wide = np.array([[3, 70000]], np.int32)
    images = [Image.fromarray(pixels), Image.fromarray(pixels[..., :3].copy())]
    images += [Image.fromarray(pixels[..., 0].copy()), Image.new("1", (9, 6), 1)]
    images += [images[1].convert("P"), Image.fromarray(pixels[..., :2].copy(), "LA")]
    images += [Image.fromarray(np.full((6, 9), 4095, np.uint16))]
    for image in images:
        data = encoded(image)
        for size in (None, (4, 5)):
            decoded = decode(data, size)
            seen, levels = examine(data, size)
            assert (seen.mode, seen.tobytes()) == (decoded.mode, decoded.tobytes())
    assert levels == (np.uint16, 4095, 4095)
    assert examine(encoded(images[2]))[1] == (
        np.uint8,
        pixels[..., 0].min(),
        pixels[..., 0].max(),
    )
    data = encoded(Image.fromarray(wide), "TIFF")
    assert examine(data, None, (0, 70000))[1] == (np.int32, 3, 70000)


@pytest.mark.parametrize("limit, message", [(300, "more than PIL"), (100, "exceeds")])
def test_decompression_bombs_are_refused(monkeypatch, limit, message):
    data = encoded(Image.new("L", (20, 20)))  # 400 pixels
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    with pytest.warns() if limit == 300 else pytest.raises(ValueError, match=message):
        with pytest.raises(ValueError, match=message):
            decode(data)
        if limit == 100:
            decode(data)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 400)
    assert decode(data).size == (20, 20)


def test_fit_crops_the_centre():
    pixels = np.zeros((4, 12), np.uint8)
    pixels[:, 4:8] = 255
    square = fit(Image.fromarray(pixels), (4, 4))
    assert np.asarray(square).tolist() == [[255] * 4] * 4
    assert fit(square, (4, 4)) is square
    assert fit(Image.fromarray(pixels), (2, 6)).size == (6, 2)


def test_reduced_jpeg_decoding_stays_close_to_the_full_one():
    y, x = np.mgrid[:256, :256]
    pixels = np.stack([x, y, (x + y) // 2], -1).astype(np.uint8)
    data = encoded(Image.fromarray(pixels), "JPEG", quality=95)
    full = np.asarray(fit(decode(data), (16, 16))).astype(int)
    assert np.abs(np.asarray(decode(data, (16, 16))) - full).max() <= 4


def test_parse_image_size():
    assert parse_image_size(None) is None
    assert parse_image_size(8) == (8, 8) and parse_image_size([4, 6]) == (4, 6)
    for bad in (0, 2.5, (4,), (4, 4, 3), (4, -1), "8", True):
        with pytest.raises(ValueError, match="image_size"):
            parse_image_size(bad)
