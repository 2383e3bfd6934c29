"""The reproduction of PacGAN's mixtures: its networks, and how a run is kept."""

import itertools
import json
import sys

import modes
import numpy as np
import packing_networks
import pytest

from keras_gan.metrics import Coverage, mode_coverage


def test_maxout_takes_the_largest_piece_of_each_unit():
    inputs = np.array([[1.0, 5.0, 3.0, -2.0, -9.0, -4.0]])
    np.testing.assert_array_equal(packing_networks.Maxout(3)(inputs), [[5.0, -2.0]])


@pytest.mark.parametrize("pack_size", [1, 2, 4])
def test_the_networks_are_those_of_the_paper(pack_size):
    seeds = itertools.count()
    generator = packing_networks.generator(seeds)
    discriminator = packing_networks.discriminator(pack_size, seeds)
    # 4 layers without bias, each with scale and shift, and the last with a bias
    hidden = 2 * 400 + 3 * 400 * 400 + 4 * 2 * 400
    count = sum(np.prod(v.shape) for v in generator.trainable_variables)
    assert count == hidden + 400 * 2 + 2
    # 3 layers of 200 units of 5 pieces, and the logit
    hidden = (2 * pack_size + 1) * 1000 + 2 * (200 + 1) * 1000
    count = sum(np.prod(v.shape) for v in discriminator.trainable_variables)
    assert count == hidden + 200 + 1
    assert discriminator(np.zeros((8, 2))).shape == (8 // pack_size, 1)
    kernels = [v for v in generator.trainable_variables if "kernel" in v.path]
    square = np.ravel(kernels[1])
    # 5 standard errors of the deviation of 160 000 numbers: 5 * 0.02 / sqrt(320 000)
    assert abs(square.std() - 0.02) < 2e-4
    assert not np.array_equal(square, np.ravel(kernels[2]))  # drawn apart


@pytest.fixture
def short(monkeypatch, tmp_path):
    """Epochs of 2 steps on 4 packs, uncompiled; a function that runs the command."""
    monkeypatch.setattr(modes, "EPOCH", 2)
    monkeypatch.setattr(modes, "PACKS", 4)
    monkeypatch.setattr(modes, "HOW", {"jit_compile": False})

    def command(*options):
        arguments = ["modes.py", "--folder", str(tmp_path), "--seeds", "1", *options]
        monkeypatch.setattr(sys, "argv", arguments)
        modes.main()

    return command


SHORT = ("--mixtures", "ring", "--methods", "PacGAN2", "--steps", "4")


def test_a_run_is_kept_and_not_played_again(short, tmp_path, monkeypatch, capsys):
    short(*SHORT)
    [path] = tmp_path.glob("*.json")
    assert path.name == "ring-PacGAN2-seed0-steps4.json"
    result = json.loads(path.read_text())
    assert result["steps"] == 4 and len(result["by_epoch"]["modes"]) == 2
    assert result["modes"] == result["by_epoch"]["modes"][-1]
    assert result["samples_per_second"] > 0
    monkeypatch.setattr(modes, "play", None)
    capsys.readouterr()
    short(*SHORT)
    assert "7.9 / 95.6% / 0.07 | 1 |" in capsys.readouterr().out
    with pytest.raises(TypeError):  # another seed has not been played
        short(*SHORT, "--seeds", "2")


@pytest.mark.slow
def test_a_stopped_run_goes_on_where_it_was(short, tmp_path):
    run = modes.Run("ring", "PacGAN2", 0, 4)

    class StoppedError(Exception):
        pass

    class Judge(modes.Judge):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise StoppedError
            super().on_epoch_begin(epoch, logs)

    whole = modes.play(run, tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(StoppedError):
        patch.setattr(modes, "Judge", Judge)
        patch.setattr(modes, "SAVE", {"save_freq": "epoch"})
        modes.play(run, tmp_path / "stopped")
    stopped = tmp_path / "stopped" / "checkpoints" / run.name
    assert [path.name for path in stopped.glob("step-*")] == ["step-000000002"]
    assert not list(tmp_path.glob("*.json"))
    resumed = modes.play(run, tmp_path / "stopped")
    for name in Coverage._fields:
        assert resumed["by_epoch"][name] == pytest.approx(
            whole["by_epoch"][name], nan_ok=True
        )


def test_packing_that_does_not_help_is_an_error(short, tmp_path, capsys):
    found = {"GAN": Coverage(8, 1.0, 0.1), "PacGAN2": Coverage(7, 1.0, 0.2)}
    for method, coverage in found.items():
        run = modes.Run("ring", method, 0, 4)
        modes.write(coverage._asdict(), run, tmp_path)
    with pytest.raises(SystemExit, match="did not lower.*ring, PacGAN2"):
        short("--mixtures", "ring", "--steps", "4")
    modes.write(Coverage(8, 1.0, 0.05)._asdict(), run, tmp_path)
    short("--mixtures", "ring", "--steps", "4")
    assert "| ring | PacGAN2 | 8 (8 to 8) |" in capsys.readouterr().out


def test_the_mixtures_are_the_papers():
    for known, deviation in modes.MIXTURES.values():
        assert np.all(known.covariances == deviation**2 * np.eye(2))
        found = mode_coverage(known.sample(2500), known.means, deviation)
        assert found.modes == len(known.means)
