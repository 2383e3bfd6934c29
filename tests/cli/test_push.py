"""`keras-gan push`: what goes where, by the hubs' own clients, to stand-ins of them."""

import json
import shutil

import huggingface_hub
import pytest
from helpers.commands import call, refused
from helpers.hub_server import running
from helpers.small import assert_equal, mlp, weights
from huggingface_hub import ModelCard, SpaceCard, constants

from keras_gan.models import GAN
from keras_gan.saving import hubs

KAGGLE = "user/digits/keras/small"
SENT = {*hubs.FILES, "README.md", "samples.png"}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The preset of a run on digits that was measured."""
    run = tmp_path_factory.mktemp("saved") / "run"
    (run / "checkpoints").mkdir(parents=True)
    mlp().save_to_preset(run / "preset")
    (run / "preset" / "notes.txt").write_text("of nobody's business")
    (run / "config.json").write_text(json.dumps({"data": {"source": "digits"}}))
    evaluation = {
        "protocol": {
            "source": "digits",
            "split": "train",
            "num_samples": 50,
            "seed": 0,
        },
        "features": ["pixels"],
        "real": 50,
        "scores": {"precision": {"value": 0.5, "standard_error": 0.1}},
    }
    (run / "scores.json").write_text(json.dumps(evaluation))
    return run


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A stand-in of both hubs, to which both clients are led."""
    with running() as server:
        template = server.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "ENDPOINT", server.url)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setenv("HF_TOKEN", "hf_secret")
        monkeypatch.setenv("KAGGLE_API_ENVIRONMENT", "LOCALHOST")
        monkeypatch.setenv("KAGGLE_API_TOKEN", "kaggle_secret")
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        for name in ("HTTP_PROXY", "NO_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield server
    huggingface_hub.close_session()


def test_a_preset_that_was_pushed_is_fetched_again(hub, saved, tmp_path):
    code, shown, errors = call(
        *("push", saved, "hf://user/digits", "--license", "mit", "--private")
    )
    assert code == 0, errors
    ((name, asked),) = hub.created
    assert name == "user/digits"
    assert asked.get("private") or asked.get("visibility") == "private"
    received = hub.received["user/digits"]
    assert set(received) == SENT
    for file in hubs.FILES:
        assert received[file] == (saved / "preset" / file).read_bytes()
    folder = tmp_path / "repository"
    folder.mkdir()
    for file, content in received.items():
        (folder / file).write_bytes(content)
    hub.repositories["user/digits"] = {"main": folder}
    game = GAN.from_preset("hf://user/digits")
    assert_equal(weights(game), weights(GAN.from_preset(saved)))
    card = ModelCard(received["README.md"].decode())
    assert card.data.license == "mit" and card.data.library_name == "keras_gan"
    (result,) = card.data.eval_results
    assert (result.metric_type, result.metric_value) == ("precision", 0.5)
    for part in (
        *('from_preset("hf://user/digits")', "Trained on digits.", "samples.png"),
        "| precision | 0.5 +- 0.1 |",
    ):
        assert part in card.text, part
    assert "stays here: notes.txt" in shown and "Sent: " in shown


def test_a_page_goes_to_a_static_space_of_the_same_name(hub, saved):
    options = ("--space", "--license", "mit")
    code, shown, errors = call("push", saved, "hf://user/digits", *options)
    assert code == 0, errors
    (model, of_model), (space, of_space) = hub.created
    assert (model, space) == ("user/digits", "spaces/user/digits")
    assert "sdk" not in of_model and of_space["sdk"] == "static"
    assert set(hub.received[model]) == SENT
    received = hub.received[space]
    assert set(received) == {"index.html", "README.md"}
    assert received["index.html"].startswith(b"<!DOCTYPE html>")
    assert b'"name": "hf://user/digits"' in received["index.html"]  # for its Python
    data = SpaceCard(received["README.md"].decode()).data
    assert (data.sdk, data.app_file, data.license) == ("static", "index.html", "mit")
    assert data.models == ["user/digits"] and data.title == "digits"
    assert shown.count("Sent: ") == 2 and "spaces/user/digits" in shown


def test_a_dry_run_of_a_space_shows_its_files_and_its_card(hub, saved):
    options = ("--space", "--dry-run")
    code, shown, _ = call("push", saved, "hf://user/digits", *options)
    assert code == 0 and not hub.seen
    assert "-> the Space of hf://user/digits" in shown and "  index.html " in shown
    assert "sdk: static" in shown and "library_name: keras_gan" in shown


def test_kaggle_is_given_the_same_files(hub, saved):
    code, _, errors = call("push", saved, f"kaggle://{KAGGLE}", "--license", "MIT")
    assert code == 0, errors
    received = hub.received[KAGGLE]
    assert set(received) == SENT
    for file in hubs.FILES:
        assert received[file] == (saved / "preset" / file).read_bytes()
    assert ModelCard(received["README.md"].decode()).data.license == "MIT"
    instance = hub.created[-1][1]["body"]
    assert instance["licenseName"] == "MIT"


def test_a_dry_run_shows_all_and_sends_nothing(hub, saved):
    before = {p: p.stat().st_mtime_ns for p in saved.rglob("*")}
    code, shown, _ = call("push", saved, "hf://user/digits", "--dry-run")
    assert code == 0 and not hub.seen
    for file in SENT:
        assert f"  {file} " in shown
    size = (saved / "preset" / hubs.WEIGHTS).stat().st_size
    assert f"{size:,} bytes" in shown
    assert "drawn: 64 samples at seed 0" in shown
    assert "No license is named" in shown and "both optimizers" in shown
    assert "library_name: keras_gan" in shown and "Nothing was sent" in shown
    assert before == {p: p.stat().st_mtime_ns for p in saved.rglob("*")}


def test_the_path_of_a_folder_of_images_is_nobodys_business(saved, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(saved, run)
    secret = str(tmp_path / "holidays")
    (run / "config.json").write_text(json.dumps({"data": {"source": secret}}))
    scores = json.loads((run / "scores.json").read_text())
    scores["protocol"]["source"] = secret
    (run / "scores.json").write_text(json.dumps(scores))
    code, shown, _ = call("push", run, "hf://user/digits", "--dry-run")
    card = shown.partition("\n---\n")[2]
    assert code == 0 and "Trained on data of its author." in card
    assert "holidays" not in card and "dataset" in card


def test_a_card_of_ones_own_is_sent_as_it_is(saved, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(saved, run)
    own = "---\nlicense: cc0-1.0\n---\n\n# Mine\n"
    (run / "preset" / "README.md").write_text(own)
    code, shown, _ = call("push", run, "hf://user/digits", "--dry-run")
    assert code == 0 and own in shown and "library_name" not in shown
    assert "No license" not in shown  # it is in there, or is not asked for
    message = refused("push", run, "hf://user/digits", "--license", "mit")
    assert "has front matter of its own" in message


def test_the_zoo_is_sent_as_it_is():
    options = ("--space", "--dry-run")
    code, shown, _ = call("push", "mlp_digits", "hf://user/digits", *options)
    assert code == 0 and "nearest.png" in shown
    assert shown.count("license: mit") == 2  # the Space's is that of the card


def test_a_damaged_preset_is_not_sent(hub, saved, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(saved, run)
    with (run / "preset" / hubs.WEIGHTS).open("ab") as file:
        file.write(b"?")
    assert "truncated or changed" in refused("push", run, "hf://user/digits")
    assert not hub.seen


@pytest.mark.parametrize(
    ("target", "options", "message"),
    [
        ("hf://user/digits@v1", [], "so a target is hf://user/repo. Received"),
        (f"kaggle://{KAGGLE}/2", [], "so a target is kaggle://owner"),
        ("runs/digits", [], "A preset on a hub is hf://"),
        (f"kaggle://{KAGGLE}", ["--private"], "leave out --private"),
        (f"kaggle://{KAGGLE}", ["--space"], "Kaggle's has none: leave out --space"),
    ],
)
def test_what_nothing_can_be_sent_to_is_refused(saved, target, options, message):
    assert message in refused("push", saved, target, *options)


def test_what_the_hub_refuses_is_said_in_one_message(hub, saved):
    hub.refusals = {"user/closed": (403, None)}
    message = refused("push", saved, "hf://user/closed")
    assert "hf://user/closed is not there, or not open to you (status 403)" in message
    assert "HF_TOKEN" in message and not hub.received
