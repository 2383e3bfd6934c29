"""The commands take a preset from a hub, and say at once why they cannot."""

import json
import os
import subprocess
import sys

import pytest
from helpers.commands import SCRIPT, call, refused
from helpers.hub_server import running
from helpers.small import mlp

HANDLE = "hf://user/digits"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "preset"
    mlp().save_to_preset(folder)
    return folder


def script(server, place, *arguments, without=()):
    """What `keras-gan` answers in a process of its own: code, heavy imports, stderr."""
    environment = {
        **os.environ,
        "HF_ENDPOINT": server.url,
        "HF_HUB_OFFLINE": "0",
        "HF_HOME": str(place / "hf"),
        "no_proxy": "127.0.0.1,localhost",
        "COLUMNS": "200",
    }
    hide = "".join(f"import sys; sys.modules[{name!r}] = None\n" for name in without)
    command = [sys.executable, "-c", hide + SCRIPT, *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, cwd=place
    )
    code, heavy = json.loads(done.stdout.splitlines()[-1])
    return code, heavy, done.stdout, done.stderr


def test_a_preset_on_a_hub_is_shown(saved, tmp_path):
    with running() as server:
        server.repositories["user/digits"] = {"main": saved}
        code, _, shown, errors = script(server, tmp_path, "info", HANDLE)
    assert code == 0, errors
    assert HANDLE in shown and "MLPGenerator" in shown
    assert f"Weights:  {tmp_path}" in shown


@pytest.mark.parametrize("command", ["sample", "info", "export"])
def test_what_is_not_there_is_said_before_tensorflow_starts(tmp_path, command):
    arguments = [command, HANDLE, *(["out"] if command == "export" else [])]
    with running() as server:
        code, heavy, _, errors = script(server, tmp_path, *arguments)
    assert (code, heavy) == (1, []), errors
    assert f"Error: There is no {HANDLE} on the hub" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("handle", "client"),
    [(HANDLE, "huggingface_hub"), ("kaggle://user/model/keras/small", "kagglehub")],
    ids=["hf", "kaggle"],
)
def test_a_missing_client_is_said_before_tensorflow_starts(tmp_path, handle, client):
    with running() as server:
        answer = script(server, tmp_path, "sample", handle, without=[client])
    code, heavy, _, errors = answer
    assert (code, heavy) == (1, []), errors
    assert f"{client}, which is not installed" in errors
    assert 'pip install "keras_gan[hub]"' in errors and "Traceback" not in errors


def test_samples_and_an_export_of_a_preset_in_the_cache_of_a_hub(saved, tmp_path):
    """What was fetched is a folder of links, as `keras-gan sample` gets it."""
    cached = tmp_path / "models--user--digits"
    blobs, snapshot = cached / "blobs", cached / "snapshots" / "0123"
    blobs.mkdir(parents=True)
    snapshot.mkdir(parents=True)
    for number, path in enumerate(sorted(saved.iterdir())):
        (blobs / str(number)).write_bytes(path.read_bytes())
        (snapshot / path.name).symlink_to(f"../../blobs/{number}")
    output = tmp_path / "samples.npz"
    assert call("sample", snapshot, "-n", 2, "--output", output)[0] == 0
    assert call("export", snapshot, tmp_path / "serving")[0] == 0
    assert output.is_file() and (tmp_path / "serving" / "saved_model.pb").is_file()


def test_a_malformed_handle_and_another_hub():
    assert "is not of the form hf://" in refused("sample", "hf://user/../repo")
    assert "A preset on a hub is hf://" in refused("info", "gs://user/repo")


def test_training_says_what_to_do_with_a_handle():
    assert "GAN.from_preset(...).fit(...)" in refused("train", HANDLE)
