"""The cluster that TF_CONFIG describes, read without TensorFlow."""

import json
import os

ENTRY = "TF_CONFIG"
EXAMPLE = (
    '{"cluster": {"worker": ["host0:port", "host1:port"]}, '
    '"task": {"type": "worker", "index": 0}}'
)


class Cluster:
    """The processes of one training, and which of them this is.

    Attributes:
        size: how many processes train.
        number: which of them this is, from 0.
        is_chief: whether it is the one that writes.
    """

    def __init__(self, size=1, number=0):
        self.size = size
        self.number = number
        self.is_chief = number == 0


def read(environment=os.environ):
    """The cluster that TF_CONFIG describes; one of a single process without it.

    Raises:
        ValueError: for a TF_CONFIG that cannot be trained in.
    """
    text = environment.get(ENTRY, "")
    if not text:
        return Cluster()
    try:
        config = json.loads(text)
        jobs = {job: len(config["cluster"][job]) for job in config["cluster"]}
        task, index = config["task"]["type"], int(config["task"]["index"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{ENTRY} cannot be read ({type(error).__name__}: {error}). It looks like "
            f"{EXAMPLE}. Received: {text}"
        ) from error
    strange = sorted(set(jobs) - {"chief", "worker"})
    if strange:
        raise ValueError(
            f"{ENTRY} names {', '.join(strange)}, and games are trained by workers and "
            f"a chief alone, without parameter servers. Received: {text}"
        )
    if task not in jobs or not 0 <= index < jobs[task]:
        raise ValueError(
            f"{ENTRY} gives this process the task {task} {index}, which is not in its "
            f"cluster. Received: {text}"
        )
    before = jobs.get("chief", 0) if task == "worker" else 0
    return Cluster(sum(jobs.values()), before + index)
