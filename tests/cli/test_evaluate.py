"""`keras-gan evaluate`: scores of a run, and cards that hold or do not."""

import hashlib
import json
import re
import shutil

import keras
import numpy as np
import pytest
from helpers.commands import call, refused
from helpers.inception_2015 import stand_in
from helpers.small import SHAPE, images, mlp

from keras_gan import evaluation, metrics, models
from keras_gan.callbacks import BackupAndRestore
from keras_gan.cli import main, run_config
from keras_gan.cli.evaluating import protocol_of
from keras_gan.evaluation import Protocol, card
from keras_gan.networks import MLPGenerator
from keras_gan.priors import Normal
from keras_gan.saving import configs


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    """The preset of an untrained game of digits, whose config says its data."""
    folder = tmp_path_factory.mktemp("run")
    config = run_config.read("mlp_digits")
    run = folder / "run"
    configs.build(config, models.GAN).save_to_preset(run / "preset", state="networks")
    (run / "checkpoints").mkdir()
    (run / "config.json").write_text(json.dumps(config))
    return run


def test_the_scores_of_a_run(preset, tmp_path):
    output = tmp_path / "scores.json"
    code, shown, _ = call("evaluate", preset, "-n", 200, "--output", output)
    assert code == 0
    assert "200 at seed 0, against 200 images of digits, split train" in shown
    written = json.loads(output.read_text())
    protocol = evaluation.Protocol("digits", split="train", num_samples=200)
    assert written["protocol"] == {
        "source": "digits",
        "split": "train",
        "image_size": None,
        "num_samples": 200,
        "seed": 0,
        "features": "pixels",
        "value_range": None,
        "channels": None,
        "weights": None,
        "held_out": None,
    }
    expected = protocol.evaluate(models.GAN.from_preset(preset))
    found = {name: score["value"] for name, score in written["scores"].items()}
    assert found == {name: score.value for name, score in expected.items()}
    pixels = metrics.features.Pixels()
    fake = pixels.of(models.GAN.from_preset(preset).sample(200, seed=0))
    distance = metrics.frechet_distance(pixels.of(protocol.real()), fake)
    assert found["frechet_distance"] == distance
    assert f"{distance:.4g}" in shown


@pytest.mark.parametrize(
    ("asked", "value_range"),
    [
        ({}, [0, 4095]),
        ({"value_range": [0, 1023]}, [0, 1023]),
        ({"source": "digits"}, None),  # of other data nothing is known
        ({"source": "digits", "value_range": [0, 1]}, [0, 1]),
    ],
)
def test_the_range_of_values_is_that_of_the_data(asked, value_range):
    config = run_config.read("mlp_digits")
    config["data"].update(source="photos", value_range=[0, 4095])
    assert protocol_of(config, asked, "mine").value_range == value_range


@pytest.mark.parametrize(
    ("asked", "channels"),
    [({}, 4), ({"channels": 3}, 3), ({"source": "digits"}, None)],
)
def test_the_channels_are_those_of_the_data(asked, channels):
    config = run_config.read("mlp_digits")
    config["data"].update(source="photos", channels=4)
    assert protocol_of(config, asked, "mine").channels == channels


@pytest.fixture
def carded(preset, tmp_path):
    """A preset whose card is right, and its scores."""
    copy = tmp_path / "carded"
    shutil.copytree(preset / "preset", copy)
    protocol = evaluation.Protocol("digits", split="train", num_samples=100)
    scores = protocol.evaluate(models.GAN.from_preset(copy))
    metadata = json.loads((copy / "metadata.json").read_text())
    metadata["evaluation"] = card.as_json(protocol, scores)
    (copy / "metadata.json").write_text(json.dumps(metadata))
    return copy


def test_a_card_holds(carded, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, shown, _ = call("evaluate", carded)
    assert code == 0 and "The card holds" in shown
    assert "…" not in shown and " holds " in shown  # whole, in 80 columns


def test_a_card_that_promises_too_much(carded):
    metadata = json.loads((carded / "metadata.json").read_text())
    metadata["evaluation"]["scores"]["recall"] = {"value": 0.9, "standard_error": 0.01}
    (carded / "metadata.json").write_text(json.dumps(metadata))
    code, shown, _ = call("evaluate", carded)
    assert code == 1 and "The card does not hold: recall." in shown
    code, shown, _ = call(  # by another protocol than the card's
        "evaluate", carded, "-n", 100, "--data", "digits", "--split", "train"
    )
    assert code == 0 and "card" not in shown


@pytest.mark.parametrize(
    ("value", "holds"),
    [(1.0, True), (1.009, True), (0.991, True), (1.011, False), (0.989, False)],
)
def test_one_percent_or_half_an_error(value, holds):
    score = metrics.Score("x", value, None, 1, 1)
    assert card.holds(score, {"value": 1.0, "standard_error": None}) is holds
    near_zero = metrics.Score("x", (value - 1) * 10, None, 1, 1)
    assert card.holds(near_zero, {"value": 0.0, "standard_error": 0.2}) is holds


@pytest.mark.parametrize("form", ["{}", "{}@2", "{}/checkpoints", "{}/checkpoints@2"])
def test_checkpoints_that_a_script_wrote(tmp_path, form):
    """They hold the game's config, and say nothing of the data."""
    folder = tmp_path / "py"
    inside = folder / "checkpoints" if "checkpoints" in form else folder
    fit_in_a_script(mlp(), inside)
    name = form.format(folder)
    assert "does not say what it was trained on: pass --data" in refused(
        "evaluate", name
    )
    output = tmp_path / "scores.json"
    few = tmp_path / "few.npy"
    np.save(few, images(24))
    asked = ("--data", few, "-n", 20, "--output", output)
    code, shown, _ = call("evaluate", name, *asked)
    assert code == 0 and "20 at seed 0, against 20 images of" in shown
    protocol = Protocol(str(few), split="train", num_samples=20)
    expected = protocol.evaluate(models.GAN.from_preset(name))
    written = json.loads(output.read_text())["scores"]
    distance = written["frechet_distance"]["value"]
    assert distance == expected["frechet_distance"].value
    code, shown, _ = call("info", name)
    assert code == 0 and "MLPGenerator" in shown and "config.json" in shown


def fit_in_a_script(gan, folder):
    gan.fit(images(16), batch_size=8, verbose=0, callbacks=[BackupAndRestore(folder)])


@pytest.mark.filterwarnings("ignore:.*resumed by this script only")
def test_checkpoints_of_a_class_of_ones_own_are_for_their_script(tmp_path):
    class Own(keras.Sequential):
        pass

    own = Own([keras.Input(SHAPE), keras.layers.Flatten(), keras.layers.Dense(1)])
    gan = models.GAN(MLPGenerator(SHAPE, 2), own, Normal(2))
    gan.compile()
    fit_in_a_script(gan, tmp_path / "py")
    for command in ("evaluate", "info"):
        message = refused(command, tmp_path / "py")
        assert "config.json: its game has classes of one's own, so only" in message


def test_what_is_refused(preset, tmp_path):
    config = json.loads((preset / "config.json").read_text())
    assert "does not say what it was trained on: pass --data" in refused(
        "evaluate", preset / "preset"
    )
    message = refused("evaluate", preset, "--image-size", 9)
    assert message.startswith("Error: --image-size: The game draws images of shape ")
    assert "shape (8, 8, 1), and the data have (9, 9, 1)" in message
    message = refused("evaluate", preset, "--split", "test")
    assert message.startswith("Error: --split: 'digits' has no splits: ")
    there = tmp_path / "there.json"
    there.write_text("mine")
    assert "exists already" in refused("evaluate", preset, "--output", there)
    assert there.read_text() == "mine"
    assert "written as JSON" in refused("evaluate", preset, "--output", "s.txt")
    few = tmp_path / "few.npy"
    np.save(few, np.arange(15 * 64, dtype="uint8").reshape(15, 8, 8, 1))
    assert "at least 20 real images" in refused("evaluate", preset, "--data", few)
    assert config == json.loads((preset / "config.json").read_text())


def test_the_command_offers_what_the_protocol_takes():
    assert [one.value for one in main.Features] == list(evaluation.FEATURES)


def test_photographs_by_name(preset):
    """Digits, so few that the distance means nothing; the features are named."""
    options = ("-n", 20, "--features", "efficientnet_lite0")
    code, shown, _ = call("evaluate", preset, *options)
    assert code == 0
    assert "EfficientNet-Lite0, features (sha256 d4de1fa940e1)" in shown


@pytest.fixture
def graph(tmp_path):
    path = tmp_path / "classify_image_graph_def.pb"
    path.write_bytes(stand_in().SerializeToString())
    return path


def test_fid_by_the_users_file(preset, graph):
    """Its protocol is printed: numbers, reference, resizer and hash of the file."""
    options = ("-n", 40, "--features", "inception_2015", "--weights", graph)
    code, shown, errors = call("evaluate", preset, *options)
    assert code == 0, errors
    shown = " ".join(shown.split())
    assert "40 at seed 0, against 40 images of digits, split train" in shown
    digest = hashlib.sha256(graph.read_bytes()).hexdigest()
    assert f"Inception 2015, features (sha256 {digest[:12]})" in shown
    assert "by bicubic The Frechet distance is no published FID" in shown


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--features", "inception_2015"), "inception_2015 needs a file of weights"),
        (("--features", "dinov2", "--weights", "none"), "There is no file .*none"),
        (
            ("--features", "pixels", "--weights", "x"),
            "pixels takes none.*'x'",
        ),
        (("--weights", "x"), "for dinov2 or inception_2015; pixels takes none"),
    ],
    ids=["no file", "missing", "one too many", "without a name"],
)
def test_files_of_weights_that_do_not_fit(preset, options, message):
    assert re.search(message, " ".join(refused("evaluate", preset, *options).split()))
