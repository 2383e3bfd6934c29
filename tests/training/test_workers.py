"""Two worker processes on loopback train as one process does."""

import signal
import time

import numpy as np
import pytest
from helpers.processes import HERE, finish, start, start_cluster

from keras_gan.saving import checkpoints

pytestmark = pytest.mark.slow

SCRIPT = HERE / "worker.py"


def start_workers(directory, folder, *options):
    def command(index):
        return SCRIPT, directory, folder / f"worker{index}.npz", *options

    return start_cluster(command)


def load(path):
    with np.load(path) as stored:
        return {name: stored[name] for name in stored.files}


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    finish(start(SCRIPT, folder / "checkpoints", folder / "alone.npz"))
    return load(folder / "alone.npz")


def assert_as_alone(alone, folder):
    one, other = (load(folder / f"worker{index}.npz") for index in range(2))
    for name, array in alone.items():
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
        # 56 SGD steps whose float32 sums run in another order
        tolerance = 2e-5 * max(1, abs(array).max())
        np.testing.assert_allclose(one[name], array, atol=tolerance, err_msg=name)


def test_two_workers_end_where_one_process_ends(alone, tmp_path):
    finish(*start_workers(tmp_path / "checkpoints", tmp_path, "--rows"))
    assert_as_alone(alone, tmp_path)
    rows = [load(tmp_path / f"worker{index}.npz")["rows"] for index in range(2)]
    assert len(rows[0]) == len(rows[1]) == 250
    assert sorted(np.concatenate(rows)) == list(range(500))  # no sample twice
    assert checkpoints.steps(tmp_path / "checkpoints")


def test_a_killed_worker_stops_the_others_and_the_cluster_resumes(alone, tmp_path):
    directory = tmp_path / "checkpoints"
    one, other = start_workers(directory, tmp_path)
    for line in one.stdout:
        if line.startswith("step 12"):
            break
    other.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    output, _ = one.communicate(timeout=60)
    assert time.monotonic() - killed < 30
    assert one.returncode != 0
    assert "WorkerLostError: Another worker was lost" in output, output[-2000:]
    assert "--resume" in output
    other.communicate()
    assert checkpoints.newest(directory)[1]["step"] >= 5
    finish(*start_workers(directory, tmp_path))
    assert_as_alone(alone, tmp_path)
