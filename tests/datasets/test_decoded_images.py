"""Decoded folders are kept: the same data to the bit, and never those of old files."""

import concurrent.futures
import errno
import os
import shutil
import warnings

import numpy as np
import pytest
from PIL import Image

from keras_gan.datasets import decoded_images, image_files, load
from keras_gan.datasets import folder as folder_module

SIZE = (8, 6)


def save(path, value, mode="RGB", size=SIZE):
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(value).integers(0, 256, (*size[::-1], 3), np.uint8)
    Image.fromarray(noise).convert(mode).save(path)
    return path


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache of its own, for which no folder is too small."""
    monkeypatch.setenv("KERAS_GAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(decoded_images, "LEAST_FILES", 1)
    return tmp_path / "cache" / "decoded"


@pytest.fixture
def classes(tmp_path):
    """Grey before colours, by their names: the first ones are widened."""
    for i, name in enumerate(["ant", "bee", "cat"]):
        for j in range(4):
            mode = "RGB" if name == "cat" else "L"
            save(tmp_path / "photos" / name / f"{j}.png", 10 * i + j, mode)
    return tmp_path / "photos"


@pytest.fixture
def never_decoded(monkeypatch):
    """A function from when on decoding an image is an error."""

    def refuse(*arguments):
        raise AssertionError("An image was decoded.")

    def forbid():
        monkeypatch.setattr(folder_module, "decode", refuse)
        monkeypatch.setattr(folder_module, "examine", refuse)

    return forbid


def contents(folder, **options):
    """All that a data set says and holds, in an order of its own."""
    epoch = load(folder, 2, drop_remainder=False, seed=3, **options)
    parts = [np.concatenate(part) for part in zip(*_pairs(epoch), strict=True)]
    told = (epoch.fingerprint, epoch.class_names, epoch.skipped, epoch.sample_shape)
    return [part.tobytes() for part in parts], told


def _pairs(epoch):
    for element in epoch:
        yield element if isinstance(element, tuple) else (element,)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"labels": True},
        {"image_size": (5, 4)},
        {"value_range": (0, 255)},
        {"channels": 1},
        {"channels": 3},
        {"channels": 4, "labels": True},
    ],
    ids=str,
)
def test_the_same_to_the_bit(classes, cache, never_decoded, options):
    plain = contents(classes, cache=False, **options)
    assert not cache.exists()
    first = contents(classes, **options)
    never_decoded()
    assert contents(classes, **options) == first == plain
    assert len(list(cache.iterdir())) == 1


def test_colours_before_grey_are_the_same_too(tmp_path):
    for number, mode in enumerate(["RGB", "L", "1", "LA", "RGBA", "P"]):
        save(tmp_path / "photos" / f"{number}.png", number, mode)
    plain = contents(tmp_path / "photos", cache=False)
    assert contents(tmp_path / "photos") == contents(tmp_path / "photos") == plain


def test_labels_are_not_of_the_pixels(classes, cache, never_decoded):
    plain = contents(classes, labels=True, cache=False)
    contents(classes)
    never_decoded()
    assert contents(classes, labels=True) == plain
    assert len(list(cache.iterdir())) == 1


def test_other_arguments_are_other_pixels(classes, cache):
    for options in ({}, {"image_size": 4}, {"image_size": 5}, {"channels": 3}):
        contents(classes, **options)
    assert len(list(cache.iterdir())) == 4


def rewritten(folder):
    save(folder / "ant" / "0.png", 99, "L")


def replaced(folder):
    """Another file of the same size and time, moved to its place."""
    path = folder / "cat" / "0.png"
    before = path.stat()
    other = path.read_bytes()[:-20] + bytes(20)
    (folder.parent / "other").write_bytes(other)
    os.utime(folder.parent / "other", ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(folder.parent / "other", path)
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def added(folder):
    save(folder / "bee" / "9.png", 77)


def removed(folder):
    (folder / "bee" / "1.png").unlink()


def renamed(folder):
    (folder / "bee" / "1.png").rename(folder / "bee" / "a.png")


def exchanged(folder):
    (folder / "bee" / "1.png").rename(folder / "x")
    (folder / "bee" / "2.png").rename(folder / "bee" / "1.png")
    (folder / "x").rename(folder / "bee" / "2.png")


@pytest.mark.parametrize("change", [rewritten, added, removed, renamed, exchanged])
def test_a_change_is_seen(classes, cache, change):
    before = contents(classes)
    change(classes)
    changed = contents(classes)
    assert changed == contents(classes, cache=False) and changed[1] != before[1]
    assert len(list(cache.iterdir())) == 1  # what was kept before is gone


def test_a_file_that_is_replaced_with_its_time_is_seen(classes):
    contents(classes)
    replaced(classes)
    with pytest.raises(ValueError, match="cat/0.png cannot be decoded"):
        contents(classes)


def test_another_folder_of_the_same_name_is_another(classes, tmp_path):
    contents(classes)
    shutil.move(classes, tmp_path / "old")
    save(classes / "ant" / "0.png", 5)
    assert contents(classes) == contents(classes, cache=False)


@pytest.mark.parametrize("kept", ["pixels", "files.json"])
@pytest.mark.parametrize(
    "damage",
    [lambda b: b[:-1], lambda b: b"", lambda b: b + b"\0"],
    ids=["cut", "empty", "longer"],
)
def test_what_is_not_whole_is_made_anew(classes, cache, kept, damage):
    plain = contents(classes)
    (entry,) = cache.iterdir()
    whole = (entry / kept).read_bytes()
    (entry / kept).write_bytes(damage(whole))
    assert contents(classes) == plain
    assert (entry / kept).read_bytes() == whole


def test_a_flipped_bit_of_what_is_said_is_seen(classes, cache):
    plain = contents(classes)
    (entry,) = cache.iterdir()
    whole = (entry / "files.json").read_bytes()
    (entry / "files.json").write_bytes(whole.replace(b"cat/1", b"cat/7"))
    assert contents(classes) == plain


def test_a_flipped_bit_of_a_pixel_is_seen(classes, cache):
    plain = contents(classes)
    (entry,) = cache.iterdir()
    whole = bytearray((entry / "pixels").read_bytes())
    whole[-3] ^= 4
    (entry / "pixels").write_bytes(whole)
    with pytest.warns(UserWarning, match="photos that were kept are damaged"):
        assert contents(classes) == plain
    with warnings.catch_warnings():  # made anew
        warnings.simplefilter("error")
        assert contents(classes) == contents(classes) == plain


def test_what_was_left_out_is_said_again(classes, never_decoded):
    (classes / "bee" / "1.png").write_text("<html>")
    said = "Left out 1 of the 12 .*: bee/1.png. The first, bee/1.png: it is no image"
    with pytest.warns(UserWarning, match=said):
        first = contents(classes, skip_corrupt=True)
    never_decoded()
    with pytest.warns(UserWarning, match=said):
        assert contents(classes, skip_corrupt=True) == first
    with pytest.raises(ValueError, match=r"bee/1.png cannot be .*: it is no image.*sk"):
        contents(classes)


def test_what_the_disk_could_not_read_is_tried_again(classes, cache, monkeypatch):
    def fail(self, name):
        if name == "ant/0.png":
            raise OSError(errno.EIO, "Input/output error")
        return (self.root / name).read_bytes()

    with monkeypatch.context() as failing:
        failing.setattr(image_files.ImageFiles, "read", fail)
        with pytest.warns(UserWarning, match="ant/0.png: .*Input/output error"):
            assert len(contents(classes, skip_corrupt=True)[1][2]) == 1
    assert contents(classes, skip_corrupt=True)[1][2] == ()


def test_what_is_said_of_values_is_said_again(tmp_path):
    dark = Image.fromarray(np.arange(12, dtype=np.uint8).reshape(3, 4))
    (tmp_path / "photos").mkdir()
    dark.save(tmp_path / "photos" / "0.png")
    for _ in range(2):
        with pytest.warns(UserWarning, match="0 to 11 .uint8., which are almost black"):
            contents(tmp_path / "photos")


def test_sixteen_bits_are_kept_as_they_are_read(tmp_path, never_decoded):
    deep = np.linspace(0, 65535, 12).astype(np.uint16).reshape(3, 4)
    (tmp_path / "photos").mkdir()
    Image.fromarray(deep).save(tmp_path / "photos" / "0.png")
    plain = contents(tmp_path / "photos", cache=False)
    contents(tmp_path / "photos")
    never_decoded()
    assert contents(tmp_path / "photos") == plain


def test_a_file_that_changes_meanwhile_is_not_kept(classes, cache, monkeypatch):
    plain = folder_module.examine
    last = (classes / "cat" / "3.png").read_bytes()

    def changing(data, *arguments):
        if data == last:
            save(classes / "ant" / "0.png", 55, "L")
        return plain(data, *arguments)

    monkeypatch.setattr(folder_module, "examine", changing)
    contents(classes)
    assert not list(cache.iterdir())


# Room ---------------------------------------------------------------------------------


@pytest.fixture
def silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_a_small_folder_is_not_kept(classes, cache, monkeypatch, silent):
    monkeypatch.setattr(decoded_images, "LEAST_FILES", 13)
    contents(classes)
    assert not cache.exists()
    monkeypatch.setattr(decoded_images, "LEAST_BYTES", 100)
    contents(classes)
    assert len(list(cache.iterdir())) == 1


BYTES = 12 * 8 * 6 * 3  # of the pixels of `classes`


def test_more_than_the_limit_is_not_kept(classes, cache, monkeypatch):
    plain = contents(classes, cache=False)
    monkeypatch.setenv("KERAS_GAN_CACHE_LIMIT", str((BYTES - 1) / 1e9))
    said = "photos are not kept.*take 2.11 KB.*LIMIT allows 1.73 KB.*cache=False"
    with pytest.warns(UserWarning, match=said) as told:
        assert contents(classes) == plain
    assert len(told) == 1 and told[0].filename == __file__
    assert not list(cache.iterdir())
    # While grey is made RGB, both are there: 8 grey images beside 12 of colour.
    monkeypatch.setenv("KERAS_GAN_CACHE_LIMIT", str(2 * BYTES / 1e9))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert contents(classes) == plain
    assert len(list(cache.iterdir())) == 1


def test_what_was_used_last_stays(tmp_path, cache, monkeypatch, silent):
    folders = [tmp_path / name for name in "abcd"]
    for folder in folders:
        save(folder / "0.png", 3, size=(100, 100))
    for age, folder in enumerate(folders[:3]):
        contents(folder)
        (entry,) = cache.glob(f"{folder.name}-*")
        os.utime(entry / "files.json", (1000 + age, 1000 + age))
    contents(folders[0])  # used once more, and so the newest
    # Three of them, each 30 000 bytes and what is said.
    monkeypatch.setenv("KERAS_GAN_CACHE_LIMIT", str(93_000 / 1e9))
    contents(folders[3])
    assert sorted(entry.name[0] for entry in cache.iterdir()) == ["a", "c", "d"]


@pytest.mark.parametrize("limit", ["-1", "many", "nan", "inf"])
def test_a_limit_that_is_none(classes, monkeypatch, limit):
    monkeypatch.setenv("KERAS_GAN_CACHE_LIMIT", limit)
    with pytest.raises(ValueError, match=f"gigabytes.* Received: '{limit}'"):
        load(classes, 2)


def test_a_full_disk(classes, cache, monkeypatch):
    plain = contents(classes, cache=False)
    full = shutil._ntuple_diskusage(10**9, 10**9, 20)
    with monkeypatch.context() as filled:
        filled.setattr(shutil, "disk_usage", lambda path: full)
        with pytest.warns(UserWarning, match="576 bytes, and 20 bytes are free"):
            assert contents(classes) == plain

    def fail(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as filled:
        filled.setattr(decoded_images.os, "fsync", fail)
        with pytest.warns(UserWarning, match="not kept.*No space left on device"):
            assert contents(classes) == plain
    assert not list(cache.iterdir())


def test_a_cache_that_cannot_be_made(classes, tmp_path, monkeypatch):
    plain = contents(classes, cache=False)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KERAS_GAN_CACHE", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="not kept.*Set KERAS_GAN_CACHE to a folder"):
        assert contents(classes) == plain


def test_several_at_once(classes, cache, silent):
    plain = contents(classes, cache=False)
    with concurrent.futures.ThreadPoolExecutor(6) as threads:
        found = list(threads.map(contents, [classes] * 6))
    assert found == [plain] * 6
    assert len(list(cache.iterdir())) == 1
