"""Held-out samples: the same ones for every run, and never trained on."""

import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from keras_gan.core.arguments import ArgumentError
from keras_gan.datasets import load
from keras_gan.datasets.arrays import ArraySource
from keras_gan.datasets.held_out import PartSource

VECTORS = np.arange(40, dtype="float32")[:, None]  # item i is the vector (i,)
CLASSES = np.arange(40) % 4


def read(source, **options):
    """The items' numbers, in the order in which they come."""
    data = load(source, 4, drop_remainder=False, **options)
    return np.concatenate([batch.numpy() for batch in data])[..., 0].ravel().tolist()


def parts(source, held_out, **options):
    return [
        read(source, held_out=held_out, split=split, **options)
        for split in ("train", "held_out")
    ]


@pytest.fixture
def photos(tmp_path):
    """Twenty grey images of 8 x 8 pixels in two folders; image i is of grey i."""
    for number in range(20):
        folder = tmp_path / "photos" / ("cats" if number % 2 else "dogs")
        folder.mkdir(parents=True, exist_ok=True)
        pixels = np.full((8, 8), number, np.uint8)
        pixels[0] = 255  # so that they are no images of one colour
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return tmp_path / "photos"


def names(folder, **options):
    data = load(folder, 1, drop_remainder=False, **options)
    greys = [round(float(batch[0, 7, 0, 0]) * 127.5 + 127.5) for batch in data]
    return set(greys), len(greys)


@given(total=st.integers(2, 60), share=st.floats(0.05, 0.95))
def test_the_parts_are_all_items_once_and_of_the_size_that_was_asked(total, share):
    whole = ArraySource(np.arange(total, dtype="float32")[:, None])
    count = round(share * total)
    if not 1 <= count < total:
        with pytest.raises(ArgumentError, match="at least one sample in either part"):
            PartSource(whole, share, takes=True)
        return
    kept, out = (PartSource(whole, share, takes) for takes in (False, True))
    assert (len(kept), len(out)) == (total - count, count)
    items = [part.read(np.arange(len(part))).ravel() for part in (kept, out)]
    np.testing.assert_array_equal(np.sort(np.concatenate(items)), np.arange(total))
    same = PartSource(whole, count, takes=True)
    np.testing.assert_array_equal(same.read(np.arange(count)).ravel(), items[1])


def test_neither_seed_nor_batch_size_changes_what_is_held_out():
    (one, out), (other, again) = (parts(VECTORS, 10, seed=seed) for seed in (0, 1))
    assert out != again and set(out) == set(again)  # another order of the same
    assert set(one) == set(other) and not set(one) & set(out)
    # By chance, and not the first or each fourth: 1 in 10^9 of all choices are runs.
    assert np.unique(np.diff(sorted(out))).size > 1


def test_labels_and_classes_go_with_their_items():
    for split, size in (("train", 30), ("held_out", 10)):
        data = load((VECTORS, CLASSES), 5, labels=True, held_out=10, split=split)
        assert data.num_samples == size and data.num_classes == 4
        for items, labels in data:
            np.testing.assert_array_equal(labels, items[:, 0] % 4)


def test_a_part_that_misses_the_last_class_has_as_many_classes():
    labels, part = np.r_[np.zeros(39), 1].astype(int), {"held_out": 1}
    counts = {
        split: load((VECTORS, labels), 1, labels=True, **part, split=split).num_classes
        for split in ("train", "held_out")
    }
    assert counts == {"train": 2, "held_out": 2}


def test_a_folder_holds_out_by_name_and_a_zip_the_same(photos, tmp_path):
    kept, out = (
        names(photos, held_out=0.25, split=split) for split in ("train", "held_out")
    )
    assert (kept[1], out[1]) == (15, 5) and kept[0] | out[0] == set(range(20))
    archive = shutil.make_archive(tmp_path / "zipped", "zip", photos)
    assert names(archive, held_out=5, split="held_out") == out
    data = load(photos, 5, labels=True, held_out=5, split="held_out")
    assert data.class_names == ["cats", "dogs"]
    assert data.description.endswith("photos, held out")
    [(images, labels)] = data
    greys = np.round(images[:, 7, 0, 0] * 127.5 + 127.5)
    np.testing.assert_array_equal(labels, 1 - greys % 2)


def test_one_image_more_changes_one_of_them_at_most(photos):
    before, _ = names(photos, held_out=5, split="held_out")
    for number in range(20, 30):
        pixels = np.full((8, 8), number, np.uint8)
        pixels[0] = 255
        Image.fromarray(pixels).save(photos / "cats" / f"{number}.png")
        after, count = names(photos, held_out=5, split="held_out")
        assert count == 5 and len(after - before) <= 1 and after - before <= {number}
        before = after


def test_each_part_is_other_data_and_names_of_data_sets_have_them_too():
    prints = {
        load("digits", 10, held_out=held_out, split=split).fingerprint
        for held_out, split in [
            (None, "train"),
            *[(n, s) for n in (100, 101) for s in ("train", "held_out")],
        ]
    }
    assert len(prints) == 5  # a run cannot go on with another part
    assert load("digits", 10, held_out=100, split="held_out").num_samples == 100


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"split": "held_out"}, "Received: no held_out"),
        ({"held_out": 1.5}, r"share between 0 and 1.*held_out=1.5"),
        ({"held_out": 0}, "held_out=0"),
        ({"held_out": True}, "held_out=True"),
        ({"held_out": "0.1"}, "held_out='0.1'"),
        ({"held_out": 40}, "at least one sample in either part.*40 samples"),
        ({"held_out": 0.1, "split": "test"}, "part of the split 'train'"),
    ],
)
def test_bad_input_is_told(options, message):
    with pytest.raises(ArgumentError, match=message) as told:
        load(VECTORS, 4, **options)
    assert told.value.argument == "held_out"
