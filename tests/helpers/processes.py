"""Training in processes of their own: alone, or two as a cluster on loopback."""

import json
import os
import pathlib
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
TIMEOUT = 300  # seconds; none of these runs takes a minute


def own_environment():
    """The environment of this process, in which a script finds `helpers` too."""
    paths = [str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": os.pathsep.join(paths),
    }


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start(*command, config=None, **environment):
    """A process of this Python; `config` is its TF_CONFIG."""
    environment = {**own_environment(), **environment}
    if config:
        environment["TF_CONFIG"] = json.dumps(config)
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def start_cluster(command_of, **environment):
    """Two workers; `command_of(index)` is the command of each."""
    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    return [
        start(
            *command_of(index),
            config={
                "cluster": {"worker": workers},
                "task": {"type": "worker", "index": index},
            },
            **environment,
        )
        for index in range(2)
    ]


def finish(*processes, timeout=TIMEOUT):
    """The output of each process, when all have ended well."""
    outputs = [process.communicate(timeout=timeout)[0] for process in processes]
    for process, output in zip(processes, outputs, strict=True):
        assert process.returncode == 0, output[-3000:]
    return outputs
