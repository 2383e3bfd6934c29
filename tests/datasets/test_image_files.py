"""Which files of a folder are images, and what is said of the others."""

import warnings

import numpy as np
import pytest
from no_files import NO_FILES, dangling
from PIL import Image, features

from keras_gan.datasets import load


def save(path, kind=None, value=90):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 6), (value, 0, 0)).save(path, kind)
    return path


@pytest.fixture
def silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_all_endings_that_pillow_reads_count(tmp_path, silent):
    kinds = {
        "a.png": "PNG",
        **{f"{i}.jfif": "JPEG" for i in range(20)},
        **{"b.jp2": "JPEG2000", "c.ppm": "PPM", "d.webp": "WEBP", "e.TIF": "TIFF"},
        **{"f.JPE": "JPEG", "g.tga": "TGA", "h.Apng": "PNG"},
    }
    if features.check("avif"):
        kinds["i.avif"] = "AVIF"
    for name, kind in kinds.items():
        save(tmp_path / name, kind)
    assert load(tmp_path, 1).num_samples == len(kinds)


def test_without_an_ending_the_contents_decide(tmp_path, silent):
    for name in ("photo", "frame.0001", "at_0.25", "README"):
        save(tmp_path / name, "PNG")
    # README is never looked at, whatever is in it.
    assert load(tmp_path, 1).num_samples == 3


def test_a_file_without_an_ending_that_is_cut_off_is_broken(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "photo", "PNG")
    whole = (tmp_path / "photo").read_bytes()
    (tmp_path / "photo").write_bytes(whole[:-100])
    with pytest.raises(ValueError, match="photo cannot be decoded"):
        load(tmp_path, 1)


def test_others_are_counted_and_named(tmp_path):
    save(tmp_path / "a.png")
    for name in ("b.heic", "sub/c.HEIC", "d.mp4", "noise", "e.eps", "f.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"no image that Pillow reads")
    said = (
        "6 of the 7 files in .* were not looked at.*: 2 .heic, 1 .mp4, 1 .eps, "
        r"1 .pdf, 1 without an ending: b.heic, d.mp4, e.eps, f.pdf, noise, \.\.\."
    )
    with pytest.warns(UserWarning, match=said) as told:
        assert load(tmp_path, 1).num_samples == 1
    assert len(told) == 1 and told[0].filename == __file__


def test_what_goes_with_images_is_passed_over_in_silence(tmp_path, silent):
    save(tmp_path / "a.png")
    save(tmp_path / ".hidden.png")
    names = ["notes.txt", "labels.JSON", "table.csv", "ATTRIBUTION", "LICENSE"]
    for name in [*names, "Thumbs.db", ".DS_Store", "LICENSE.txt", "desktop.ini"]:
        (tmp_path / name).write_text("no image")
    assert load(tmp_path, 1).num_samples == 1


def test_a_folder_of_other_files_says_what_it_holds(tmp_path):
    (tmp_path / "a.heic").write_bytes(b"")
    with pytest.raises(ValueError, match="holds no images.*It holds 1 .heic: a.heic"):
        load(tmp_path, 1)


@pytest.mark.parametrize("make", NO_FILES)
def test_regular_files_only(tmp_path, make):
    save(tmp_path / "a.png")
    make(tmp_path / "z.png")
    message = f"z.png cannot be decoded: it {NO_FILES[make]}"
    with pytest.raises(ValueError, match=message):
        load(tmp_path, 1)
    with pytest.warns(UserWarning, match="Left out 1 of the 2 .*: z.png") as told:
        epoch = load(tmp_path, 1, skip_corrupt=True)
    assert epoch.skipped == ("z.png",) and epoch.num_samples == len(told) == 1


@pytest.mark.parametrize("make", NO_FILES)
def test_without_an_ending_they_are_not_looked_at(tmp_path, make):
    save(tmp_path / "a.png")
    make(tmp_path / "z")
    with pytest.warns(UserWarning, match="1 of the 2 files .*were not looked at.*: z"):
        assert load(tmp_path, 1).num_samples == 1


def test_all_broken_and_none_regular(tmp_path):
    dangling(tmp_path / "a.png")
    with pytest.warns(UserWarning), pytest.raises(ValueError, match="None of the 1"):
        load(tmp_path, 1, skip_corrupt=True)
