"""A preset comes from a hub as it is there, or the reason is said.

The clients are the real ones, led to a stand-in of the hubs on this machine.
"""

import itertools
import os
import pathlib
import shutil
import socket
import sys

import huggingface_hub
import numpy as np
import pytest
from helpers.hub_server import COMMIT, running
from helpers.small import assert_equal, mlp, weights
from huggingface_hub import constants

from keras_gan.models import GAN
from keras_gan.saving import hubs

MODEL = "user/digits/keras/small"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "preset"
    mlp().save_to_preset(folder)
    (folder / "README.md").write_text("what else is in a repository")
    (folder / "model.pkl").write_bytes(b"never asked for")
    return folder


@pytest.fixture
def hub(saved, tmp_path, monkeypatch):
    """A hub with a repository and a model, to which both clients are led."""
    with running() as server:
        lead_clients(monkeypatch, server.url, tmp_path)
        server.repositories["user/digits"] = {"main": saved, "v1.0": saved}
        server.models[MODEL] = {1: saved, 2: saved}
        yield server
    huggingface_hub.close_session()  # it keeps the proxy that it began with


def lead_clients(monkeypatch, url, cache):
    template = url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "ENDPOINT", url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache / "hf"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("KAGGLE_API_ENVIRONMENT", "LOCALHOST")
    monkeypatch.setenv("KAGGLE_API_TOKEN", "kaggle_secret")
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(cache / "kaggle"))
    monkeypatch.setenv("http_proxy", url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("HTTP_PROXY", "NO_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def refused(handle, kind=ValueError):
    with pytest.raises(kind) as caught:
        GAN.from_preset(handle)
    message = str(caught.value)
    assert handle in message and len(message) < 400
    return message


HANDLES = [
    "hf://user/digits",
    "hf://user/digits@v1.0",
    f"kaggle://{MODEL}",
    f"kaggle://{MODEL}/1",
]


@pytest.mark.parametrize("handle", HANDLES)
def test_a_preset_comes_from_a_hub_as_it_was_saved(hub, saved, handle):
    game = GAN.from_preset(handle)
    assert_equal(weights(game), weights(GAN.from_preset(saved)))
    asked = [pathlib.Path(path).name for path in hub.fetched()]
    assert sorted(asked) == sorted(hubs.FILES)  # and no other


@pytest.mark.slow
def test_what_was_fetched_is_not_fetched_again(hub, monkeypatch):
    for handle in HANDLES:
        hubs.fetch(handle)
    count = len(hub.fetched())
    for handle in HANDLES:
        hubs.fetch(handle)
    assert len(hub.fetched()) == count
    # nor is a hub needed for what is in the cache
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    asked = len(hub.seen)
    hubs.fetch("hf://user/digits")
    hubs.fetch(f"kaggle://{MODEL}/1")
    assert len(hub.seen) == asked


def test_the_clients_log_in_as_they_do(hub):
    hubs.fetch("hf://user/digits")
    hubs.fetch(f"kaggle://{MODEL}")
    sent = {path.split("/")[1]: token for _, path, token in hub.seen}
    assert sent["user"] == "Bearer hf_secret"
    assert sent["api"] == "Bearer kaggle_secret"


def test_a_revision_may_be_a_commit_or_a_reference(hub, saved):
    hub.repositories["user/digits"] = {COMMIT: saved, "refs/pr/1": saved}
    folder = hubs.fetch(f"hf://user/digits@{COMMIT}")
    assert folder == hubs.fetch("hf://user/digits@refs/pr/1")
    assert os.path.basename(folder) == COMMIT


def test_the_cache_of_hugging_face_links_to_its_contents(hub):
    folder = pathlib.Path(hubs.fetch("hf://user/digits"))
    assert (folder / hubs.CONFIG).is_symlink()
    GAN.from_preset(folder)
    # Its client can let repositories share contents, which lie in the cache itself.
    blob = (folder / hubs.WEIGHTS).resolve()
    shared = folder.parents[2] / "blobs" / "00" / blob.name
    shared.parent.mkdir(parents=True)
    shutil.move(blob, shared)
    blob.symlink_to(shared)
    GAN.from_preset(folder)
    outside = folder.parents[2] / "elsewhere.h5"
    shutil.move(shared, outside)
    shared.symlink_to(outside)
    with pytest.raises(ValueError, match="outside of the preset"):
        GAN.from_preset(folder)


@pytest.mark.parametrize("handle", ["hf://user/digits", f"kaggle://{MODEL}/1"])
def test_a_damaged_cache_is_found_and_can_be_mended(hub, handle):
    path = pathlib.Path(hubs.fetch(handle)) / hubs.WEIGHTS
    content = path.resolve()
    content.write_bytes(content.read_bytes()[:-1] + b"?")
    with pytest.raises(ValueError, match="truncated or changed") as caught:
        GAN.from_preset(handle)
    named = pathlib.Path(str(caught.value).split(" is missing")[0])
    named.unlink()
    GAN.from_preset(handle)


def test_an_upload_that_was_changed_is_refused(hub, saved, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(saved, changed)
    config = changed / hubs.CONFIG
    config.write_text(config.read_text().replace("12", "13"))
    hub.repositories["user/digits"] = {"main": changed}
    hub.models[MODEL] = {3: changed}
    for handle in ("hf://user/digits", f"kaggle://{MODEL}"):
        with pytest.raises(ValueError, match="config.json|truncated or changed"):
            GAN.from_preset(handle)


def test_files_of_two_commits_make_no_preset(hub):
    """The repository is changed after the first file was asked for and sent."""
    later = itertools.repeat(COMMIT[::-1])
    hub.commits = itertools.chain([COMMIT, COMMIT], later)
    assert "was changed while it was fetched" in refused("hf://user/digits", OSError)
    GAN.from_preset("hf://user/digits")  # which is whole now


def test_kaggle_finds_what_was_changed_on_the_way(hub):
    hub.damage = lambda content: b"?" + content[1:]
    message = refused(f"kaggle://{MODEL}/1", ConnectionError)
    assert "DataCorruptionError" in message and "try again" in message


REFUSALS = [
    ("hf://user/digit", ValueError, "There is no hf://user/digit"),
    ("hf://user/digits@v2", ValueError, "a revision that is not there"),
    ("hf://user/other", ValueError, "no model.weights.h5 in it"),
    ("hf://user/re--po", ValueError, "client refuses hf://user/re--po"),
    ("hf://user/gated", PermissionError, "ask for access on its page"),
    ("hf://user/closed", PermissionError, "status 403"),
    ("kaggle://user/digit/keras/small", ValueError, "There is no kaggle://"),
    (f"kaggle://{MODEL}/9", ValueError, "There is no kaggle://"),
    ("kaggle://user/other/keras/small", ValueError, "no model.weights.h5 in it"),
    ("kaggle://user/digits/kares/small", ValueError, "kares"),
    ("kaggle://user/closed/keras/small", PermissionError, "status 403"),
    ("kaggle://user/down/keras/small", OSError, "status 503"),
]


@pytest.mark.parametrize(
    ("handle", "kind", "reason"), REFUSALS, ids=[handle for handle, _, _ in REFUSALS]
)
def test_what_a_hub_refuses_is_said_in_one_message(
    hub, saved, tmp_path, handle, kind, reason
):
    part = tmp_path / "part"
    part.mkdir()
    for name in (hubs.METADATA, hubs.CONFIG):
        shutil.copy(saved / name, part)
    hub.repositories["user/other"] = {"main": part}
    hub.models["user/other/keras/small"] = {1: part}
    hub.refusals = {
        "user/gated": (403, "GatedRepo"),
        "user/closed": (403, None),
        "user/closed/keras/small": (403, None),
        "user/down/keras/small": (503, None),
    }
    assert reason in refused(handle, kind)


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_no_network_and_nothing_in_the_cache(monkeypatch, tmp_path):
    lead_clients(monkeypatch, f"http://127.0.0.1:{closed_port()}", tmp_path)
    message = refused(f"kaggle://{MODEL}", ConnectionError)
    assert "Check the network" in message
    # Its client asks a silent hub again and again, for 20 seconds, unless told that
    # there is no network.
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    message = refused("hf://user/digits", ConnectionError)
    assert "Check the network" in message and "HF_HUB_OFFLINE" in message


@pytest.mark.parametrize(
    "handle",
    [
        "hf://",
        "hf://user",
        "hf:///repo",
        "hf://user/",
        "hf://user//repo",
        "hf://user/repo/config.json",
        "hf://user/..",
        "hf://../repo",
        "hf://user/re..po",
        "hf://user/repo@",
        "hf://user/repo@a/../b",
        "hf://user/repo@/main",
        "hf://user/repo?download=true",
        "hf://user/repo#main",
        "hf://user/re po",
        "hf://user/repo\n",
        "hf://user/%2e%2e",
        "hf://user@host/repo",
        "hf://user\\repo",
        "kaggle://user/model",
        "kaggle://user/model/keras",
        "kaggle://user/model/keras/..",
        "kaggle://user/model/keras//1",
        "kaggle://user/model/keras/small/latest",
        "kaggle://user/model/keras/small/0",
        "kaggle://user/model/keras/small/-1",
        "kaggle://user/model/keras/small/1/config.json",
        "kaggle://user/model/keras/small/\u0661",
    ],
    ids=repr,
)
def test_a_handle_is_read_part_by_part(hub, handle):
    with pytest.raises(ValueError, match="is not of the form (hf|kaggle)://"):
        GAN.from_preset(handle)
    assert not hub.seen  # nothing was asked for


@pytest.mark.parametrize("handle", ["https://huggingface.co/user/repo", "gs://a/b"])
def test_other_hubs_are_not_known(handle):
    with pytest.raises(ValueError, match=r"is hf://user/repo.* or kaggle://owner"):
        GAN.from_preset(handle)


@pytest.mark.parametrize(
    ("handle", "client"),
    [("hf://user/digits", "huggingface_hub"), (f"kaggle://{MODEL}", "kagglehub")],
)
def test_a_client_that_is_not_installed_is_named(monkeypatch, handle, client):
    monkeypatch.setitem(sys.modules, client, None)
    with pytest.raises(ImportError, match=f"{client}, which is not installed") as found:
        GAN.from_preset(handle)
    assert 'pip install "keras_gan[hub]"' in str(found.value)


def test_samples_of_a_fetched_game_are_those_of_the_saved_one(hub, saved):
    drawn = GAN.from_preset("hf://user/digits").sample(3, seed=1)
    np.testing.assert_array_equal(drawn, GAN.from_preset(saved).sample(3, seed=1))
