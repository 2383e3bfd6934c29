"""Losses, penalties, orders of play and modes of running, combined.

Here all pairs of them but those of a loss and a penalty, which the full product has; it
is slow. What a combination is, and the game by hand that it is held to, is in
combinations.py.
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
from helpers.pace import only
from helpers.pairs import all_pairs
from helpers.processes import HERE, finish, start


def with_losses(rows):
    """Rows (penalty, order, way), each with the loss that has met least of them."""
    left = {(loss, name) for loss in LOSSES for name in (*ORDERS, *WAYS)}
    for number, (penalty, *others) in enumerate(rows):
        turned = [*LOSSES][number % len(LOSSES) :] + [*LOSSES][: number % len(LOSSES)]
        loss = max(turned, key=lambda one: sum((one, name) in left for name in others))
        left -= {(loss, name) for name in others}
        yield loss, penalty, *others
    assert not left


PAIRS = list(with_losses(all_pairs(PENALTIES, tuple(ORDERS), tuple(WAYS))))


QUICK = [row for row in PAIRS if row[-1] != "XLA"]


@pytest.mark.parametrize("combination", only(QUICK, PAIRS), ids=" - ".join)
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
