"""A run that was killed and resumed ends with the bits of an uninterrupted one."""

import contextlib
import json
import pathlib
import random
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import PIL.Image
import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.pace import only
from helpers.processes import HERE, own_environment
from helpers.trajectory import FAMILIES, data, game, state

import keras_gan
from keras_gan.callbacks import BackupAndRestore, backup_and_restore
from keras_gan.callbacks.backup_and_restore import described_resume
from keras_gan.core import distribution
from keras_gan.saving import checkpoints, folder_lock
from keras_gan.saving.folder_lock import FolderInUseError, FolderLock, check_free

SCRIPT = HERE / "trajectory.py"
EPOCHS = 10  # of 4 steps


def start(directory, *options):
    command = [sys.executable, str(SCRIPT), str(directory), *options]
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=own_environment(),
    )


def finish(process):
    _, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors.decode()[-2000:]


def kill_after(process, directory, step, pause):
    """SIGKILL once a checkpoint of `step` exists and `pause` seconds have passed."""
    deadline = time.monotonic() + 240
    while not any(s >= step for s in checkpoints.steps(directory)):
        assert process.poll() is None, process.stderr.read().decode()[-2000:]
        assert time.monotonic() < deadline
        time.sleep(0.001)
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def last(directory):
    path, manifest = checkpoints.newest(directory)
    return checkpoints.load(path), manifest


def assert_same_bits(whole, broken, steps):
    arrays, manifest = last(whole)
    resumed, resumed_manifest = last(broken)
    assert manifest["step"] == resumed_manifest["step"] == steps
    assert manifest["history"] == resumed_manifest["history"]
    assert arrays.keys() == resumed.keys()
    for name, array in arrays.items():
        assert array.tobytes() == resumed[name].tobytes(), name
    return manifest


def test_killed_and_resumed_has_the_same_bits(tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    options = ["--epochs", str(EPOCHS)]
    unbroken = start(whole, *options)
    moments = random.Random(0)
    for step in (3, 30):  # in the middle of epochs 0 and 7
        process = start(broken, *options)
        kill_after(process, broken, step, moments.uniform(0, 0.03))
    assert checkpoints.steps(broken)[-1] < 4 * EPOCHS
    finish(start(broken, *options))
    finish(unbroken)
    manifest = assert_same_bits(whole, broken, 4 * EPOCHS)
    assert len(manifest["history"]["logs"]["d_loss"]) == EPOCHS


@pytest.mark.slow
def test_killed_in_the_middle_of_a_save(tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    unbroken = start(whole)
    for save in (3, 2):
        process = start(broken, "--kill-in-save", str(save))
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    assert checkpoints.steps(broken) == [1, 2, 3]
    halves = [path for path in broken.iterdir() if path.name.startswith(".step-")]
    assert len(halves) == 1  # of the last kill; never taken for a checkpoint
    finish(start(broken))
    finish(unbroken)
    assert_same_bits(whole, broken, 12)
    assert not [path for path in broken.iterdir() if path.name.startswith(".step-")]


@pytest.fixture
def folder_of_images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    draw = np.random.default_rng(0)
    for index in range(130):
        pixels = draw.integers(0, 256, (16, 16, 3), dtype="uint8")
        PIL.Image.fromarray(pixels).save(folder / f"{index:03d}.png")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mlp", "dcgan"])
@pytest.mark.parametrize(
    ("source", "batch_size", "steps"),
    [("digits", 64, 9), ("mnist", 1000, 20), ("folder", 8, 5)],
)
def test_images_killed_and_resumed(
    tmp_path, folder_of_images, request, kind, source, batch_size, steps
):
    if source == "mnist":
        request.getfixturevalue("mnist")
    path = folder_of_images if source == "folder" else source
    assert_killed_and_resumed(tmp_path, kind, path, batch_size, steps)


@pytest.mark.slow
def test_residual_networks_killed_and_resumed(tmp_path):
    assert_killed_and_resumed(tmp_path, "r3gan", "digits", 64, 9)


@pytest.mark.slow
@pytest.mark.parametrize("kind", FAMILIES)
def test_a_family_killed_and_resumed(tmp_path, kind):
    """Labels, codes, heads; labels of their own order, noise inside D, two averages."""
    assert_killed_and_resumed(tmp_path, kind, "digits", 64, 9)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "steps"), [("BiGAN", 2), ("CycleGAN", 6), ("VAE", 6)])
def test_a_toy_killed_and_resumed(tmp_path, kind, steps):
    """Two networks a player, nests, no latents, no adversary; 4 rows in the end."""
    assert_killed_and_resumed(tmp_path, kind, "", 8, steps)


def assert_killed_and_resumed(tmp_path, kind, source, batch_size, steps):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    options = ["--kind", kind, "--source", str(source), "--epochs", "2"]
    options += ["--batch-size", str(batch_size)]
    finish(start(whole, *options))
    moments = random.Random(1)
    for step in (steps // 2, steps + 2):  # in the middle of each epoch
        process = start(broken, *options)
        kill_after(process, broken, step, moments.uniform(0, 0.1))
    finish(start(broken, *options))
    assert_same_bits(whole, broken, 2 * steps)


def fit(gan, directory, epochs, save_freq="epoch", **options):
    backup = BackupAndRestore(directory, save_freq, **options)
    return gan.fit(data(), epochs=epochs, verbose=0, callbacks=[backup])


@pytest.mark.parametrize("break_at", only([6], [4, 6]))
def test_resuming_in_one_process(tmp_path, break_at):
    whole = game(dropout=0.25)
    history = whole.fit(data(), epochs=3, verbose=0).history

    class Break(BackupAndRestore):
        def after_batch(self, batch, logs=None):
            super().after_batch(batch, logs)
            if int(self.model.step.numpy()) == break_at:
                raise KeyboardInterrupt

    backup = Break(tmp_path, save_freq=1)
    with pytest.raises(KeyboardInterrupt):
        game(dropout=0.25).fit(data(), epochs=3, verbose=0, callbacks=[backup])
    again = game(dropout=0.25)
    resumed = fit(again, tmp_path, 3, save_freq=1)
    for a, b in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(a, b)
    for name in history:
        np.testing.assert_array_equal(history[name], resumed.history[name])
    assert resumed.epoch == [0, 1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("break_at", only([6], [6, 8]))
def test_stop_training_in_an_epoch_is_no_end_of_it(tmp_path, break_at):
    whole = game()
    history = whole.fit(data(), epochs=3, verbose=0).history

    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training |= int(self.model.step.numpy()) == break_at

    backup = BackupAndRestore(tmp_path)
    game().fit(data(), epochs=3, verbose=0, callbacks=[Stop(), backup])
    again = game()
    resumed = fit(again, tmp_path, 3)
    for a, b in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(a, b)
    assert resumed.history == history


def batches():
    """Minibatches of another make than `datasets.load`."""
    rows = np.random.default_rng(7).normal(size=(13 * 16, 6)).astype("float32")
    return tf.data.Dataset.from_tensor_slices(rows).batch(16, drop_remainder=True)


@pytest.mark.slow
@pytest.mark.parametrize("endless", only([False], [False, True]))
def test_any_deterministic_dataset_is_taken_up_by_skipping(tmp_path, endless):
    options = {"verbose": 0}
    make = batches
    saving = {"save_freq": 1}
    if endless:
        options["steps_per_epoch"] = 5
        saving = {}

        def make():
            return batches().repeat()

    whole = game()
    whole.fit(make(), epochs=4, **options)

    class Break(BackupAndRestore):
        def after_batch(self, batch, logs=None):
            super().after_batch(batch, logs)
            if self._step() == 7:
                raise KeyboardInterrupt

    backup = Break(tmp_path, **saving)
    with pytest.raises(KeyboardInterrupt):
        game().fit(make(), epochs=4, callbacks=[backup], **options)
    again = game()
    backup = BackupAndRestore(tmp_path, **saving)
    again.fit(make(), epochs=4, callbacks=[backup], **options)
    for a, b in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(a, b)


def test_data_of_unknown_length_are_resumed_in_the_middle_of_an_epoch(tmp_path):
    """Keras takes the rest of the first epoch for the length of all the others."""

    def make():
        return batches().filter(lambda rows: True)

    whole = game()
    history = whole.fit(make(), epochs=4, verbose=0).history

    class Break(BackupAndRestore):
        def after_batch(self, batch, logs=None):
            super().after_batch(batch, logs)
            if self._step() == 7:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup = Break(tmp_path, save_freq=1)
        game().fit(make(), epochs=4, verbose=0, callbacks=[backup])
    again = game()
    backup = BackupAndRestore(tmp_path, save_freq=1)
    resumed = again.fit(make(), epochs=4, verbose=0, callbacks=[backup])
    assert int(again.step.numpy()) == 16
    for a, b in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(a, b)
    assert resumed.history == history


def test_places_that_could_not_be_found_again_are_refused(tmp_path):
    backup = BackupAndRestore(tmp_path)
    with pytest.raises(ValueError, match="steps_per_epoch=2 with data that end"):
        game().fit(batches(), steps_per_epoch=2, verbose=0, callbacks=[backup])
    backup = BackupAndRestore(tmp_path, save_freq=1)
    with pytest.raises(ValueError, match="end of an epoch only"):
        game().fit(batches().repeat(), steps_per_epoch=2, verbose=0, callbacks=[backup])
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_more_epochs_continue_a_finished_run(tmp_path):
    whole = game()
    whole.fit(data(), epochs=3, verbose=0)
    fit(game(), tmp_path, 2)
    again = game()
    fit(again, tmp_path, 3)
    for a, b in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_damaged_newest_checkpoint_is_reported_and_the_one_before_used(tmp_path):
    fit(game(), tmp_path, 2)
    newest = pathlib.Path(checkpoints.folder(tmp_path, 8))
    with open(newest / checkpoints.STATE, "r+b") as file:
        file.truncate(100)
    with pytest.warns(UserWarning, match="step-000000008 is damaged.*sha256"):
        path, manifest = checkpoints.newest(tmp_path)
    assert manifest["step"] == 4
    (pathlib.Path(path) / checkpoints.MANIFEST).write_text("{")
    with (
        pytest.warns(UserWarning, match="damaged"),
        pytest.raises(ValueError, match="None of the 2 checkpoints"),
    ):
        checkpoints.newest(tmp_path)


class Clock:
    """A clock on which a step takes 1 s and a save 5 s."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr(backup_and_restore.time, "monotonic", lambda: self.now)
        save = checkpoints.save

        def slow_save(*arguments, **options):
            self.now += 5
            save(*arguments, **options)

        monkeypatch.setattr(checkpoints, "save", slow_save)

    def ticking(self):
        class Tick(keras.callbacks.Callback):
            def on_train_batch_begin(tick, batch, logs=None):
                self.now += 1

        return Tick()


@pytest.mark.slow
def test_saving_takes_two_percent_of_the_time_by_default(tmp_path, monkeypatch):
    """250 steps of 1 s between two saves of 5 s, but for the first and the last."""
    clock = Clock(monkeypatch)
    backup = BackupAndRestore(tmp_path, keep=99)
    game().fit(data(), epochs=130, verbose=0, callbacks=[clock.ticking(), backup])
    assert checkpoints.steps(tmp_path) == [4, 256, 508, 520]


def test_a_long_epoch_is_saved_within(tmp_path, monkeypatch):
    clock = Clock(monkeypatch)
    backup = BackupAndRestore(tmp_path, keep=99)
    rows = np.random.default_rng(7).normal(size=(2000, 6)).astype("float32")
    long = keras_gan.datasets.load(rows, 1, seed=3)
    rules = {"discriminator_steps": 1, "penalties": ()}
    callbacks = [clock.ticking(), backup]
    game(**rules).fit(long, epochs=1, verbose=0, callbacks=callbacks)
    assert checkpoints.steps(tmp_path) == [*range(300, 2000, 300), 2000]


def test_only_the_last_ones_are_kept(tmp_path):
    fit(game(), tmp_path, 4, keep=2)
    assert checkpoints.steps(tmp_path) == [12, 16]
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"step-000000012", "step-000000016", ".lock"}  # nothing temporary


@pytest.mark.parametrize(
    ("change", "entry"),
    [
        ({"loss": "hinge"}, "compile.loss.class_name"),
        ({"latents": "shared"}, "compile.latents: was 'fresh', is 'shared'"),
    ],
)
def test_another_config_is_refused(tmp_path, change, entry):
    fit(game(), tmp_path, 1)
    with pytest.raises(ValueError, match=entry):
        fit(game(**change), tmp_path, 2)


def test_other_data_are_refused(tmp_path):
    fit(game(), tmp_path, 1)
    backup = BackupAndRestore(tmp_path)
    with pytest.raises(ValueError, match=r"data\.batch_size: was 16, is 8"):
        game().fit(data(batch_size=8), epochs=2, verbose=0, callbacks=[backup])


def test_a_changed_folder_of_images_is_told_in_words(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()

    def add(name, value):
        PIL.Image.new("L", (2, 3), value).save(folder / f"{name}.png")

    def play(epochs):
        gan = make_gan(shape=(3, 2, 1))
        images = keras_gan.datasets.load(folder, 2)
        backup = BackupAndRestore(tmp_path / "checkpoints")
        gan.fit(images, epochs=epochs, verbose=0, callbacks=[backup])

    for name in range(4):
        add(name, 10 * name)
    play(1)
    add(3, 99)
    same = rf"4 samples of shape \(3, 2, 1\) from {folder}, as then, but not with the"
    with pytest.raises(ValueError, match=same):
        play(2)
    add(4, 40)
    more = (
        rf"then 4 samples of shape .* from {folder}, now 5 samples of .* from {folder}"
    )
    with pytest.raises(ValueError, match=more):
        play(2)


@pytest.mark.slow
def test_a_folder_that_another_process_trains_into(tmp_path):
    process = start(tmp_path, "--epochs", "100000")
    deadline = time.monotonic() + 240
    while not checkpoints.steps(tmp_path):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    message = f"{tmp_path} is in use: process {process.pid} on .* is training into it"
    with pytest.raises(FolderInUseError, match=message):
        fit(game(), tmp_path, 1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    epochs = checkpoints.steps(tmp_path)[-1] // 4 + 1
    finish(start(tmp_path, "--epochs", str(epochs)))  # nothing stale is in the way


def test_an_error_in_fit_lets_go_of_the_folder(tmp_path):
    class Break(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            with pytest.raises(FolderInUseError):
                check_free(tmp_path)
            raise KeyboardInterrupt

    backup = BackupAndRestore(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        game().fit(data(), epochs=1, verbose=0, callbacks=[backup, Break()])
    check_free(tmp_path)


def test_of_several_workers_the_chief_alone_holds_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(distribution, "is_chief", lambda strategy: False)
    with FolderLock(tmp_path):  # the chief's
        fit(game(), tmp_path, 1)


def test_workers_that_see_other_checkpoints_are_refused(tmp_path, monkeypatch):
    fit(game(), tmp_path, 1)
    monkeypatch.setattr(
        backup_and_restore.distribution, "all_have", lambda step, _: step == 0
    )
    with pytest.raises(ValueError, match="this one finds step 4 .*that they share"):
        fit(game(), tmp_path, 2)


def test_other_versions_are_warned_of(tmp_path):
    fit(game(), tmp_path, 1)
    folder = pathlib.Path(checkpoints.newest(tmp_path)[0])
    manifest = json.loads((folder / checkpoints.MANIFEST).read_text())
    manifest["versions"]["numpy"] = "1.0"
    (folder / checkpoints.MANIFEST).write_text(json.dumps(manifest))
    digest = checkpoints.files.sha256(folder / checkpoints.MANIFEST)
    sums = (folder / checkpoints.SUMS).read_text().splitlines()
    sums[1] = f"{digest}  {checkpoints.MANIFEST}"
    (folder / checkpoints.SUMS).write_text("\n".join(sums))
    with pytest.warns(UserWarning, match=r"numpy 1\.0 -> .*bits may differ"):
        fit(game(), tmp_path, 2)


# What is said ------------------------------------------------------------------------


class Stop(keras.callbacks.Callback):
    """Ends the process' `fit` at a step, as an error, Ctrl-C or a kill would."""

    def __init__(self, step, how):
        super().__init__()
        self.step, self.how = step, how

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.step.numpy()) < self.step:
            return
        if self.how == "stopped":
            self.model.stop_training = True
        elif self.how == "error":
            raise RuntimeError("here")


def resumed(folder, capsys, epochs=3, **options):
    """What a run says when it goes on, and its game."""
    gan = game()
    backup = BackupAndRestore(folder, save_freq=3)
    capsys.readouterr()
    gan.fit(data(), epochs=epochs, callbacks=[backup], **{"verbose": 2, **options})
    said = capsys.readouterr().out
    return [line for line in said.splitlines() if line.startswith("Resumed")], gan


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("stopped", "at step 5, in epoch 2; nothing is trained again."),
        ("error", "at step 4, in epoch 2; 1 step after it is trained again."),
    ],
)
def test_a_resumed_run_says_where_and_how_much_again(tmp_path, capsys, how, words):
    """Four steps an epoch; saved at 3 and 4, and at 5 by a stop alone."""
    backup = BackupAndRestore(tmp_path, save_freq=3)
    with contextlib.suppress(RuntimeError):
        game().fit(data(), epochs=3, verbose=0, callbacks=[backup, Stop(5, how)])
    said, gan = resumed(tmp_path, capsys)
    assert said == [f"Resumed {words}"]
    assert int(gan.step.numpy()) == 12
    assert resumed(tmp_path, capsys, epochs=4, verbose=0)[0] == []


def test_a_killed_run_has_noted_how_far_it_came(tmp_path, capsys, monkeypatch):
    """The note of the last second: nothing is written when a process is killed.

    Step 7 is not noted, since its callbacks have not all been called.
    """
    clock = Clock(monkeypatch)
    with monkeypatch.context() as killed:
        killed.setattr(BackupAndRestore, "release", lambda self: self._lock.release())
        backup = BackupAndRestore(tmp_path, save_freq=4)
        with contextlib.suppress(RuntimeError):
            callbacks = [clock.ticking(), backup, Stop(7, "error")]
            game().fit(data(), epochs=3, verbose=0, callbacks=callbacks)
    said, _ = resumed(tmp_path, capsys)
    assert said == [
        "Resumed at step 4, in epoch 2; at least 2 steps after it are trained again."
    ]


def test_a_run_that_is_refused_forgets_no_note(tmp_path, capsys):
    backup = BackupAndRestore(tmp_path, save_freq=3)
    with contextlib.suppress(RuntimeError):
        game().fit(data(), epochs=3, verbose=0, callbacks=[backup, Stop(5, "error")])
    noted = folder_lock.noted(tmp_path)
    assert noted == (folder_lock.STOPPED, 5)
    with pytest.raises(ValueError, match="belongs to another run"):
        fit(game(loss="hinge"), tmp_path, 4)
    assert folder_lock.noted(tmp_path) == noted


def test_a_new_run_says_nothing(tmp_path, capsys):
    assert resumed(tmp_path, capsys)[0] == []


@pytest.mark.parametrize(
    ("noted", "words"),
    [
        (None, "steps after it, if any, are"),
        (("reached", 40), "steps after it, if any, are"),
        (("reached", 38), "steps after it, if any, are"),
        (("reached", 47), "at least 7 steps after it are"),
        (("stopped at", 47), "7 steps after it are"),
        (("stopped at", 40), "nothing is"),
    ],
)
def test_how_much_is_trained_again_in_words(noted, words):
    manifest = {"step": 40, "keras_epoch": 2}
    said = described_resume(manifest, noted, epochs=3)
    assert said == f"at step 40, in epoch 3; {words} trained again"
    for epochs in (1, 2):
        said = described_resume(manifest, noted, epochs)
        assert said == "at step 40, after 2 epochs; none is left"


def test_a_finished_run_says_that_no_epoch_is_left(tmp_path, capsys):
    backup = BackupAndRestore(tmp_path)
    game().fit(data(), epochs=2, verbose=0, callbacks=[backup])
    said, gan = resumed(tmp_path, capsys, epochs=2)
    assert said == ["Resumed at step 8, after 2 epochs; none is left."]
    assert int(gan.step.numpy()) == 8
