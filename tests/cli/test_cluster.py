"""What is read from TF_CONFIG, and which strategies go with it."""

import json

import pytest
import tensorflow as tf

from keras_gan.cli import cluster, placement

CLUSTER = {"chief": ["a:1"], "worker": ["b:1", "c:1"]}


def read(jobs, task, index):
    config = {"cluster": jobs, "task": {"type": task, "index": index}}
    return cluster.read({"TF_CONFIG": json.dumps(config)})


def test_no_config_is_one_process():
    for environment in ({}, {"TF_CONFIG": ""}):
        alone = cluster.read(environment)
        assert (alone.size, alone.number, alone.is_chief) == (1, 0, True)


@pytest.mark.parametrize(
    ("jobs", "task", "index", "number"),
    [
        (CLUSTER, "chief", 0, 0),
        (CLUSTER, "worker", 1, 2),
        ({"worker": ["a:1", "b:1", "c:1"]}, "worker", 0, 0),
    ],
)
def test_the_first_process_writes(jobs, task, index, number):
    found = read(jobs, task, index)
    assert (found.size, found.number) == (3, number)
    assert found.is_chief == (number == 0)


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"cluster": {"worker": 3}}'])
def test_what_cannot_be_read_is_shown(text):
    with pytest.raises(ValueError, match="cannot be read.*It looks like") as error:
        cluster.read({"TF_CONFIG": text})
    assert str(error.value).endswith(f"Received: {text}")


def test_parameter_servers_and_foreign_tasks_are_refused():
    with pytest.raises(ValueError, match="names evaluator, ps"):
        read({"worker": ["a:1"], "ps": ["b:1"], "evaluator": ["c:1"]}, "worker", 0)
    with pytest.raises(ValueError, match="the task worker 2, which is not in its"):
        read(CLUSTER, "worker", 2)


def test_strategies_need_what_they_are_made_of():
    alone, three = cluster.Cluster(), cluster.Cluster(3, 1)
    assert placement.make("auto", alone) is None  # no GPUs here
    assert placement.make("none", alone) is None
    with pytest.raises(ValueError, match="needs a TF_CONFIG"):
        placement.make("multiworker", alone)
    for wanted in ("none", "mirrored"):
        with pytest.raises(ValueError, match="names 3 processes"):
            placement.make(wanted, three)


def test_several_gpus_are_mirrored(monkeypatch):
    made = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind] * 2)
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", lambda: made.append(1) or 7)
    assert placement.make("auto", cluster.Cluster()) == 7 and made == [1]
    assert placement.make("none", cluster.Cluster()) is None


def test_replicas_play_one_step_an_execution(two_replicas):
    config = {"compile": {"steps_per_execution": 14, "loss": "hinge"}, "epochs": 2}
    assert placement.playable(config, None) is config
    played = placement.playable(config, two_replicas)
    assert played["compile"] == {"steps_per_execution": 1, "loss": "hinge"}
    assert config["compile"]["steps_per_execution"] == 14
    assert placement.describe(two_replicas, cluster.Cluster()) == "2 replicas here"
