"""Few labels beside many samples: which are kept, in which order they pass."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from keras_gan.datasets import EpochDataset, few_labels, load, regroup

CLASSES = np.random.default_rng(0).permutation(np.arange(60) % 3)


def numbered(batch_size=7, labels=CLASSES, **options):
    """Item i is the vector (i,)."""
    items = np.arange(len(labels), dtype="float32")[:, None]
    return load((items, labels), batch_size, labels=True, **options)


def read(dataset):
    """(items, labelled items, labels) as lists of a list for each minibatch."""
    batches = [
        (items.numpy()[..., 0], beside.numpy()[..., 0], labels.numpy())
        for items, (beside, labels) in dataset
    ]
    return [[part.tolist() for part in parts] for parts in zip(*batches, strict=True)]


def test_the_kept_labels_are_balanced_and_the_data_sets_own():
    data = few_labels(numbered(), per_class=4, seed=1)
    kept = np.flatnonzero(data.labels >= 0)
    assert np.bincount(CLASSES[kept]).tolist() == [4, 4, 4]
    np.testing.assert_array_equal(data.labels[kept], CLASSES[kept])
    assert isinstance(data, EpochDataset) and data.num_classes == 3
    same = few_labels(numbered(), per_class=4, seed=1)
    np.testing.assert_array_equal(data.labels, same.labels)
    assert data.fingerprint == same.fingerprint
    other = few_labels(numbered(), per_class=4, seed=2)
    assert (data.labels != other.labels).any()
    prints = {d.fingerprint for d in (numbered(), data, other)}
    assert len(prints) == 3  # a run cannot go on with other labels


def test_all_samples_come_and_each_pass_holds_every_labelled_one():
    data = few_labels(numbered(), per_class=4)
    kept = set(np.flatnonzero(data.labels >= 0))
    items, beside, labels = read(data)
    assert [len(batch) for batch in items] == [7] * 8
    assert items == [x.numpy()[:, 0].tolist() for x, _ in numbered()]
    series = np.concatenate(beside).astype(int)
    passes = [series[start : start + 12] for start in range(0, 48, 12)]
    assert all(set(one) == kept for one in passes)
    orders = [np.argsort(one) for one in passes]
    assert all((a != b).any() for a, b in itertools.pairwise(orders))
    np.testing.assert_array_equal(np.concatenate(labels), CLASSES[series])


def test_it_goes_on_at_any_place_of_any_epoch():
    data = few_labels(numbered(), per_class=4)
    first = read(data)
    data.epoch = 1
    second = read(data)
    assert first[0] != second[0] and first[1] != second[1]
    data.start = 5
    assert read(data) == [part[5:] for part in second]
    data.epoch = 0
    assert read(data) == [part[5:] for part in first]


def test_orders_of_passes_do_not_resemble_each_other():
    """Of 300 passes over 12 items each place holds each item 25 +- 4.8 times."""
    labels = np.zeros(3600, int)
    data = few_labels(numbered(600, labels), per_class=12)
    series = np.concatenate(read(data)[1]).astype(int).reshape(300, 12)
    places = np.searchsorted(np.flatnonzero(data.labels >= 0), series)
    counts = np.array([np.bincount(column, minlength=12) for column in places.T])
    assert counts.min() > 25 - 5 * 4.8 and counts.max() < 25 + 5 * 4.8
    # chi-square with 121 degrees of freedom: 121 +- 15.6
    assert abs(((counts - 25) ** 2 / 25).sum() - 121) < 5 * 15.6


def test_the_order_of_the_file():
    data = few_labels(numbered(shuffle=False, drop_remainder=False), per_class=2)
    kept = np.flatnonzero(data.labels >= 0)
    items, beside, _ = read(data)
    assert np.concatenate(items).tolist() == list(range(60))
    np.testing.assert_array_equal(np.concatenate(beside), np.tile(kept, 10))
    assert len(items[-1]) == len(beside[-1]) == 4


def test_labels_that_are_missing_already():
    labels = np.where(np.arange(60) < 9, CLASSES, -1)
    data = few_labels(numbered(labels=labels))
    np.testing.assert_array_equal(data.labels, labels)
    assert set(np.concatenate(read(data)[1])) == set(range(9))


def test_groups():
    data = few_labels(numbered(), per_class=4)
    items, beside, labels = read(data)
    grouped = regroup(data, 2)
    assert grouped.element_spec[1][0] == tf.TensorSpec((7, 2, 1), tf.float32)
    pairs = read(grouped)
    for one, two in zip((items, beside, labels), pairs, strict=True):
        for index, group in enumerate(two):
            group = np.array(group)
            assert [group[:, j].tolist() for j in (0, 1)] == one[2 * index :][:2]


def test_images_are_those_of_the_data():
    digits = load("digits", 100, labels=True)
    data = few_labels(digits, per_class=3)
    images, (beside, labels) = next(iter(data))
    assert beside.shape == images.shape and beside.dtype == tf.float32
    whole, classes = next(
        iter(load("digits", 1797, labels=True, shuffle=False, drop_remainder=False))
    )
    kept = np.flatnonzero(data.labels >= 0)
    for image, label in zip(beside.numpy()[:30], labels.numpy()[:30], strict=True):
        [position] = np.flatnonzero((whole.numpy()[kept] == image).all((1, 2, 3)))
        assert classes[kept[position]] == label


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: few_labels(numbered(), 21), "Class 0 has 20 labels, .*per_class=21"),
        (lambda: few_labels(numbered(), 0), "per_class=0"),
        (lambda: few_labels(numbered(), 1, -1), "seed=-1"),
        (lambda: few_labels(load("digits", 9)), r"labels=True\)"),
        (lambda: few_labels(tf.data.Dataset.range(3)), "another data set"),
        (lambda: few_labels(regroup(numbered(), 2)), "before regroup"),
        (lambda: few_labels(numbered(labels=CLASSES * 0 - 1)), "all are -1"),
    ],
    ids=[
        "too many",
        "none",
        "seed",
        "no labels",
        "tf.data",
        "regrouped",
        "all missing",
    ],
)
def test_what_it_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
