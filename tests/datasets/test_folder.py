import os
import warnings

import numpy as np
import pytest
from PIL import Image

from keras_gan.datasets import few_labels, load, regroup
from keras_gan.datasets import folder as folder_module
from keras_gan.datasets.natural_order import natural_order


def save(path, size=(8, 6), mode="RGB", value=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value).save(path)
    return path


@pytest.fixture
def classes(tmp_path):
    for i, name in enumerate(["cat", "ant", "bee"]):
        for j in range(4):
            save(tmp_path / name / f"{j}.png", value=(40 * i, 10 * j, 0))
    return tmp_path


def test_classes_are_the_sorted_sub_folders(classes):
    epoch = load(classes, 12, labels=True, shuffle=False)
    assert epoch.class_names == ["ant", "bee", "cat"] and epoch.num_classes == 3
    assert epoch.sample_shape == (6, 8, 3)
    images, labels = next(iter(epoch))
    assert labels.numpy().tolist() == [0] * 4 + [1] * 4 + [2] * 4
    levels = np.rint((images.numpy()[:, 0, 0] + 1) * 127.5)
    # ant was written with red 40, bee with 80, cat with 0; green is ten times the file.
    assert levels[:, 0].tolist() == [40] * 4 + [80] * 4 + [0] * 4
    assert levels[:, 1].tolist() == [0, 10, 20, 30] * 3


def test_classes_that_are_numbers_are_in_their_order(tmp_path):
    for name in ("0", "1", "2", "10"):
        save(tmp_path / name / "a.png", value=(20 * int(name) + 50, 0, 0))
    epoch = load(tmp_path, 4, labels=True, shuffle=False)
    assert epoch.class_names == ["0", "1", "2", "10"]
    images, labels = next(iter(epoch))
    levels = np.rint((images.numpy()[:, 0, 0, 0] + 1) * 127.5)
    # Files come in the order of their names as text, each with its own class.
    assert levels.tolist() == [50, 70, 250, 90]
    assert labels.numpy().tolist() == [0, 1, 3, 2]


@pytest.mark.parametrize(
    "names",
    [
        ["-1", "0", "2.5", "10"],  # all numbers: by value
        ["01", "1", "2"],
        ["A2", "a1", "a2", "a10"],
        ["2 cats", "10 dogs", "cat"],
        ["v1.9", "v1.10", "v2.0"],  # the digits inside are whole numbers
    ],
)
def test_natural_order(names):
    assert natural_order(reversed(names)) == names == natural_order(names)


def test_another_order_of_classes_is_another_fingerprint(tmp_path, monkeypatch):
    for name in ("2", "10"):
        save(tmp_path / name / "a.png")
    first = load(tmp_path, 1, labels=True).fingerprint
    assert load(tmp_path, 1, labels=True).fingerprint == first
    monkeypatch.setattr(folder_module, "natural_order", sorted)
    assert load(tmp_path, 1, labels=True).fingerprint != first


def test_class_names_go_with_what_is_made_of_an_epoch(classes):
    epoch = load(classes, 2, labels=True)
    names = ["ant", "bee", "cat"]
    assert regroup(epoch, 2).class_names == names
    few = few_labels(epoch, per_class=1)
    assert few.class_names == names and regroup(few, 2).class_names == names
    assert load(classes, 2).class_names is None


def test_a_class_without_images_is_told(classes):
    (classes / "dog").mkdir()
    with pytest.warns(UserWarning, match="1 sub-folders of .* no classes: dog") as told:
        assert load(classes, 2, labels=True).num_classes == 3
    assert len(told) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load(classes, 2)


def test_threads_read_the_same(classes, monkeypatch):
    want = [x.numpy() for x in load(classes, 3)]
    monkeypatch.setattr(folder_module, "THREADED_BYTES", 0)
    threaded = load(classes, 3)
    assert threaded._source._threads is not None
    np.testing.assert_array_equal(want, [x.numpy() for x in threaded])


def test_only_images_count(tmp_path):
    save(tmp_path / "a.PNG")
    save(tmp_path / ".hidden.png")
    save(tmp_path / ".git" / "b.png")
    for name in ("notes.txt", ".DS_Store", "Thumbs.db"):
        (tmp_path / name).write_text("no image")
    assert load(tmp_path, 1).num_samples == 1


def test_home_is_expanded(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    save(tmp_path / "pictures" / "a.png")
    assert load("~/pictures", 1).num_samples == 1


def test_grey_only_if_all_are_grey(tmp_path):
    for i, mode in enumerate(["L", "1", "LA"]):
        save(tmp_path / f"{i}.png", mode=mode)
    assert load(tmp_path, 1).sample_shape == (6, 8, 1)
    save(tmp_path / "colour.png", value=(255, 0, 0))
    mixed = load(tmp_path, 4, shuffle=False)
    assert mixed.sample_shape == (6, 8, 3)
    images = next(iter(mixed)).numpy()
    assert images[-1, 0, 0].tolist() == [1, -1, -1]  # "colour" sorts after digits


def test_varying_sizes_need_image_size(tmp_path):
    save(tmp_path / "a.png", size=(8, 6))
    save(tmp_path / "b.png", size=(20, 10))
    message = r"a.png is 8 x 6 and b.png is 20 x 10 .*Pass image_size="
    with pytest.raises(ValueError, match=message):
        load(tmp_path, 1)
    assert load(tmp_path, 2, image_size=(4, 6)).sample_shape == (4, 6, 3)
    assert next(iter(load(tmp_path, 2, image_size=5))).shape == (2, 5, 5, 3)


def test_broken_files_are_found_at_load(classes):
    whole = (classes / "bee" / "1.png").read_bytes()
    (classes / "bee" / "1.png").write_bytes(whole[:-30])
    (classes / "cat" / "x.jpg").write_text("<html>")
    with pytest.raises(ValueError, match="bee/1.png cannot be decoded.*skip_corrupt"):
        load(classes, 2)
    message = "2 of the 13 .*: bee/1.png, cat/x.jpg. The first, bee/1.png: .*trunc"
    with pytest.warns(UserWarning, match=message) as w:
        epoch = load(classes, 2, labels=True, shuffle=False, skip_corrupt=True)
    assert w[0].filename == __file__
    assert epoch.skipped == ("bee/1.png", "cat/x.jpg") and epoch.num_samples == 11
    labels = np.concatenate([y for _, y in epoch])
    assert labels.tolist() == [0] * 4 + [1] * 3 + [2] * 3  # and one in the remainder


def test_all_broken(tmp_path):
    (tmp_path / "a.png").write_text("")
    with (
        pytest.warns(UserWarning),
        pytest.raises(ValueError, match="None of the 1.*no image"),
    ):
        load(tmp_path, 1, skip_corrupt=True)


def test_a_bomb_names_its_file(tmp_path, monkeypatch):
    save(tmp_path / "a.png", size=(20, 20))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(ValueError, match="a.png cannot be decoded.*decompression bomb"):
        load(tmp_path, 1)


def test_links_that_leave_the_folder_are_refused(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    save(inside / "a.png")
    secret = save(outside / "b.png")
    os.symlink("a.png", inside / "same.png")
    assert load(inside, 1).num_samples == 2
    os.symlink(secret, inside / "leak.png")
    with pytest.raises(ValueError, match="leak.png is a symbolic link that leads out"):
        load(inside, 1)
    (inside / "leak.png").unlink()
    os.symlink(outside, inside / "class")
    with pytest.raises(ValueError, match="class is a symbolic link to a folder"):
        load(inside, 1)


def test_labels_need_sub_folders(tmp_path):
    save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="is flat: its images, such as a.png"):
        load(tmp_path, 1, labels=True)
    save(tmp_path / "cat" / "b.png")
    with pytest.raises(ValueError, match="a.png lies beside the sub-folders"):
        load(tmp_path, 1, labels=True)
    assert load(tmp_path, 1).num_samples == 2


def test_splits_are_no_classes(tmp_path):
    save(tmp_path / "train" / "a.png")
    save(tmp_path / "test" / "b.png")
    for labels in (False, True):
        with pytest.raises(ValueError, match=r"are splits \(test, train\)"):
            load(tmp_path, 1, labels=labels)
    with pytest.raises(ValueError, match="A folder has no splits"):
        load(tmp_path, 1, split="test")


def test_empty_folder_and_absent_folder(tmp_path):
    with pytest.raises(ValueError, match="holds no images"):
        load(tmp_path, 1)
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        load(tmp_path / "absent", 1)


def test_fingerprint_is_of_names_and_contents(classes, tmp_path_factory):
    first = load(classes, 1).fingerprint
    for path in classes.rglob("*.png"):
        os.utime(path, (0, 0))  # a copy on another machine
    assert load(classes, 1).fingerprint == first
    assert load(classes, 1, image_size=4).fingerprint != first
    (classes / "ant" / "0.png").rename(classes / "ant" / "9.png")
    renamed = load(classes, 1).fingerprint
    assert renamed != first
    save(classes / "ant" / "9.png", value=(1, 2, 3))
    assert load(classes, 1).fingerprint not in (first, renamed)


def test_a_file_that_changes_later_is_named(tmp_path):
    save(tmp_path / "a.png")
    epoch = load(tmp_path, 1)
    save(tmp_path / "a.png", size=(3, 3))
    with pytest.raises(Exception, match="a.png has changed since it was loaded"):
        next(iter(epoch))


# Channels -----------------------------------------------------------------------------


def levels_of(epoch):
    """The uint8 levels of all images, in order."""
    images = np.concatenate([batch.numpy() for batch in epoch])
    return np.rint((images + 1) * 127.5).astype(int)


def of_kinds(folder):
    """Images of 2 x 1 pixels, one half of which is transparent where that can be."""
    folder.mkdir()
    colours = np.array([[[200, 100, 50, 255], [10, 20, 30, 0]]], np.uint8)
    Image.fromarray(colours).save(folder / "a_rgba.png")
    Image.fromarray(colours[..., :3].copy()).save(folder / "b_rgb.png")
    Image.fromarray(colours[..., [0, 3]].copy(), "LA").save(folder / "c_grey_alpha.png")
    Image.fromarray(colours[..., 0].copy()).save(folder / "d_grey.png")
    palette = Image.fromarray(colours[..., :3].copy()).quantize(2)
    palette.info["transparency"] = palette.getpixel((1, 0))
    palette.save(folder / "e_palette.png")
    return folder


def test_alpha_is_kept_on_request(tmp_path):
    folder = of_kinds(tmp_path / "photos")
    epoch = load(folder, 5, shuffle=False, channels=4)
    assert epoch.sample_shape == (1, 2, 4)
    shown = [[200, 100, 50, 255], [10, 20, 30, 0]]
    grey = [[200, 200, 200, 255], [10, 10, 10, 0]]
    opaque = (
        [[*colour[:3], 255] for colour in shown],
        [[200] * 3 + [255], [10] * 3 + [255]],
    )
    expected = [shown, opaque[0], grey, opaque[1], shown]
    assert levels_of(epoch)[:, 0].tolist() == expected


def test_three_channels_are_as_without_asking(tmp_path):
    folder = of_kinds(tmp_path / "photos")
    asked, plain = (load(folder, 5, shuffle=False, channels=c) for c in (3, None))
    np.testing.assert_array_equal(levels_of(asked), levels_of(plain))
    assert asked.sample_shape == (1, 2, 3)
    assert levels_of(asked)[0, 0].tolist() == [[200, 100, 50], [255, 255, 255]]


def test_one_channel_is_grey(tmp_path):
    folder = of_kinds(tmp_path / "photos")
    epoch = load(folder, 5, shuffle=False, channels=1)
    # ITU-R 601: 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2, and 18.2 of the other.
    found = levels_of(epoch)[:, 0, :, 0].tolist()
    assert found == [[124, 255], [124, 18], [200, 255], [200, 10], [124, 255]]
    # What is grey becomes RGB.
    (folder / "grey").mkdir()
    (folder / "d_grey.png").rename(folder / "grey" / "d.png")
    assert levels_of(load(folder / "grey", 1, channels=3))[0, 0].tolist() == [
        [200] * 3,
        [10] * 3,
    ]


def test_other_channels_are_other_data(tmp_path):
    folder = of_kinds(tmp_path / "photos")
    prints = {load(folder, 1, channels=c).fingerprint for c in (None, 1, 3, 4)}
    assert len(prints) == 4


def test_alpha_is_no_colour_of_the_range(tmp_path):
    """It is mapped by no `value_range`, and is none of the values that decide it."""
    pixels = np.array([[[0, 50, 100, 255], [100, 0, 0, 51]]], np.uint8)
    (tmp_path / "photos").mkdir()
    Image.fromarray(pixels).save(tmp_path / "photos" / "a.png")
    epoch = load(tmp_path / "photos", 1, channels=4, value_range=(0, 100))
    # 50 of 100 is 127.5 of 255, which NumPy rounds to the even 128.
    found = levels_of(epoch)[0, 0].tolist()
    assert found == [[0, 128, 255, 255], [255, 0, 0, 51]]


def test_what_is_not_seen_does_not_bleed_into_what_is(tmp_path):
    """Half of a picture is red, half is transparent green: smaller, red stays red."""
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[:, :8] = 255, 0, 0, 255
    pixels[:, 8:] = 0, 255, 0, 0
    (tmp_path / "photos").mkdir()
    Image.fromarray(pixels).save(tmp_path / "photos" / "a.png")
    found = levels_of(load(tmp_path / "photos", 1, image_size=3, channels=4))[0]
    assert found[..., 1].max() == 0 and found[0, 0].tolist() == [255, 0, 0, 255]
    assert 100 < found[0, 1, 3] < 155  # a half of the middle pixel


@pytest.mark.parametrize("channels", [0, 2, 5, True, "rgb", 3.0])
def test_channels_that_are_none(tmp_path, channels):
    save(tmp_path / "a.png")
    with pytest.raises(ValueError, match=r"1 \(grey\), 3 .*Received: channels="):
        load(tmp_path, 1, channels=channels)


def test_channels_are_of_files():
    with pytest.raises(ValueError, match="channels=3 is for a folder or zip .*digits"):
        load("digits", 1, channels=3)
