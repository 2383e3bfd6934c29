"""Servers of other projects, each in an environment of its own, on loopback."""

import contextlib
import pathlib
import signal
import socket
import subprocess
import sys
import time
import venv

import pytest

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples" / "serving"
INSTALLING = 900  # seconds; a TensorFlow has half a gigabyte
STARTING = 180
ENDING = 60


def environment(folder, *requirements):
    """The Python of a new virtual environment that has these packages.

    The test is skipped where they cannot be installed.
    """
    venv.create(folder, with_pip=True)
    python = str(pathlib.Path(folder) / "bin" / "python")
    command = [python, "-m", "pip", "install", "--quiet", *requirements]
    said = "no answer"
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            command, timeout=INSTALLING, capture_output=True, text=True
        )
        if done.returncode == 0:
            return python
        said = done.stderr.strip()[-300:]
    return pytest.skip(f"{', '.join(requirements)} cannot be installed here: {said}")


@contextlib.contextmanager
def running(command, port, log, **environment):
    """A process that listens at `port` of 127.0.0.1, until the block ends.

    It is ended by its own id: asked to, as by Ctrl-C, and killed where it does not.
    """
    with open(log, "wb") as said:
        process = subprocess.Popen(
            list(map(str, command)), stdout=said, stderr=said, **environment
        )
    try:
        _wait_for(process, port, log)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process, port, log):
    end = time.monotonic() + STARTING
    while not answers("127.0.0.1", port):
        ended = process.poll() is not None
        if ended or time.monotonic() > end:
            text = pathlib.Path(log).read_text("utf-8", "replace")
            raise AssertionError(f"No server at {port}: {text[-3000:]}")
        time.sleep(0.2)


def answers(address, port):
    """Whether something listens there."""
    with contextlib.suppress(OSError):
        socket.create_connection((address, port), timeout=2).close()
        return True
    return False


def is_on_loopback_alone(port):
    """Whether a listener at `port` has bound 127.0.0.1, not all interfaces.

    On Linux all of 127.0.0.0/8 is loopback: who listens everywhere answers at each.
    """
    if not sys.platform.startswith("linux"):
        pytest.skip("needs 127.0.0.2, which other systems do not have")
    return answers("127.0.0.1", port) and not answers("127.0.0.2", port)


def call(command, **options):
    """Run a command, which ends well."""
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=180, **options
    )
    assert done.returncode == 0, done.stderr[-3000:]
