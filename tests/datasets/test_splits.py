"""Splits: each item once, shares kept, and the expected size of what a bag leaves."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from keras_gan.core.randomness import MAX_SEED
from keras_gan.datasets import splits

seeds = st.integers(0, MAX_SEED)
counts = st.integers(2, 60)
LABELS = np.repeat([0, 1, 2], [50, 30, 20])


def check_split(train, test, count):
    for part in (train, test):
        assert part.dtype == np.int64 and (np.diff(part) > 0).all()
    np.testing.assert_array_equal(np.sort([*train, *test]), np.arange(count))


@hypothesis.given(counts, seeds, st.data())
def test_hold_out(count, seed, data):
    size = data.draw(st.integers(1, count - 1))
    train, test = splits.hold_out(count, size, seed)
    assert len(test) == size
    check_split(train, test, count)
    np.testing.assert_array_equal(test, splits.hold_out(count, size, seed)[1])


def test_hold_out_gives_every_item_the_same_chance():
    times = np.zeros(10)
    for seed in range(2000):
        times[splits.hold_out(10, 3, seed)[1]] += 1
    assert abs(times / 2000 - 0.3).max() < 4 * np.sqrt(0.21 / 2000)


def test_shares_are_kept():
    train, test = splits.hold_out(100, 20, labels=LABELS)
    assert np.bincount(LABELS[test]).tolist() == [10, 6, 4]
    assert np.bincount(LABELS[train]).tolist() == [40, 24, 16]
    for train, test in splits.k_fold(100, 10, labels=LABELS):
        assert np.bincount(LABELS[test]).tolist() == [5, 3, 2]
        check_split(train, test, 100)


@hypothesis.given(counts, seeds, st.data())
def test_k_fold(count, seed, data):
    folds = data.draw(st.integers(2, count))
    pairs = splits.k_fold(count, folds, seed)
    assert len(pairs) == folds
    for train, test in pairs:
        check_split(train, test, count)
        assert len(test) in (count // folds, -(-count // folds))
    tests = np.concatenate([test for _, test in pairs])
    np.testing.assert_array_equal(np.sort(tests), np.arange(count))


def test_k_fold_deals_out_in_an_order_of_its_seed():
    def tests(seed):
        return [test.tolist() for _, test in splits.k_fold(20, 4, seed)]

    assert tests(3) == tests(3) != tests(4)
    assert tests(0)[0] != list(range(5))


@hypothesis.given(counts)
def test_leave_one_out(count):
    pairs = list(splits.leave_one_out(count))
    assert [test.tolist() for _, test in pairs] == [[i] for i in range(count)]
    for train, test in pairs:
        check_split(train, test, count)


@hypothesis.given(st.integers(1, 60), seeds)
def test_bootstrap(count, seed):
    bag, out_of_bag = splits.bootstrap(count, seed)
    assert bag.shape == (count,) and (np.diff(bag) >= 0).all()
    assert out_of_bag.dtype == bag.dtype == np.int64
    check_split(np.unique(bag), out_of_bag, count)
    np.testing.assert_array_equal(bag, splits.bootstrap(count, seed)[0])


@pytest.mark.parametrize("count", [2, 10, 1000])
def test_the_share_out_of_the_bag(count):
    """E = (1 - 1/n)^n; the variance of the number left out is that of occupancy."""
    rounds = 2000
    found = np.array([len(splits.bootstrap(count, s)[1]) for s in range(rounds)])
    one = (1 - 1 / count) ** count
    two = (1 - 2 / count) ** count  # that two given items are both left out
    variance = count * one * (1 - one) + count * (count - 1) * (two - one**2)
    assert abs(found.mean() - count * one) < 4 * np.sqrt(variance / rounds)
    # The variance of a sample variance of a bell-shaped number: 2 variance^2 / rounds.
    assert found.var() == pytest.approx(variance, rel=5 * np.sqrt(2 / rounds))


def test_the_share_goes_to_one_in_e():
    bag, out_of_bag = splits.bootstrap(1_000_000)
    expected = np.exp(-1)  # 36.8 %
    assert round(expected, 3) == 0.368
    # Occupancy: a standard error of sqrt(1/e - 2/e^2) / sqrt(n) = 3e-4.
    assert abs(len(out_of_bag) / len(bag) - expected) < 4 * 3.2e-4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda: splits.hold_out(5, 5), "leaves none.*at most 4", id="all"),
        pytest.param(lambda: splits.hold_out(5, 0), "test_size", id="no test"),
        pytest.param(lambda: splits.hold_out(1, 1), "count", id="one item"),
        pytest.param(
            lambda: splits.hold_out(5, 2, seed=-1), "seed is an integer", id="seed"
        ),
        pytest.param(
            lambda: splits.hold_out(5, 2, labels=[0, 1]), "of the 5 items", id="labels"
        ),
        pytest.param(
            lambda: splits.hold_out(4, 2, labels=[0, 0, 0, 1]), "least.*2", id="single"
        ),
        pytest.param(
            lambda: splits.hold_out(4, 1, labels=[0, 0, 1, 1]),
            "each of 2 classes.*a part of 1",
            id="small part",
        ),
        pytest.param(lambda: splits.k_fold(4, 5), "folds=5 for 4", id="folds"),
        pytest.param(lambda: splits.k_fold(4, 1), "folds is an integer", id="one fold"),
        pytest.param(
            lambda: splits.k_fold(5, 3, labels=[0, 0, 0, 1, 1]),
            "folds=3, but class .*1.* has 2",
            id="few",
        ),
        pytest.param(lambda: splits.leave_one_out(1), "count", id="left out"),
        pytest.param(lambda: splits.bootstrap(0), "count", id="bag"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
