"""The searches of docs/experiments.md, run as they stand there."""

import pathlib
import re
import warnings

import pytest

from keras_gan.models import GAN

TEXT = (pathlib.Path(__file__).parents[2] / "docs/experiments.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.S)


def run(words):
    """The names that the block with `words` defines, after that of the game."""
    [game] = [block for block in BLOCKS if "def game(" in block]
    [search] = [block for block in BLOCKS if words in block]
    names = {}
    with warnings.catch_warnings():
        # Of the digits' 64 pixels three never vary.
        warnings.filterwarnings("ignore", message=".*covariance.*singular")
        exec(game, names)
        exec(search, names)
    return names


def test_optuna_minimises_what_is_logged():
    pytest.importorskip("optuna")
    study = run("import optuna")["study"]
    values = [trial.value for trial in study.trials]
    assert len(values) == 2
    assert study.best_value == min(values) > 0
    assert 1e-4 <= study.best_params["rate"] <= 1e-2


def test_keras_tuner_finds_the_best_and_loads_it(tmp_path, monkeypatch):
    pytest.importorskip("keras_tuner")
    monkeypatch.chdir(tmp_path)
    found = run("import keras_tuner")
    best = found["best"]
    assert isinstance(best, GAN)
    assert int(best.step.numpy()) == 28  # an epoch of training is in its weights
    trials = found["tuner"].oracle.get_best_trials(2)
    assert trials[0].score <= trials[1].score
