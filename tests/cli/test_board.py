"""TensorBoard beside a training: its address is told, and it ends with the training."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from keras_gan.cli import board, reporting

ADDRESS = re.compile(r"TensorBoard: (http://127\.0\.0\.1:\d+/)")
# In place of TensorBoard, which takes seconds to start: a server that says a word.
STANDS_IN = """
import http.server, sys, threading
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}/", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(reporting, "say", lines.append)
    monkeypatch.setattr(
        reporting.trouble, "print", lambda text, **options: lines.append(text)
    )
    return lines


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def answers(address):
    port = int(address.rstrip("/").rpartition(":")[2])
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_the_address_is_told_and_served_until_the_end(said, monkeypatch, tmp_path):
    monkeypatch.setattr(board, "SERVER", (sys.executable, "-c", STANDS_IN))
    with pytest.raises(KeyboardInterrupt), board.serving(str(tmp_path)):
        (line,) = wait_for(lambda: said)
        address = ADDRESS.fullmatch(line)[1]
        assert answers(address)
        raise KeyboardInterrupt
    assert not answers(address)


def test_what_keeps_it_from_starting_is_told(said, monkeypatch, tmp_path):
    fails = "import sys; sys.exit('no port is free')"
    monkeypatch.setattr(board, "SERVER", (sys.executable, "-c", fails))
    with board.serving(str(tmp_path)):
        (line,) = wait_for(lambda: said)
    assert "training goes on without it: no port is free" in line


def test_a_training_that_ends_first_says_nothing(said, monkeypatch, tmp_path):
    slow = "import sys; sys.stdin.read()"
    monkeypatch.setattr(board, "SERVER", (sys.executable, "-c", slow))
    with board.serving(str(tmp_path)):
        pass
    assert said == []


@pytest.mark.slow
def test_a_run_is_seen_as_it_trains_and_the_server_dies_with_it(tmp_path):
    """Also by SIGKILL, of which nobody is told."""
    command = [sys.executable, "-m", "keras_gan.cli", "train", "mlp_digits"]
    process = subprocess.Popen(
        [*command, "--epochs", "100000", "--tensorboard"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        address = None
        while address is None:
            line = process.stdout.readline()
            assert line, process.poll()
            address = (found := ADDRESS.search(line)) and found[1]

        def runs():
            try:
                with urllib.request.urlopen(f"{address}data/runs", timeout=10) as page:
                    return set(json.load(page))
            except urllib.error.URLError:
                return set()

        expected = {"train", "discriminator", "generator", "real", "fake"}
        wait_for(lambda: runs() >= expected)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    wait_for(lambda: not answers(address))
