"""A game that knows classes, by the command: trained with labels, drawn by class."""

import copy
import json

import numpy as np
import pytest
from helpers.commands import call, changed, refused
from PIL import Image

from keras_gan import datasets, models, pixels
from keras_gan.cli import run_config
from keras_gan.training import labels

NETWORKS = {
    "generator": {
        "class_name": "keras_gan>ConditionalMLPGenerator",
        "config": {
            "sample_shape": [8, 8, 1],
            "latent_dim": 4,
            "num_classes": 10,
            "widths": [8],
        },
    },
    "discriminator": {
        "class_name": "keras_gan>ConditionalMLPDiscriminator",
        "config": {"sample_shape": [8, 8, 1], "num_classes": 10, "widths": [8]},
    },
    "prior": {"class_name": "keras_gan>Normal", "config": {"latent_dim": 4}},
    "num_classes": 10,
}


def conditional(config):
    model = {"class_name": "keras_gan>ConditionalGAN", "config": NETWORKS}
    config |= {"model": model, "compile": {}, "epochs": 1}
    config["data"]["labels"] = True


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a run of one epoch."""
    folder = tmp_path_factory.mktemp("classes")
    config = changed(folder / "config.json", conditional)
    code, _, errors = call("train", config, "--output", folder / "run")
    assert code == 0, errors
    return folder / "run"


def test_one_class_is_drawn(run, tmp_path):
    output = tmp_path / "threes.npz"
    code, _, errors = call("sample", run, "-n", 5, "--label", 3, "--output", output)
    assert code == 0, errors
    game = models.GAN.from_preset(run)
    assert isinstance(game, models.ConditionalGAN)
    expected = pixels.to_uint8(game.sample(5, seed=0, condition=3))
    np.testing.assert_array_equal(np.load(output)["images"], expected)


def test_few_labels_for_a_game_that_does_without_are_refused(tmp_path):
    message = refused(
        *("train", "mlp_digits", "--labels-per-class", 5, "--output", tmp_path / "r")
    )
    assert "Received: mlp_digits, a GAN. Leave it out, or train semi_" in message
    assert not (tmp_path / "r").exists()


def test_a_class_that_there_is_not(run, tmp_path):
    message = refused("sample", run, "--label", 10, "--output", tmp_path / "a.npz")
    assert "the networks know 10: 0 to 9" in message


@pytest.fixture(scope="module")
def animals(tmp_path_factory):
    """The folder of a run on images of two classes, called by their folders' names."""
    folder = tmp_path_factory.mktemp("animals")
    for index, name in enumerate(("cat", "dog")):
        (folder / "data" / name).mkdir(parents=True)
        for number in range(8):
            grey = np.full((8, 8), 40 + 100 * index + number, "uint8")
            Image.fromarray(grey).save(folder / "data" / name / f"{number}.png")

    def two(config):
        conditional(config)
        config["model"] = copy.deepcopy(config["model"])
        parts = config["model"]["config"]
        for part in (
            parts,
            *(parts[k]["config"] for k in ("generator", "discriminator")),
        ):
            part["num_classes"] = 2
        config["data"] = {"source": str(folder / "data"), "batch_size": 4}
        config["data"]["labels"] = True

    config = changed(folder / "config.json", two)
    code, _, errors = call("train", config, "--output", folder / "run")
    assert code == 0, errors
    return folder / "run"


def test_a_class_is_drawn_by_the_name_of_its_folder(animals, tmp_path):
    output = tmp_path / "dogs.npz"
    code, _, errors = call(
        "sample", animals, "-n", 3, "--label", "dog", "--output", output
    )
    assert code == 0, errors
    game = models.GAN.from_preset(animals)
    assert game.class_names == ["cat", "dog"]
    by_number = game.sample(3, seed=0, condition=1)
    np.testing.assert_array_equal(game.sample(3, seed=0, condition="dog"), by_number)
    each = game.sample(3, seed=0, condition=["cat", "dog", "cat"])
    np.testing.assert_array_equal(each, game.sample(3, seed=0, condition=[0, 1, 0]))
    np.testing.assert_array_equal(np.load(output)["images"], pixels.to_uint8(by_number))


def test_the_names_go_where_the_game_goes(animals, tmp_path):
    code, shown, _ = call("info", animals)
    row = next(line for line in shown.splitlines() if "│ classes " in line)
    assert code == 0 and "cat, dog" in row and "class_names" not in shown
    metadata = json.loads((animals / "preset" / "metadata.json").read_text())
    assert metadata["class_names"] == ["cat", "dog"]
    assert call("export", animals, tmp_path / "serving" / "1")[0] == 0
    beside = tmp_path / "serving" / "1" / "assets.extra" / "class_names.json"
    assert json.loads(beside.read_text()) == ["cat", "dog"]


def test_a_name_that_no_class_has(animals, run, tmp_path):
    message = refused(
        "sample", animals, "--label", "dgo", "--output", tmp_path / "a.npz"
    )
    assert (
        "No class is called 'dgo'. Did you mean dog? The classes are cat, dog"
        in message
    )
    message = refused("sample", run, "--label", "dog", "--output", tmp_path / "a.npz")
    assert "are numbers from 0 to 9. Received: --label dog" in message
    with pytest.raises(ValueError, match="classes have none: they are numbers from 0"):
        models.GAN.from_preset(run).sample(2, condition="dog")


def test_data_whose_classes_have_other_names_are_refused(animals):
    game = models.GAN.from_preset(animals)
    rows = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 1)).astype("float32")
    data = datasets.load((rows, np.arange(8) % 2), 4, labels=True)
    game.fit(data, verbose=0)  # without names
    with pytest.raises(
        ValueError, match="has the classes a, b, but the game knows cat"
    ):
        labels.check_same_names(["a", "b"], game.class_names, "The data")


@pytest.mark.parametrize("names", [["cat"], ["cat", "cat"], ["cat", 3], "ab"])
def test_names_that_are_none(animals, names):
    config = models.GAN.from_preset(animals).get_config()
    with pytest.raises(ValueError, match="class_names are 2 different texts"):
        models.ConditionalGAN.from_config({**config, "class_names": names})


def test_a_game_without_classes_is_asked_for_one(tmp_path):
    output = tmp_path / "a.npz"
    message = refused("sample", "mlp_digits", "--label", 3, "--output", output)
    assert "GAN draws without classes" in message and not output.exists()


def test_data_without_labels_are_refused(tmp_path):
    def unlabelled(config):
        conditional(config)
        config["data"]["labels"] = False

    config = changed(tmp_path / "config.json", unlabelled)
    message = refused("train", config, "--output", tmp_path / "run")
    assert "has no labels" in message
    assert not (tmp_path / "run").exists()


def test_labels_are_true_or_false(tmp_path):
    def wrong(config):
        config["data"]["labels"] = "yes"

    config = changed(tmp_path / "config.json", wrong)
    assert '"data.labels" is true, false, or' in refused("train", config)


def semi_supervised(config):
    networks = {
        "generator": {
            "class_name": "keras_gan>SemiSupervisedGenerator",
            "config": {"image_shape": [8, 8, 1], "latent_dim": 4, "widths": [8]},
        },
        "discriminator": {
            "class_name": "keras_gan>SemiSupervisedDiscriminator",
            "config": {"sample_shape": [8, 8, 1], "widths": [8]},
        },
        "prior": {"class_name": "keras_gan>Normal", "config": {"latent_dim": 4}},
    }
    model = {"class_name": "keras_gan>SemiSupervisedGAN", "config": networks}
    config |= {"model": model, "compile": {}, "epochs": 1}
    config["data"]["labels"] = {"per_class": 3, "seed": 2}


@pytest.mark.parametrize(
    ("options", "per_class"),
    [((), 3), (("--labels-per-class", 5), 5)],
    ids=["the config's", "the option's"],
)
def test_a_game_learns_from_few_labels(tmp_path, monkeypatch, options, per_class):
    seen = []
    fit = models.SemiSupervisedGAN.fit
    monkeypatch.setattr(
        models.SemiSupervisedGAN,
        "fit",
        lambda game, data, **others: seen.append(data) or fit(game, data, **others),
    )
    config = changed(tmp_path / "config.json", semi_supervised)
    code, _, errors = call("train", config, "--output", tmp_path / "run", *options)
    assert code == 0, errors
    labels = datasets.load("digits", 64, labels=True)
    expected = datasets.few_labels(labels, per_class=per_class, seed=2).labels
    np.testing.assert_array_equal(seen[0].labels, expected)
    assert (expected >= 0).sum() == 10 * per_class
    kept = run_config.read(str(tmp_path / "run"))["data"]["labels"]
    assert kept == {"per_class": per_class, "seed": 2}
    game = models.GAN.from_preset(tmp_path / "run")
    assert game.classify(np.zeros((2, 8, 8, 1), "f4")).shape == (2, 10)


def test_more_labels_of_a_class_than_there_are(tmp_path):
    """Digits has 174 eights, the fewest."""
    config = changed(tmp_path / "config.json", semi_supervised)
    told = refused(
        "train", config, "--labels-per-class", 175, "--output", tmp_path / "r"
    )
    begin = "Error: --labels-per-class: Class 8 has 174 labels, fewer than"
    assert told.startswith(f"{begin} per_class=175")
    assert not (tmp_path / "r").exists()


def colourful(folder, names=("cat", "dog")):
    for name in names:
        (folder / name).mkdir(parents=True)
        for number in range(40):
            picture = np.full((28, 28, 3), 6 * number, "uint8")
            Image.fromarray(picture).save(folder / name / f"{number}.png")
    return folder


@pytest.mark.slow
def test_coloured_images_for_a_game_with_classes(tmp_path):
    """What is told makes a game with classes, and not another one without."""
    source = colourful(tmp_path / "photos")
    message = refused("train", "conditional_mnist", "--data", source)
    assert "for images of shape (28, 28, 1), and the data have (28, 28, 3)" in message
    assert "make a ConditionalGAN for the data: copy" in message
    for told in (
        'each "image_shape" is [28, 28, 3]',
        'each "num_classes" is 2',
        'there are no "class_probabilities"',
        f"keras-gan train mine.json --data {source}",
    ):
        assert told in message
    assert "keras-gan train dcgan" not in message and "--image-size" not in message
    copied = message.split("copy ")[1].split(" to mine.json")[0]

    def as_told(config):
        parts = config["model"]["config"]
        for part in (parts["generator"], parts["discriminator"]):
            part["config"] |= {"image_shape": [28, 28, 3], "num_classes": 2}
            part["config"]["filters"] = 2  # to be quick
        parts["num_classes"] = 2
        del parts["class_probabilities"]
        config["epochs"] = 1

    mine = changed(tmp_path / "mine.json", as_told, copied)
    code, _, errors = call("train", mine, "--data", source, "--output", tmp_path / "r")
    assert code == 0, errors
    assert models.GAN.from_preset(tmp_path / "r").class_names == ["cat", "dog"]
