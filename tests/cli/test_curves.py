"""`keras-gan curves` draws what the newest checkpoint of a run has logged."""

import numpy as np
import pytest
from helpers.commands import call, refused
from helpers.families import make_gan
from PIL import Image

import keras_gan
from keras_gan import plots


@pytest.fixture
def run(tmp_path):
    """The folder of a run without a step."""
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    (tmp_path / "run" / "config.json").write_text("{}")
    return tmp_path / "run"


def play(run, epochs):
    gan = make_gan(run_eagerly=True)
    backup = keras_gan.callbacks.BackupAndRestore(run / "checkpoints")
    data = np.zeros((8, 6), "float32")
    fit = gan.fit(data, batch_size=4, epochs=epochs, verbose=0, callbacks=[backup])
    return fit.history


def test_it_draws_a_run_that_has_not_ended(run, tmp_path, monkeypatch):
    logs = play(run, epochs=3)
    seen = []

    def drawn(history):
        seen.append(history)
        return picture(history)

    picture = plots.training_curves
    monkeypatch.setattr(plots, "training_curves", drawn)
    path = tmp_path / "new" / "c.png"
    code, shown, _ = call("curves", run, "--output", path)
    assert code == 0
    assert str(path) in shown
    assert seen == [logs]
    assert Image.open(path).width == 1200
    assert "Pass --overwrite" in refused("curves", run, "--output", path)
    assert call("curves", run, "--output", path, "--overwrite")[0] == 0


def test_what_is_no_run_and_a_run_without_an_epoch(run, tmp_path):
    assert "not the folder of a run" in refused("curves", tmp_path)
    path = tmp_path / "c.png"
    message = refused("curves", run, "--output", path)
    assert "not come to the end of an epoch" in message
    assert not path.exists()
    assert "as a PNG" in refused("curves", run, "--output", tmp_path / "c.jpg")
