"""`keras-gan train` in two workers, whole and with one killed, and in two replicas."""

import json
import signal
import time

import numpy as np
import pytest
from helpers import events
from helpers.processes import finish, start, start_cluster

from keras_gan.saving import checkpoints

pytestmark = pytest.mark.slow

TRAIN = ("-m", "keras_gan.cli", "train", "dcgan_digits", "--epochs", "4")


def command(folder, *more):
    return *TRAIN, "--output", folder, *more


def last(folder):
    path, manifest = checkpoints.newest(folder / "checkpoints")
    return checkpoints.load(path), manifest


def assert_same_run(one, other, tolerance):
    (arrays, manifest), (others, other_manifest) = last(one), last(other)
    assert manifest["step"] == other_manifest["step"] == 4 * 28
    for name, array in arrays.items():
        if not name.startswith("metrics/"):
            bound = tolerance * max(1, abs(array).max())
            np.testing.assert_allclose(others[name], array, atol=bound, err_msg=name)
    logs, other_logs = manifest["history"]["logs"], other_manifest["history"]["logs"]
    assert logs.keys() == other_logs.keys()
    for name, values in logs.items():
        np.testing.assert_allclose(other_logs[name], values, atol=tolerance)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone") / "run"
    finish(start(*command(folder)))
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster") / "run"
    watched = command(folder, "--tensorboard")
    return folder, finish(*start_cluster(lambda index: watched))


# Adam divides by the root of a mean square: where a gradient is all but zero, the
# rounding of another order of sums decides the sign of a move of up to 0.0005.
ADAM = 5e-3


def test_two_workers_end_where_one_process_ends(alone, cluster):
    folder, (chief, other) = cluster
    assert_same_run(alone, folder, ADAM)
    assert "2 workers, 2 replicas" in chief and "Trained in" in chief
    assert "Worker 2 of 2; the first one writes." in other
    assert "Trained" not in other
    assert (folder / "preset" / "metadata.json").is_file()
    assert len(list((folder / "tensorboard" / "train").iterdir())) == 1  # one writer


def test_two_workers_are_watched_by_the_first_one(cluster):
    folder, (chief, other) = cluster
    assert "TensorBoard: http://127.0.0.1:" in chief and "TensorBoard" not in other
    found = events.read(folder / "tensorboard")
    for player in ("generator", "discriminator"):
        norms = found[player]["curves/gradient_norm"]
        assert list(norms) == [28, 56, 84, 112] and min(norms.values()) > 0
    assert len(found["real"]["logits"]) == 4


def test_a_killed_worker_and_resume(cluster, tmp_path):
    folder = tmp_path / "run"
    chief, other = start_cluster(lambda index: command(folder))
    while not (folder / "samples" / "epoch-0002.png").exists():
        assert chief.poll() is None, chief.communicate()[0][-2000:]
        time.sleep(0.01)
    other.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    output, _ = chief.communicate(timeout=60)
    other.communicate()
    assert time.monotonic() - killed < 30
    assert chief.returncode == 1, output[-2000:]
    assert "Error: Another worker was lost" in output and "--resume" in output
    assert "Traceback" not in output, output[-3000:]
    finish(*start_cluster(lambda index: command(folder, "--resume")))
    # The bits of the undisturbed cluster, which was watched.
    assert_same_run(cluster[0], folder, 0)


def test_ctrl_c_in_one_worker_stops_both(tmp_path):
    folder = tmp_path / "run"
    chief, other = start_cluster(lambda index: command(folder))
    while not (folder / "samples" / "epoch-0001.png").exists():
        assert chief.poll() is None, chief.communicate()[0][-2000:]
        time.sleep(0.01)
    chief.send_signal(signal.SIGINT)
    output, _ = chief.communicate(timeout=60)
    assert chief.returncode == 130, output[-2000:]
    output, _ = other.communicate(timeout=60)
    assert other.returncode == 1 and "Another worker was lost" in output
    assert checkpoints.newest(folder / "checkpoints")


def test_mirrored_on_one_device_is_no_strategy(alone, tmp_path):
    folder = tmp_path / "run"
    (output,) = finish(start(*command(folder, "--strategy", "mirrored")))
    assert "1 replica here" in output
    assert_same_run(alone, folder, 0)
    config = json.loads((folder / "config.json").read_text())
    assert config == json.loads((alone / "config.json").read_text())
