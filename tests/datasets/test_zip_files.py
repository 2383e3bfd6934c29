"""A zip of images is the data that its folder is."""

import io
import os
import shutil
import stat
import struct
import warnings
import zipfile

import numpy as np
import pytest
from PIL import Image

from keras_gan.datasets import decoded_images, load, memory, zip_files


def png(value, size=(8, 6), mode="RGB"):
    buffer = io.BytesIO()
    noise = np.random.default_rng(value).integers(0, 256, (*size[::-1], 3), np.uint8)
    Image.fromarray(noise).convert(mode).save(buffer, "PNG")
    return buffer.getvalue()


def written(path, files, **options):
    """A zip of the files: a dict from names to bytes."""
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


CLASSES = {
    f"{name}/{number}.png": png(10 * i + number)
    for i, name in enumerate(["10", "9", "ant"])
    for number in range(4)
}


@pytest.fixture
def folder(tmp_path):
    for name, content in CLASSES.items():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "photos"


def contents(source, **options):
    epoch = load(source, 5, labels=True, drop_remainder=False, **options)
    images, labels = (np.concatenate(part) for part in zip(*epoch, strict=True))
    told = (epoch.fingerprint, epoch.class_names, epoch.skipped, epoch.sample_shape)
    return images.tobytes(), labels.tolist(), told


def test_a_zip_is_what_its_folder_is(folder, tmp_path, monkeypatch):
    inside = shutil.make_archive(tmp_path / "inside", "zip", folder)
    around = shutil.make_archive(tmp_path / "around", "zip", tmp_path, "photos")
    monkeypatch.chdir(tmp_path)
    for options in ({}, {"image_size": (5, 4)}, {"channels": 4}):
        expected = contents(folder, **options)
        for source in (inside, around, "inside.zip", tmp_path / "around.zip"):
            assert contents(source, **options) == expected
    assert expected[2][1] == ["9", "10", "ant"]
    assert "inside.zip" in load("inside.zip", 1).description
    assert not [path for path in tmp_path.rglob("*.png") if "photos" not in str(path)]


@pytest.mark.parametrize(
    "compression",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
)
def test_all_compressions_and_threads(folder, tmp_path, monkeypatch, compression):
    source = written(tmp_path / "a.zip", CLASSES, compression=compression)
    expected = contents(folder)
    assert contents(source) == expected
    monkeypatch.setattr("keras_gan.datasets.folder.THREADED_BYTES", 0)
    assert contents(source) == expected


def test_it_is_decoded_once(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_GAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(decoded_images, "LEAST_FILES", 1)
    source = written(tmp_path / "a.zip", CLASSES)
    plain = contents(source, cache=False)
    assert not (tmp_path / "cache").exists()
    assert contents(source) == plain
    with monkeypatch.context() as forbidding:
        forbidding.delattr("keras_gan.datasets.folder.examine")
        assert contents(source) == plain
    written(source, {**CLASSES, "ant/0.png": png(77)})
    assert contents(source) == contents(source, cache=False) != plain


def test_what_is_passed_over(tmp_path):
    files = {
        "photos/a/1.PNG": png(1),
        "photos/a/photo": png(2),  # whose contents begin as an image
        "photos/.hidden/2.png": b"",
        "photos/a/.3.png": b"",
        "photos/a/notes.txt": b"",
        "__MACOSX/photos/a/._1.PNG": b"\0",
        "photos/b/clip.mp4": b"no image",
        "photos/c/": b"",
    }
    source = written(tmp_path / "a.zip", files)
    said = "1 of the 3 files in .*a.zip were not looked at.*1 .mp4: b/clip.mp4"
    empty = "2 sub-folders of .*a.zip hold no images and so are no classes: b, c"
    with (
        pytest.warns(UserWarning, match=said),
        pytest.warns(UserWarning, match=empty) as told,
    ):
        epoch = load(source, 1, labels=True)
    assert epoch.num_samples == 2 and epoch.class_names == ["a"]
    assert {one.filename for one in told} == {__file__} and len(told) == 2


def test_a_zip_of_windows(tmp_path):
    source = tmp_path / "a.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name in ("ant", "bee"):
            info = zipfile.ZipInfo("x")
            info.filename = f"{name}\\1.png"
            archive.writestr(info, png(1))
    assert load(source, 1, labels=True).class_names == ["ant", "bee"]


def test_what_holds_no_images(tmp_path):
    with pytest.raises(ValueError, match="a.zip holds no images.*It holds 1 .mp4"):
        load(written(tmp_path / "a.zip", {"a.mp4": b""}), 1)
    with pytest.raises(ValueError, match="b.zip holds no images"):
        load(written(tmp_path / "b.zip", {}), 1)
    for content in (b"", b"text", b"PK\x03\x04" + bytes(90)):
        (tmp_path / "c.zip").write_bytes(content)
        with pytest.raises(ValueError, match="c.zip cannot be read as a zip"):
            load(tmp_path / "c.zip", 1)
    with pytest.raises(FileNotFoundError, match="no file or folder .*absent.zip"):
        load("absent.zip", 1)


def test_classes_as_of_a_folder(tmp_path):
    with pytest.raises(ValueError, match=r"a.zip is flat: its images, such as 1.png"):
        load(written(tmp_path / "a.zip", {"1.png": png(1)}), 1, labels=True)
    splits = {"train/1.png": png(1), "test/1.png": png(2)}
    with pytest.raises(ValueError, match=r"splits \(test, train\).*Unzip it"):
        load(written(tmp_path / "b.zip", splits), 1, labels=True)
    with pytest.raises(ValueError, match="A zip has no splits"):
        load(written(tmp_path / "c.zip", CLASSES), 1, split="test")


def damaged(path, name):
    """Turn a byte over in the middle of what is stored of a file."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
    content = bytearray(path.read_bytes())
    header = info.header_offset
    lengths = struct.unpack("<HH", content[header + 26 : header + 30])
    content[header + 30 + sum(lengths) + info.compress_size // 2] ^= 255
    path.write_bytes(content)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_file_is_named(tmp_path, compression):
    source = written(tmp_path / "a.zip", CLASSES, compression=compression)
    damaged(source, "9/2.png")
    message = r"a.zip/9/2.png cannot be decoded: it is damaged in the zip.*skip_corrupt"
    with pytest.raises(ValueError, match=message):
        load(source, 1)
    with pytest.warns(UserWarning, match="Left out 1 of the 12 .*: 9/2.png"):
        epoch = load(source, 1, labels=True, skip_corrupt=True)
    assert epoch.skipped == ("9/2.png",) and epoch.num_samples == 11


def test_what_is_no_image_is_named(tmp_path):
    source = written(tmp_path / "a.zip", {**CLASSES, "9/0.jpg": b"<html>"})
    with pytest.raises(ValueError, match="9/0.jpg cannot be decoded: it is no image"):
        load(source, 1)


def test_an_encrypted_zip(tmp_path):
    source = written(tmp_path / "a.zip", {"1.png": png(1)})
    content = bytearray(source.read_bytes())
    content[6] |= 1  # of the local header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # of the directory
    source.write_bytes(content)
    with pytest.raises(ValueError, match="a.zip is encrypted.*1.png. Unzip it"):
        load(source, 1)


def claiming(path, size):
    """Let the directory say that the first file has another size."""
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02") + 24
    content[place : place + 4] = struct.pack("<I", size)
    path.write_bytes(content)
    return path


def test_more_than_the_memory_is_not_read(tmp_path, monkeypatch):
    source = written(tmp_path / "a.zip", {"1.png": png(1), "2.png": png(2)})
    claiming(source, 2**32 - 2)  # stored, and so of any size as far as one can tell
    monkeypatch.setattr(memory, "available_memory", lambda: 10**9)
    with pytest.raises(ValueError, match="1.png cannot be .*4.29 GB of memory. There"):
        load(source, 1)


def test_a_bomb_is_not_unpacked(tmp_path):
    packed = {"1.png": bytes(10**6), "2.png": png(2)}
    source = written(tmp_path / "a.zip", packed, compression=zipfile.ZIP_DEFLATED)
    # As many zeros as deflate can pack are read, and are no image.
    with pytest.raises(ValueError, match="1.png cannot be decoded: it is no image"):
        load(source, 1)
    claiming(source, 2 * 10**6)
    with pytest.raises(ValueError, match=r"1.png .*claims 2 MB in .* than deflate can"):
        load(source, 1)


def test_a_file_of_more_than_it_claims_is_not_unpacked_further(tmp_path):
    """Of 200 MB that claim to be 1000 bytes, no more than these are held."""
    packed = {"1.png": bytes(200 * 10**6), "2.png": png(2)}
    source = written(tmp_path / "a.zip", packed, compression=zipfile.ZIP_DEFLATED)
    claiming(source, 1000)
    found = zip_files.ZippedImages(source)
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(ValueError, match="it is damaged in the zip"):
        found.read("1.png")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 10**6  # its compressed bytes are 0.2 MB


def test_links_are_not_followed(tmp_path):
    source = written(tmp_path / "a.zip", CLASSES)
    link = zipfile.ZipInfo("9/z.png")
    link.create_system = 3  # Unix
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ValueError, match="9/z.png .*: it is a symbolic link, which is"):
        load(source, 1)
    with pytest.warns(UserWarning, match="Left out 1 of the 13 .*: 9/z.png"):
        assert load(source, 1, skip_corrupt=True).num_samples == 12


def test_two_files_of_one_name(tmp_path):
    source = written(tmp_path / "a.zip", {"1.png": png(1)})
    with warnings.catch_warnings(), zipfile.ZipFile(source, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("1.png", png(2))
    with pytest.raises(ValueError, match="two files of the name 1.png"):
        load(source, 1)


def test_names_that_lead_out_are_names_only(tmp_path):
    """Nothing is unpacked, so they lead nowhere; what begins with a point hides."""
    names = {"../1.png": png(1), "/2.png": png(2), "3.png": png(3)}
    assert load(written(tmp_path / "a.zip", names), 1).num_samples == 2
    assert sorted(os.listdir(tmp_path)) == ["a.zip"]
