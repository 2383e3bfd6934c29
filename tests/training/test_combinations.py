"""Losses, penalties, orders of play and modes of running, combined.

All pairs of them here; the full product is slow. What a combination is, and the game by
hand that it is held to, is in combinations.py.
"""

import itertools

import numpy as np
import pytest
from helpers.combinations import (
    LOSSES,
    ORDERS,
    PENALTIES,
    TWO,
    WAYS,
    by_hand,
    check,
    product,
)
from helpers.pairs import all_pairs
from helpers.processes import HERE, finish, start

PAIRS = all_pairs(tuple(LOSSES), PENALTIES, tuple(ORDERS), tuple(WAYS))


@pytest.mark.parametrize("combination", PAIRS, ids=" - ".join)
def test_all_pairs(combination, request):
    two = combination[-1] == TWO
    check(*combination, request.getfixturevalue("two_replicas") if two else None)


@pytest.mark.slow
@pytest.mark.parametrize("loss", LOSSES)
def test_the_product(loss):
    # some 80 seconds of one core; a hanging process ends at last
    [output] = finish(start(HERE / "combinations.py", loss), timeout=1800)
    assert f"{len(product(loss))} combinations, failed: []" in output


def test_the_combinations_are_different_games():
    """What must change a trajectory does: else the comparisons would hold little."""
    games = [
        *(("NonSaturating", *rest) for rest in itertools.product(PENALTIES, ORDERS)),
        *((loss, "no", "simultaneous") for loss in LOSSES if loss != "NonSaturating"),
    ]
    ends = [np.concatenate([w.ravel() for w in by_hand(*game)[0]]) for game in games]
    for one, other in itertools.combinations(range(len(games)), 2):
        apart = abs(ends[one] - ends[other]).max()
        assert apart > 1e-4, (games[one], games[other])  # 100 times the tolerance
