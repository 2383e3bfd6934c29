"""Ctrl-C keeps the step that was reached, and a resume ends with the same bits."""

import gc
import os
import signal

import keras
import numpy as np
import pytest
from helpers.families import make_gan

import keras_gan
from keras_gan.callbacks import BackupAndRestore
from keras_gan.cli.interrupt import StopOnInterrupt
from keras_gan.saving import checkpoints

STEPS, EPOCHS = 8, 3


def game(**rules):
    return make_gan(dropout=0.25, **rules)


def fit(gan, directory, *more):
    rows = np.random.default_rng(0).normal(size=(16 * STEPS, 6)).astype("float32")
    data = keras_gan.datasets.load(rows, batch_size=16)
    backup = BackupAndRestore(directory)
    callbacks = [*more, backup]
    with StopOnInterrupt(backup):
        return gan.fit(data, epochs=EPOCHS, verbose=0, callbacks=callbacks).history


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """The last weights and the history of a run that nobody stops."""
    gan = game()
    history = fit(gan, tmp_path_factory.mktemp("whole"))
    return gan.get_weights(), history


class CtrlC(keras.callbacks.Callback):
    """Sends this process the signal of Ctrl-C in the middle of a step."""

    def __init__(self, step):
        super().__init__()
        self._before = step - 1

    def on_train_batch_begin(self, batch, logs=None):
        if int(self.model.step.numpy()) == self._before:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize(
    ("step", "kept", "rules"),
    [
        pytest.param(1, 1, {}, marks=pytest.mark.slow),
        (11, 11, {}),
        # the last step of an epoch, which saves itself
        pytest.param(2 * STEPS, 2 * STEPS, {}, marks=pytest.mark.slow),
        (9, 11, {"steps_per_execution": 3}),  # steps 9 to 11 run as one
    ],
)
def test_the_step_that_runs_is_kept(tmp_path, unbroken, step, kept, rules):
    with pytest.raises(KeyboardInterrupt):
        fit(game(**rules), tmp_path / "broken", CtrlC(step))
    assert checkpoints.steps(tmp_path / "broken")[-1] == kept
    resumed = game(**rules)
    history = fit(resumed, tmp_path / "broken")
    assert history == unbroken[1]
    for a, b in zip(unbroken[0], resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_second_ctrl_c_stops_at_once(tmp_path, capsys):
    class Twice(CtrlC):
        def on_train_batch_begin(self, batch, logs=None):
            gc.disable()  # hypothesis hooks into it, and would swallow the interrupt
            try:
                super().on_train_batch_begin(batch)
                super().on_train_batch_begin(batch)
            finally:
                gc.enable()

    gan = game()
    with pytest.raises(KeyboardInterrupt):
        fit(gan, tmp_path, Twice(11))
    assert int(gan.step.numpy()) == 10  # step 11 did not run
    assert checkpoints.steps(tmp_path) == [STEPS]
    assert "Ctrl-C again stops at once" in capsys.readouterr().err


def test_ctrl_c_is_what_it_was_after_the_training(tmp_path):
    before = signal.getsignal(signal.SIGINT)
    fit(game(), tmp_path)
    assert signal.getsignal(signal.SIGINT) is before
