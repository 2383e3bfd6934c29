"""The covering of all pairs, which other tests rely on."""

import itertools

import hypothesis
import pytest
from helpers.pairs import all_pairs
from hypothesis import strategies


def met(rows):
    """The pairs of two places and their values that occur."""
    return {
        (i, row[i], j, row[j])
        for row in rows
        for i, j in itertools.combinations(range(len(row)), 2)
    }


@hypothesis.settings(deadline=None)  # a loaded machine is no failure
@hypothesis.given(strategies.lists(strategies.integers(1, 6), min_size=2, max_size=5))
def test_every_pair_meets(sizes):
    axes = [tuple(range(size)) for size in sizes]
    rows = all_pairs(*axes)
    assert met(rows) == met(itertools.product(*axes))
    assert len(set(rows)) == len(rows)
    assert len(rows) <= len(list(itertools.product(*axes)))


def test_it_is_small():
    """Three axes of n values need n^2 rows, which a Latin square has."""
    assert len(all_pairs("abc", "def", "ghi")) <= 10
    assert len(all_pairs(*[range(2)] * 4)) <= 6  # of 16; the least is 5


def test_the_first_value_is_taken_where_any_will_do():
    rows = all_pairs(range(8), range(9), ("cheap", "dear", "dearest"))
    assert len(rows) == 72
    for name in ("dear", "dearest"):
        count = sum(row[2] == name for row in rows)
        assert count == 9  # the least; a third of them is 24


@pytest.mark.parametrize("axes", [(), ("ab",), ("ab", "")], ids=["no", "one", "empty"])
def test_fewer_than_two_axes_have_no_pairs(axes):
    with pytest.raises(ValueError, match="two axes"):
        all_pairs(*axes)
