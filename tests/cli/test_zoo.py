"""The ready-made configs describe games, and stay small enough to be shipped."""

import json
import os
import pathlib

import pytest
import typer
from helpers.commands import call, changed, refused

import keras_gan
from keras_gan import saving
from keras_gan.cli import main, run_config, zoo
from keras_gan.models import GAN
from keras_gan.saving import configs, presets

MNIST = (
    *("mlp", "dcgan", "mmgan", "mlgan", "lsgan", "hinge", "wgan_gp"),
    *("conditional", "acgan", "infogan", "semi_supervised"),
)
READY = ("mlp_digits", "dcgan_digits", *(f"{game}_mnist" for game in MNIST))
GENERIC = ("mlp", "dcgan", "conditional_dcgan", "photos")


def test_the_command_and_the_library_have_one_zoo():
    assert set(zoo.names()) >= {*READY, *GENERIC}
    assert zoo.names is saving.zoo.names and zoo.folder is saving.zoo.folder
    assert presets.zoo is saving.zoo


@pytest.mark.every_case
@pytest.mark.parametrize("name", zoo.names())
def test_a_config_is_a_game_written_as_the_library_writes_it(name):
    config = run_config.read(name)
    if configs.needs_classes(config):
        config = configs.with_classes(config, 3)
    if configs.needs_shape(config):
        assert config["data"]["source"] is None
        config = configs.with_shape(config, (32, 32, 3))
    game = configs.build(config, GAN)
    with open(zoo.config_path(name), encoding="utf-8") as file:
        text = file.read()
    assert configs.dumps(json.loads(text)) == text
    assert len(text.splitlines()) <= 140
    if name in READY:  # with every argument, which no later default can change
        assert configs.of_game(game) == {k: config[k] for k in ("model", "compile")}


@pytest.mark.parametrize("name", READY)
def test_weights_of_a_preset_take_at_most_12_mb(name):
    game = configs.build(run_config.read(name), GAN)
    networks = game.generator, *game.discriminator_networks().values()
    assert sum(network.count_params() for network in networks) * 4 <= 12e6


def test_version():
    assert call("--version")[:2] == (0, f"keras-gan {keras_gan.__version__}\n")


@pytest.mark.parametrize("command", ["train", "sample", "export", "curves", "lab"])
def test_every_option_has_a_text(command):
    for parameter in typer.main.get_command(main.app).commands[command].params:
        assert parameter.help, parameter.name


def test_list_shows_every_name():
    code, shown, _ = call("list")
    assert code == 0
    for name in zoo.names():
        assert f" {name} " in shown


def test_list_says_in_80_columns_for_whom_each_is_and_how_good(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, shown, _ = call("list")
    lines = {line.split()[0]: line for line in shown.splitlines() if line.strip()}
    assert "your photographs" in lines["photos"] and "--data" in lines["photos"]
    assert "99.0 % as wanted" in lines["conditional_mnist"]
    assert "classifying" in lines["semi_supervised_mnist"]
    assert "2.0 % errors" in lines["semi_supervised_mnist"]
    assert "28x28x1 Frechet 2.6" in lines["mmgan_mnist"]
    for name in zoo.names():  # each on one line, with its purpose whole
        purpose = zoo.read_json(pathlib.Path(zoo.folder(), "purposes.json"))[name]
        assert purpose in lines[name], lines[name]


def test_info_of_a_ready_and_of_a_generic_config():
    code, shown, _ = call("info", "mlp_digits")
    assert code == 0
    game = configs.build(run_config.read("mlp_digits"), GAN)
    for network in (game.generator, game.discriminator):
        assert f"{network.count_params():,}" in shown
    assert "MLPGenerator" in shown and "R1(gamma=" in shown and "digits" in shown
    code, shown, _ = call("info", "dcgan")
    assert code == 0 and "DCGANGenerator" in shown


def test_info_says_that_a_narrow_latent_has_no_full_support(tmp_path):
    """An image of 8 x 8 x 1 is 64 numbers."""

    def widen(config):
        for part in ("generator", "prior"):
            config["model"]["config"][part]["config"]["latent_dim"] = 64

    def narrow(config):
        for part in ("generator", "prior"):
            config["model"]["config"][part]["config"]["latent_dim"] = 63

    _, shown, _ = call("info", changed(tmp_path / "narrow.json", narrow))
    (line,) = [line for line in shown.splitlines() if line.startswith("Latents:")]
    assert "63 numbers make samples of 64, so the samples fill at most 63" in line
    _, shown, _ = call("info", changed(tmp_path / "wide.json", widen))
    assert "Latents:" not in shown
    _, shown, _ = call("info", "mlp")  # whose sample shape is left to the data
    assert "Latents:" not in shown


def test_a_config_without_weights_cannot_be_drawn_from():
    name = next(
        n for n in GENERIC if not zoo.has_weights(os.path.join(zoo.folder(), n))
    )
    for command in (["sample", name], ["export", name, "out"]):
        message = refused(*command)
        assert f"Train it with `keras-gan train {name}`" in message
