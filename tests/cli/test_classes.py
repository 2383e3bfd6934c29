"""A game that knows classes, by the command: trained with labels, drawn by class."""

import numpy as np
import pytest
from commands import call, changed, refused

from keras_gan import models, pixels

NETWORKS = {
    "generator": {
        "class_name": "keras_gan>ConditionalMLPGenerator",
        "config": {
            "image_shape": [8, 8, 1],
            "latent_dim": 4,
            "num_classes": 10,
            "widths": [8],
        },
    },
    "discriminator": {
        "class_name": "keras_gan>ConditionalMLPDiscriminator",
        "config": {"image_shape": [8, 8, 1], "num_classes": 10, "widths": [8]},
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


def test_a_class_that_there_is_not(run, tmp_path):
    message = refused("sample", run, "--label", 10, "--output", tmp_path / "a.npz")
    assert "the networks know 10: 0 to 9" in message


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
    assert '"data.labels" is true or false' in refused("train", config)
