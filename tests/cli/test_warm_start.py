"""Runs that begin with the weights of a preset or of another run."""

import json

import numpy as np
import pytest
from helpers.commands import call, refused
from PIL import Image

from keras_gan.cli import warm_start
from keras_gan.models import GAN
from keras_gan.saving import checkpoints


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A short run of mlp_digits, to begin with."""
    run = tmp_path_factory.mktemp("first") / "run"
    code, _, errors = call("train", "mlp_digits", "--epochs", 1, "--output", run)
    assert code == 0, errors
    return run


def test_a_run_begins_with_weights_averages_and_nothing_else(first, tmp_path):
    run = tmp_path / "run"
    rate = "compile.generator_optimizer.learning_rate=0.0"
    still = rate.replace("generator", "discriminator")
    code, shown, errors = call(
        *("train", "--from", first, "--batch-size", 32, "--steps", 2),
        *("--set", rate, "--set", still, "--output", run),
    )
    assert code == 0, errors
    assert "Begins with" in shown
    game, source = GAN.from_preset(run), GAN.from_preset(first)
    assert int(game.step.numpy()) == 2  # counted from 0
    [(average, _)] = source.averages()
    # With rates of 0 the weights are still the averages that it began with.
    for one, other in zip(game.generator.weights, average.weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    ours, theirs = game.discriminator.weights, source.discriminator.weights
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    for copy, network in game.averages():
        for one, other in zip(copy.weights, network.weights, strict=True):
            np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-6)


def test_a_run_that_cannot_be_resumed_otherwise_names_the_way(first):
    found = refused("train", first, "--resume", "--epochs", 2, "--batch-size", 32)
    assert "keras-gan train NAME --from" in found


def test_the_length_is_so_many_images_where_nobody_says_it(first, tmp_path):
    warm_start_images = 28 * 64
    run = tmp_path / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm_start, "IMAGES", warm_start_images)
        code, shown, errors = call("train", "--from", first, "--output", run)
    assert code == 0, errors
    assert "It has 28 steps" in shown
    assert json.loads((run / "config.json").read_text())["steps"] == 28


@pytest.mark.slow
def test_a_killed_run_begins_with_the_same_weights_again(first, tmp_path):
    runs = [tmp_path / "one", tmp_path / "two"]
    for run in runs:
        code, _, errors = call("train", "--from", first, "--steps", 30, "--output", run)
        assert code == 0, errors
        if run == runs[1]:  # as if it was killed before its first checkpoint
            for path in (run / "checkpoints").glob("step-*"):
                for file in path.iterdir():
                    file.unlink()
                path.rmdir()
            code, _, errors = call("train", run, "--resume")
            assert code == 0, errors
    newest = [checkpoints.newest(run / "checkpoints")[0] for run in runs]
    states = [dict(checkpoints.load(path)) for path in newest]
    for key, value in states[0].items():
        assert (value == states[1][key]).all(), key


def test_a_preset_of_other_networks_is_refused_by_its_entries(first, tmp_path):
    run = tmp_path / "run"
    found = refused(
        *("train", "mlp_digits", "--from", first, "--output", run),
        *("--set", "model.generator.widths=[7]"),
    )
    assert "generator.widths" in found
    assert not run.exists()


def test_a_preset_of_another_shape_is_refused(first, tmp_path):
    images = tmp_path / "images.npz"
    np.savez(images, x=np.arange(70 * 144).reshape(70, 12, 12, 1).astype("uint8"))
    found = refused("train", "--from", first, "--data", images)
    assert "(8, 8, 1)" in found
    assert "(12, 12, 1)" in found
    other = refused("train", "mlp", "--data", images, "--from", first)
    assert "sample_shape: (8, 8, 1)" in other or "sample_shape: [8, 8, 1]" in other


def test_it_is_refused_where_there_is_nothing_to_begin_with(tmp_path, first):
    assert "dcgan" in refused("train", "--from", "dcgan")  # has no weights
    code, _, errors = call("train")
    assert code == 2
    assert "--from" in errors
    code, _, errors = call("train", "mlp_digits", "--from", first, "--resume")
    assert code == 2


def _folders(path, names):
    rng = np.random.default_rng(0)
    for name in names:
        (path / name).mkdir(parents=True)
        for number in range(24):
            pixels = rng.integers(0, 255, (16, 16), "uint8")
            Image.fromarray(pixels).save(path / name / f"{number}.png")


def test_a_conditional_game_is_made_for_ones_own_classes(tmp_path):
    _folders(tmp_path / "birds", ("finch", "owl", "tit"))
    run = tmp_path / "run"
    code, _, errors = call(
        *("train", "conditional_dcgan", "--data", tmp_path / "birds", "--steps", 2),
        *("--batch-size", 16, "--output", run, "--set", "model.generator.filters=4"),
    )
    assert code == 0, errors
    game = GAN.from_preset(run)
    assert (game.num_classes, game.class_names) == (3, ["finch", "owl", "tit"])
    grid = tmp_path / "owls.png"
    code, _, errors = call("sample", run, "--label", "owl", "--output", grid)
    assert code == 0, errors


@pytest.mark.slow
def test_classes_of_other_data_take_what_fits(tmp_path):
    _folders(tmp_path / "three", ("finch", "owl", "tit"))
    _folders(tmp_path / "two", ("cat", "dog"))
    small = ("--batch-size", 16, "--steps", 2, "--set", "model.generator.filters=4")
    first = tmp_path / "first"
    code, _, errors = call(
        *("train", "conditional_dcgan", "--data", tmp_path / "three", *small),
        *("--output", first),
    )
    assert code == 0, errors
    second = tmp_path / "second"
    code, shown, errors = call(
        *("train", "--from", first, "--data", tmp_path / "two", "--steps", 2),
        *("--output", second),
    )
    assert code == 0, errors
    assert "Begin anew, for other classes" in shown
    game = GAN.from_preset(second)
    assert (game.num_classes, game.class_names) == (2, ["cat", "dog"])


def test_a_conditional_game_wants_classes(tmp_path):
    images = tmp_path / "images.npz"
    np.savez(images, x=np.arange(70 * 256).reshape(70, 16, 16, 1).astype("uint8"))
    found = refused("train", "conditional_dcgan", "--data", images)
    assert "label" in found or "classes" in found
