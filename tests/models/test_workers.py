"""Two worker processes on loopback train as one process does."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from keras_gan import checkpoints

pytestmark = pytest.mark.slow

SCRIPT = pathlib.Path(__file__).with_name("worker.py")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start(directory, out, *options, config=None):
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    if config:
        environment["TF_CONFIG"] = json.dumps(config)
    command = [sys.executable, str(SCRIPT), str(directory), str(out), *options]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def start_cluster(directory, folder, *options):
    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    return [
        start(
            directory,
            folder / f"worker{index}.npz",
            *options,
            config={
                "cluster": {"worker": workers},
                "task": {"type": "worker", "index": index},
            },
        )
        for index in range(2)
    ]


def finish(process):
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output[-3000:]


def load(path):
    with np.load(path) as stored:
        return {name: stored[name] for name in stored.files}


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    finish(start(folder / "checkpoints", folder / "alone.npz"))
    return load(folder / "alone.npz")


def assert_as_alone(alone, folder):
    one, other = (load(folder / f"worker{index}.npz") for index in range(2))
    for name, array in alone.items():
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
        # 56 SGD steps whose float32 sums run in another order
        tolerance = 2e-5 * max(1, abs(array).max())
        np.testing.assert_allclose(one[name], array, atol=tolerance, err_msg=name)


def test_two_workers_end_where_one_process_ends(alone, tmp_path):
    for process in start_cluster(tmp_path / "checkpoints", tmp_path, "--rows"):
        finish(process)
    assert_as_alone(alone, tmp_path)
    rows = [load(tmp_path / f"worker{index}.npz")["rows"] for index in range(2)]
    assert len(rows[0]) == len(rows[1]) == 250
    assert sorted(np.concatenate(rows)) == list(range(500))  # no sample twice
    assert checkpoints.steps(tmp_path / "checkpoints")


def test_a_killed_worker_stops_the_others_and_the_cluster_resumes(alone, tmp_path):
    directory = tmp_path / "checkpoints"
    one, other = start_cluster(directory, tmp_path)
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
    for process in start_cluster(directory, tmp_path):
        finish(process)
    assert_as_alone(alone, tmp_path)
