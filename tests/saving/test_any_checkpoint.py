"""Any checkpoint of any run is read: in training, stopped, of a step, the best one."""

import json
import os
import pathlib
import shutil
import zipfile

import h5py
import keras
import numpy as np
import pytest
from helpers import signing
from helpers.small import SHAPE, assert_equal, images, mlp, weights

from keras_gan import callbacks, datasets, metrics, models
from keras_gan.callbacks import BackupAndRestore, NonFiniteError
from keras_gan.core import files
from keras_gan.saving import checkpoints, run_folders

X = images(shape=SHAPE)[:32]


def data():
    return datasets.load(X, 8, seed=1)


class Spying(keras.callbacks.Callback):
    """Keeps a copy of the weights at the end of each epoch, by step."""

    def on_train_begin(self, logs=None):
        self.at = {}

    def on_epoch_end(self, epoch, logs=None):
        self.at[int(self.model.step.numpy())] = weights(self.model)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of three epochs of four steps, and its weights at the ends of epochs."""
    folder = tmp_path_factory.mktemp("trained")
    spy = Spying()
    backup = BackupAndRestore(folder / "checkpoints", save_freq="epoch")
    gan = mlp(ema_decay=0.9)
    gan.fit(data(), epochs=3, verbose=0, callbacks=[backup, spy])
    return folder, spy.at, gan


@pytest.fixture
def run(trained, tmp_path):
    return pathlib.Path(shutil.copytree(trained[0], tmp_path / "run"))


@pytest.mark.parametrize(
    ("form", "step"),
    [
        ("{run}", 12),
        ("{run}/checkpoints", 12),
        ("{run}@8", 8),
        ("{run}/checkpoints@4", 4),
        ("{run}/checkpoints/step-000000008", 8),
    ],
)
def test_the_weights_of_that_step_are_read(trained, run, capsys, form, step):
    gan = models.GAN.from_preset(form.format(run=run))
    assert int(gan.step.numpy()) == step
    assert f"read at step {step}" in capsys.readouterr().out
    assert_equal(weights(gan), trained[1][step])


def test_training_goes_on_from_it_to_the_same_bits(trained, run):
    """With both optimizers' moments, the averages and the order of the data."""
    gan = models.GAN.from_preset(f"{run}@8")
    gan.fit(data(), initial_epoch=2, epochs=3, verbose=0)
    assert_equal(weights(gan), trained[1][12])
    assert_equal(
        [np.asarray(v) for v in gan.generator_optimizer.variables],
        [np.asarray(v) for v in trained[2].generator_optimizer.variables],
    )


def test_a_run_in_training_is_read(tmp_path):
    read = {}

    class Reader(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 0 and self.model.step > 0:
                self.on_train_end()

        def on_train_end(self, logs=None):
            gan = models.GAN.from_preset(tmp_path)
            read[int(gan.step.numpy())] = gan.sample(2, seed=0)

    gan = mlp()
    backup = BackupAndRestore(tmp_path / "checkpoints", save_freq="epoch", keep=1)
    gan.fit(data(), epochs=2, verbose=0, callbacks=[backup, Reader()])
    assert list(read) == [4, 8]
    np.testing.assert_array_equal(read[8], gan.sample(2, seed=0))


def test_a_damaged_newest_one_is_passed_over_with_a_warning(run):
    with open(run / "checkpoints/step-000000012/state.npz", "r+b") as file:
        file.seek(200)
        file.write(b"\0\1\2\3")
    with pytest.warns(UserWarning, match="step-000000012 is damaged"):
        assert int(models.GAN.from_preset(run).step.numpy()) == 8
    with pytest.raises(ValueError, match="step-000000012 is damaged"):
        models.GAN.from_preset(f"{run}@12")


def test_a_checkpoint_whose_arrays_are_a_pipe_is_no_wait(run):
    state = run / "checkpoints/step-000000012/state.npz"
    state.unlink()
    os.mkfifo(state)
    with pytest.raises(ValueError, match="state.npz is no file"):
        models.GAN.from_preset(f"{run}@12")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("@7", "no checkpoint of step 7 .* The steps are: 4, 8, 12"),
        ("@best", "marked as the best"),
        ("@first", "Unknown preset"),
    ],
)
def test_what_is_not_there_is_named(run, form, said):
    with pytest.raises(ValueError, match=said):
        models.GAN.from_preset(f"{run}{form}")


def sign(folder):
    """The sums of the files as they are, as who made the checkpoint could write."""
    names = ("state.npz", "manifest.json", "config.json")
    with open(folder / "SHA256SUMS", "w", encoding="utf-8") as file:
        file.writelines(f"{files.sha256(folder / name)}  {name}\n" for name in names)


def test_an_array_larger_than_its_file_takes_no_memory(run):
    folder = run / "checkpoints/step-000000012"
    header = {"descr": "<f4", "fortran_order": False, "shape": (10**12,)}
    with (
        zipfile.ZipFile(folder / "state.npz", "w") as archive,
        archive.open("huge.npy", "w") as file,
    ):
        np.lib.format.write_array_header_1_0(file, header)
        file.write(bytes(40))
    sign(folder)
    with pytest.raises(ValueError, match="huge.npy, which is no plain array"):
        models.GAN.from_preset(f"{run}@12")


def test_a_config_that_asks_for_more_than_is_stored_is_refused(run):
    folder = run / "checkpoints/step-000000012"
    config = json.loads((folder / "config.json").read_text())
    config["model"]["config"]["generator"]["config"]["widths"] = [30000, 30000]
    (folder / "config.json").write_text(json.dumps(config))
    sign(folder)
    with pytest.raises(ValueError, match="not that of the weights"):
        models.GAN.from_preset(f"{run}@12")


# Nothing that is not finite -----------------------------------------------------------


class Spoiling(keras.callbacks.Callback):
    """Writes a NaN into one variable after a step, where no log shows it."""

    def __init__(self, step, variable):
        super().__init__()
        self.step, self.variable = step, variable

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.step.numpy()) == self.step:
            variable = self.variable(self.model)
            variable.assign(np.full(variable.shape, np.nan))


PLACES = {
    "weight": lambda gan: gan.generator.variables[0],
    "average": lambda gan: gan.ema_generator.variables[0],
    "moment": lambda gan: gan.generator_optimizer.variables[-1],
}


@pytest.mark.parametrize("place", PLACES)
def test_a_nan_of_the_last_update_becomes_no_checkpoint(tmp_path, place):
    """The logs of a step are of the weights before it."""
    backup = BackupAndRestore(tmp_path, save_freq="epoch")
    spoiling = Spoiling(8, PLACES[place])
    with pytest.raises(NonFiniteError, match="generator.* at step 8, so no checkpoint"):
        mlp(ema_decay=0.9).fit(
            data(), epochs=3, verbose=0, callbacks=[spoiling, backup]
        )
    assert checkpoints.steps(tmp_path) == [4]
    resumed = mlp(ema_decay=0.9)
    backup = BackupAndRestore(tmp_path, save_freq="epoch")
    resumed.fit(data(), epochs=2, verbose=0, callbacks=[backup])
    assert checkpoints.steps(tmp_path) == [4, 8]
    assert all(np.isfinite(array).all() for array in weights(resumed))


def test_a_checkpoint_that_is_not_finite_is_passed_over(run):
    """One of another program, say; its sums are right."""
    folder = run / "checkpoints/step-000000012"
    arrays = checkpoints.load(folder)
    key = "generator/generator/hidden_1/kernel"
    arrays[key] = np.full_like(arrays[key], np.inf)
    np.savez(folder / "state.npz", **arrays)
    sign(folder)
    with pytest.warns(UserWarning, match=f"{key} holds NaN or Inf. Trying the one"):
        path, _ = checkpoints.newest(run / "checkpoints")
    assert run_folders.step_of(path) == 8
    with pytest.warns(UserWarning, match="Trying the one"):
        mlp(ema_decay=0.9).fit(
            data(),
            epochs=3,
            verbose=0,
            callbacks=[BackupAndRestore(run / "checkpoints")],
        )
    with pytest.warns(UserWarning, match="Trying the one"):
        assert int(models.GAN.from_preset(run).step.numpy()) == 8


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", ["keras", "weights.h5", "preset", "export"])
def test_nothing_else_is_written_with_a_nan_in_it(tmp_path, form, place):
    gan = mlp(ema_decay=0.9)
    write = {
        "keras": lambda: gan.save(tmp_path / "gan.keras"),
        "weights.h5": lambda: gan.save_weights(tmp_path / "gan.weights.h5"),
        "preset": lambda: gan.save_to_preset(tmp_path / "preset"),
        "export": lambda: gan.export(tmp_path / "export"),
    }[form]
    variable = PLACES[place](gan)
    variable.assign(np.full(variable.shape, np.nan))
    with pytest.raises(NonFiniteError, match=r"holds NaN or Inf, so .* is not written"):
        write()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("ending", ["keras", "weights.h5"])
def test_the_functions_of_keras_write_no_nan_either(tmp_path, ending, place):
    gan, path = mlp(ema_decay=0.9), tmp_path / f"gan.{ending}"
    saving = keras.saving
    write = saving.save_model if ending == "keras" else saving.save_weights
    write(gan, path)
    variable = PLACES[place](gan)
    variable.assign(np.full(variable.shape, np.nan))
    with pytest.raises(NonFiniteError, match="holds NaN or Inf, so nothing is saved"):
        write(gan, path)
    with pytest.raises((ValueError, OSError, KeyError)):  # what is left is no file
        mlp(ema_decay=0.9).load_weights(path)


def test_a_preset_that_is_not_finite_is_refused(tmp_path):
    """One of another program, say; its sums are right."""
    mlp().save_to_preset(tmp_path / "preset")
    with h5py.File(tmp_path / "preset" / "model.weights.h5", "r+") as file:
        file["generator/layers/dense/vars/0"][0, 0] = np.nan
    signing.sign(tmp_path / "preset")
    with pytest.raises(ValueError, match="NaN or Inf, in generator/generator/hidden_1"):
        models.GAN.from_preset(tmp_path / "preset")


# The best -----------------------------------------------------------------------------


def fit(gan, folder, epochs, best="val_d_loss", keep=1):
    backup = BackupAndRestore(folder, keep=keep, best=best)
    gan.fit(
        data(),
        epochs=epochs,
        verbose=0,
        validation_data=data(),
        callbacks=[Planned(), backup],
    )


class Planned(keras.callbacks.Callback):
    """Puts a planned value in the place of the logged one, before it is looked at."""

    values = (3.0, 1.0, 2.0, 5.0, 4.0)

    def on_epoch_end(self, epoch, logs=None):
        logs["val_d_loss"] = self.values[epoch]


def test_the_best_is_kept_whatever_comes_after_it(tmp_path):
    fit(mlp(), tmp_path, epochs=4)
    assert checkpoints.steps(tmp_path) == [8, 16]  # the best and the newest
    assert run_folders.best(tmp_path) == {"step": 8, "name": "val_d_loss", "value": 1.0}
    assert int(models.GAN.from_preset(f"{tmp_path}@best").step.numpy()) == 8
    fit(mlp(), tmp_path, epochs=5)  # resumed: 4.0 is no record
    assert checkpoints.steps(tmp_path) == [8, 20]
    assert run_folders.best(tmp_path)["step"] == 8


def test_which_way_is_better_the_metric_says(tmp_path):
    gan = mlp()
    found = [metrics.FrechetDistance(), metrics.DensityCoverage()]
    gan.compile(metrics=found)
    for name, values, wanted in (
        ("val_frechet_distance", (2.0, 1.0, 3.0), [True, True, False]),
        ("val_density", (0.5, 1.2, 0.7, 1.1), [True, True, False, True]),  # best is 1
        ("val_precision", (), None),
        ("g_loss", (2.0, 1.0, float("nan")), [True, True, False]),
    ):
        best = callbacks.backup_and_restore.Best(name)
        if wanted is None:
            with pytest.raises(ValueError, match=f"Received: best='{name}'"):
                best.begin(gan, tmp_path)
            continue
        best.begin(gan, tmp_path)
        beaten = []
        for step, value in enumerate(values):
            beaten.append(best.is_beaten_by({name: value}))
            if beaten[-1]:
                best.write(tmp_path, step, {name: value})
        assert beaten == wanted, name
        assert not best.is_beaten_by({"other": 0.0})


def test_a_quantity_that_is_not_logged_is_refused_before_the_first_step(tmp_path):
    gan = mlp()
    with pytest.raises(ValueError, match="Here these are val_d_loss, val_g_loss"):
        fit(gan, tmp_path, 1, best="val_frechet_distance")
    assert int(gan.step.numpy()) == 0
