"""All ways of running take one trajectory.

Eager, graph, XLA, steps_per_execution, two replicas, two workers, and a run that is
killed and resumed (whose bits are compared in test_resume.py).
"""

import random
import signal
import time

import numpy as np
import pytest
from helpers.pace import only
from helpers.processes import HERE, finish, start, start_cluster
from helpers.trajectory import EPOCHS, data, game, state

from keras_gan import penalties

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


def penalised(strategy=None, **way):
    terms = [
        penalties.GradientPenalty(0.2, every=2),
        penalties.DRAGAN(0.2, every=3),
        penalties.R2(0.2),
    ]
    return play(game(strategy, penalties=terms, **way))


@pytest.fixture(scope="module")
def penalised_graph():
    return penalised()


@pytest.mark.parametrize("way", only(["eager", "steps_per_execution"], WAYS))
def test_every_penalty(penalised_graph, way):
    weights, history = penalised(**WAYS[way])
    assert_same(penalised_graph[0], weights)
    logs = [np.array(values) for values in penalised_graph[1].values()]
    assert_same(logs, list(history.values()))
    assert all(min(history[key]) > 0 for key in ("gradient_penalty", "dragan", "r2"))


def test_two_replicas(graph, two_replicas):
    weights, history = play(game(two_replicas))
    assert_same(graph[0], weights)
    assert_same([np.array(graph[1][k]) for k in graph[1]], list(history.values()))


def test_one_epoch_at_a_time(graph):
    gan = game()
    for _ in range(EPOCHS):
        gan.fit(data(), epochs=1, verbose=0)
    assert_same(graph[0], state(gan))


SCRIPT = HERE / "trajectory.py"


def load(path):
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    weights = [arrays.pop(name) for name in sorted(arrays) if name.startswith("weight")]
    return weights, arrays


def assert_same_run(graph, path):
    weights, history = load(path)
    assert_same(graph[0], weights)
    assert set(history) == set(graph[1])
    assert_same([np.array(graph[1][k]) for k in history], list(history.values()))


@pytest.mark.slow
def test_two_workers(graph, tmp_path):
    def command(index):
        out = tmp_path / f"worker{index}.npz"
        return SCRIPT, tmp_path / "checkpoints", "--dropout", 0, "--out", out

    finish(*start_cluster(command))
    assert_same_run(graph, tmp_path / "worker0.npz")
    assert_same_run(graph, tmp_path / "worker1.npz")


@pytest.mark.slow
def test_killed_and_resumed(graph, tmp_path):
    command = SCRIPT, tmp_path / "run", "--dropout", 0, "--out", tmp_path / "out.npz"
    process = start(*command)
    while len(list((tmp_path / "run").glob("step-*"))) < 2:
        assert process.poll() is None
        time.sleep(0.001)
    time.sleep(random.Random(3).uniform(0, 0.1))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (tmp_path / "out.npz").exists()
    finish(start(*command))
    assert_same_run(graph, tmp_path / "out.npz")
