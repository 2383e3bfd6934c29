"""The zoo's cards: written from what was measured, and true of the weights."""

import json
import os
import pathlib

import cards
import entries
import numpy as np
import overview
import pytest
from helpers.commands import call
from huggingface_hub import ModelCard
from PIL import Image

from keras_gan import models, pixels
from keras_gan.cli import run_config, zoo
from keras_gan.evaluation import card

CARDED = sorted(overview.entries())


def folder(name):
    return pathlib.Path(zoo.folder(), name)


def test_every_entry_with_weights_has_a_card():
    trained = [name for name in zoo.names() if zoo.has_weights(folder(name))]
    assert trained == CARDED
    assert set(CARDED) <= set(entries.ABOUT)


def test_the_table_is_that_of_the_cards():
    assert pathlib.Path(zoo.folder(), "README.md").read_text() == overview.text()


@pytest.mark.parametrize("name", CARDED)
def test_the_card_is_rendered_from_its_numbers(name):
    metadata = json.loads((folder(name) / "metadata.json").read_text())
    assert metadata["about"] == entries.ABOUT[name]
    text = (folder(name) / "README.md").read_text()
    assert text == cards.text(name) and text.endswith(card.render(name, metadata))
    assert set(metadata["evaluation"]["scores"]) <= set(card.best())


@pytest.mark.parametrize("name", CARDED)
def test_a_hub_reads_what_was_measured(name):
    found = ModelCard((folder(name) / "README.md").read_text()).data
    assert (found.library_name, found.license) == ("keras_gan", "mit")
    assert found.pipeline_tag == "unconditional-image-generation"
    scores = json.loads((folder(name) / "metadata.json").read_text())["evaluation"]
    read = {result.metric_type: result.metric_value for result in found.eval_results}
    assert read == {k: score["value"] for k, score in scores["scores"].items()}


@pytest.mark.parametrize("name", CARDED)
def test_the_picture_is_drawn_by_the_weights(name):
    """Within 2/255: other processors round otherwise."""
    game = models.GAN.from_preset(name)
    drawn = pixels.image_grid(game.sample(64, seed=0)).squeeze()
    shown = np.asarray(Image.open(folder(name) / "samples.png"))
    assert drawn.shape == shown.shape
    assert np.abs(drawn.astype(float) - shown).mean() <= 2
    parameters = json.loads((folder(name) / "metadata.json").read_text())["parameters"]
    assert parameters["generator"] == game.generator.count_params()


@pytest.mark.parametrize("name", CARDED)
def test_the_weights_are_small(name):
    assert os.path.getsize(folder(name) / "model.weights.h5") <= 12_000_000


def test_the_zoo_is_small():
    files = pathlib.Path(zoo.folder()).rglob("*")
    assert sum(path.stat().st_size for path in files if path.is_file()) < 80e6


def measured_again(name):
    code, shown, errors = call("evaluate", name)
    assert code == 0, shown + errors
    assert "The card holds" in shown


def test_a_card_is_measured_again():
    """The quickest one; `keras-gan evaluate NAME` does it for any."""
    measured_again("mlp_digits")


@pytest.mark.slow
def test_a_card_of_mnist_is_measured_again(mnist):
    """Two minutes, by the classifier."""
    measured_again("mlgan_mnist")


def test_what_the_games_of_one_network_differ_in():
    """The loss and nothing else, but for WGAN-GP, whose rules are a game's own."""
    configs = {name: run_config.read(name) for name in zoo.names()}
    plain = configs["dcgan_mnist"]
    for game in ("mmgan", "mlgan", "lsgan", "hinge"):
        config = configs[f"{game}_mnist"]
        assert config["compile"]["loss"] != plain["compile"]["loss"]
        rules = {**config["compile"], "loss": plain["compile"]["loss"]}
        assert {**config, "compile": rules} == plain
    own = configs["wgan_gp_mnist"]["model"]["config"]
    same = plain["model"]["config"]
    assert {**own, "discriminator": same["discriminator"]} == same
    seen = own["discriminator"]["config"]
    assert seen == {**same["discriminator"]["config"], "normalization": "layer"}


def test_the_baselines():
    """The best game of MNIST is nearer to the data than real images of nine digits."""
    baselines = overview.baselines()
    [nine] = [baseline for baseline in baselines if "without the digit" in baseline]
    nine, real = (
        _values(baselines[baseline]["scores"])
        for baseline in (nine, "real training images")
    )
    of_all = [_values(entry["evaluation"]["scores"]) for entry in _of_mnist()]
    best = min(of_all, key=lambda scores: scores["frechet_distance"])
    assert best["frechet_distance"] < nine["frechet_distance"]
    assert best["classifier_score_share"] >= 0.96
    assert best["precision"] >= 0.8 * real["precision"]
    assert best["recall"] >= 0.8 * real["recall"]
    assert 0.06 <= best["smallest_class"] <= best["largest_class"] <= 0.14


def _of_mnist():
    return (
        entry
        for entry in overview.entries().values()
        if entry["evaluation"]["protocol"]["source"] == "mnist"
    )


def _values(scores):
    return {name: score["value"] for name, score in scores.items()}
