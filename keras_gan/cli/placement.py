"""Placement: the strategy of `tf.distribute` that `--strategy` asks for."""

import contextlib

import tensorflow as tf


def make(wanted, cluster):
    """A `tf.distribute` strategy, or None for one device.

    To be called before TensorFlow has computed anything, since workers find each other
    first.

    Args:
        wanted: "auto": workers if TF_CONFIG names several processes, all local GPUs if
            there are several, else one device; "none", "mirrored" or "multiworker".
        cluster: `cluster.Cluster`.

    Raises:
        ValueError: for "multiworker" without workers, or others with them.
    """
    if wanted == "multiworker" and cluster.size == 1:
        raise ValueError(
            "--strategy multiworker needs a TF_CONFIG that names several processes. "
            "Set it for each of them, and start the same command in all."
        )
    if wanted in ("none", "mirrored") and cluster.size > 1:
        raise ValueError(
            f"TF_CONFIG names {cluster.size} processes. Pass --strategy multiworker, "
            "or unset TF_CONFIG."
        )
    if cluster.size > 1:
        return tf.distribute.MultiWorkerMirroredStrategy()
    gpus = tf.config.list_physical_devices("GPU")
    if wanted == "mirrored" or (wanted == "auto" and len(gpus) > 1):
        return tf.distribute.MirroredStrategy()
    return None


def scope(strategy):
    """The context in which the game's variables are made."""
    return strategy.scope() if strategy else contextlib.nullcontext()


def playable(config, strategy):
    """The config as it can be played there: one step an execution with replicas.

    TensorFlow runs no collective operation in a loop; the trajectory is the same.
    """
    if strategy is None or strategy.num_replicas_in_sync == 1:
        return config
    return {**config, "compile": {**config["compile"], "steps_per_execution": 1}}


def describe(strategy, cluster):
    """One line of what plays, such as "2 workers, 2 replicas"."""
    if strategy is None:
        return "one device"
    replicas = strategy.num_replicas_in_sync
    word = "replica" if replicas == 1 else "replicas"
    if cluster.size == 1:
        return f"{replicas} {word} here"
    return f"{cluster.size} workers, {replicas} {word}"
