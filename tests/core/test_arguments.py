"""Checks of integers, and the error that names its argument."""

import pickle

import numpy as np
import pytest
import tensorflow as tf

from keras_gan.core.arguments import (
    ArgumentError,
    check_integer,
    check_integers,
    is_integer,
)

INTEGERS = [3, np.int8(3), np.uint64(3), np.array(3), tf.constant(3)]
OTHERS = [
    *(True, np.True_, 3.0, np.float32(3), "3", None, [3], np.array([3])),
    *(tf.constant(3.0), tf.constant(True)),
]


@pytest.mark.parametrize("value", INTEGERS, ids=repr)
def test_an_integer_comes_back_as_an_int(value):
    assert is_integer(value)
    found = check_integer(value, "steps", 3, 3)
    assert found == 3 and type(found) is int
    assert check_integers([value, 4], "widths", 3) == (3, 4)


@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_what_is_no_integer_is_refused(value):
    assert not is_integer(value)
    with pytest.raises(ArgumentError, match=r"^steps is an integer\. Received: steps="):
        check_integer(value, "steps")
    with pytest.raises(ArgumentError, match=r"^widths holds integers\. Received: "):
        check_integers([4, value], "widths")


@pytest.mark.parametrize(
    ("bounds", "inside", "outside", "expected"),
    [
        ((1, None), (1, 10**30), (0, -(10**30)), "of at least 1"),
        ((None, 5), (5, -3), (6, 10**30), "of at most 5"),
        ((-2, 5), (-2, 0, 5), (-3, 6), "from -2 to 5"),
        ((0, 0), (0,), (-1, 1), "from 0 to 0"),
    ],
)
def test_bounds_belong_to_the_range(bounds, inside, outside, expected):
    assert [check_integer(value, "k", *bounds) for value in inside] == [*inside]
    for value in outside:
        with pytest.raises(ArgumentError) as error:
            check_integer(value, "k", *bounds)
        assert str(error.value) == f"k is an integer {expected}. Received: k={value}."


def test_a_hint_ends_the_message():
    with pytest.raises(ArgumentError, match=r"Received: k=1\. A way has two ends\.$"):
        check_integer(1, "k", 2, hint="A way has two ends.")


def test_all_integers_are_shown():
    with pytest.raises(ArgumentError) as error:
        check_integers((8, 0), "image_shape", 1)
    expected = "image_shape holds integers of at least 1. Received: image_shape=(8, 0)."
    assert str(error.value) == expected
    assert error.value.argument == "image_shape"


def test_the_error_goes_to_another_process_and_back():
    error = pickle.loads(pickle.dumps(ArgumentError("k is 1.", "k")))
    assert (str(error), error.argument) == ("k is 1.", "k")
    assert isinstance(error, ValueError)
