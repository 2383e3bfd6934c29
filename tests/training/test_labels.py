"""Labels that do not fit a game with classes: what is wrong, and how to fix it."""

import numpy as np
import pytest
import tensorflow as tf

import keras_gan
from keras_gan.training.labels import check_label_values, check_labels

IMAGES = np.full((12, 2, 2, 1), -1, "float32")
CLASSES = np.arange(12, dtype="int32") % 3


def dataset(labels):
    return tf.data.Dataset.from_tensor_slices((IMAGES, labels)).batch(4)


def epoch(labels):
    return keras_gan.datasets.load((IMAGES, labels), 4, labels=True)


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8"])
@pytest.mark.parametrize("make", [dataset, epoch])
def test_classes_that_fit(make, dtype):
    check_labels(make(CLASSES.astype(dtype)), 3, "The data")


@pytest.mark.parametrize("make", [dataset, epoch])
def test_a_missing_class_is_taken_only_where_it_may_be(make):
    labels = np.where(CLASSES == 1, -1, CLASSES)
    check_labels(make(labels), 3, "The data", missing=True)
    message = r"classes from -1 to 2, .*3: 0 to 2. A label of -1 says .* missing"
    with pytest.raises(ValueError, match=message):
        check_labels(make(labels), 3, "The data")


WRONG = {
    "none": (
        tf.data.Dataset.from_tensor_slices(IMAGES).batch(4),
        r"has no labels.*labels=True to datasets.load, or y",
    ),
    "none in an epoch": (keras_gan.datasets.load(IMAGES, 4), "has no labels"),
    "one-hot": (
        dataset(np.eye(3, dtype="float32")[CLASSES]),
        r"shape \(None, 3\) and dtype float32.*one-hot labels as np.argmax\(labels, ax",
    ),
    "column": (dataset(CLASSES[:, None]), r"\(None, 1\).*Pass labels\[:, 0\]"),
    "floats": (dataset(CLASSES / 1.0), r"dtype float64.*astype\('int32'\)"),
    "booleans": (dataset(CLASSES > 0), "dtype bool"),
    "a dict": (
        dataset({"digit": CLASSES}),
        "labels of {'digit'.* one tensor .* integers from 0 to 2",
    ),
    "too many": (dataset(CLASSES + 2), "classes from 2 to 4.*num_classes=5, or leave"),
    "too many in an epoch": (epoch(CLASSES * 7), "classes from 0 to 14.*=15"),
    "from 1": (dataset(CLASSES + 1), r"from 1 to 3, but .*0 to 2. Pass labels - 1"),
    "below": (dataset(CLASSES - 2), "from -2 to 0.*Count the classes from 0"),
}


@pytest.mark.parametrize("name", WRONG)
def test_labels_that_do_not_fit(name):
    data, message = WRONG[name]
    with pytest.raises(ValueError, match=f"The data .*{message}"):
        check_labels(data, 3, "The data")


def test_named_classes_are_counted():
    """The digits say that there are ten classes; an array does not say how many."""
    check_labels(epoch(CLASSES), 5, "The data")
    digits = keras_gan.datasets.load("digits", 4, labels=True)
    with pytest.raises(ValueError, match="10 classes, but the networks know 12. .*=10"):
        check_labels(digits, 12, "The data")


def test_no_labels_are_no_error():
    check_label_values(np.zeros(0, "int32"), 3, "The data")
