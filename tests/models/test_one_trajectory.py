"""Eager, graph, XLA, steps_per_execution and two replicas take one trajectory."""

import numpy as np
import pytest
from trajectory import EPOCHS, data, game, state

WAYS = {
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 4},
}
# float32 has 1.2e-7; a run of 12 steps sums in another order on other devices.
TOLERANCE = 1e-6


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=TOLERANCE * max(1, abs(a).max()))


def play(gan):
    history = gan.fit(data(), epochs=EPOCHS, verbose=0).history
    return state(gan), history


@pytest.fixture(scope="module")
def graph():
    return play(game())


def test_the_graph_run_moves(graph):
    weights, history = graph
    first = state(game())
    moved = [abs(a - b).max() for a, b in zip(first, weights, strict=True)]
    assert min(moved) > 1e-4  # every weight, the average and both counters
    assert len(history["d_loss"]) == EPOCHS
    assert set(history) == {
        *("d_loss", "g_loss", "r1", "real_score", "fake_score"),
        *("real_accuracy", "fake_accuracy"),
    }


@pytest.mark.parametrize("way", WAYS)
def test_same_weights_and_logs(graph, way):
    weights, history = play(game(**WAYS[way]))
    assert_same(graph[0], weights)
    assert_same([np.array(graph[1][k]) for k in graph[1]], list(history.values()))


def test_two_replicas(graph, two_replicas):
    weights, history = play(game(two_replicas))
    assert_same(graph[0], weights)
    assert_same([np.array(graph[1][k]) for k in graph[1]], list(history.values()))


def test_one_epoch_at_a_time(graph):
    gan = game()
    for _ in range(EPOCHS):
        gan.fit(data(), epochs=1, verbose=0)
    assert_same(graph[0], state(gan))
