"""Real runs of `keras-gan train` in their own processes, and what is made of them."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf
from helpers import exported
from helpers.commands import call, changed, refused
from PIL import Image

import keras_gan
from keras_gan import pixels
from keras_gan.saving import checkpoints

BATCHES = 1797 // 8  # of a data set of digits in small batches: epochs of a second


def start(*arguments, cwd):
    command = [sys.executable, "-m", "keras_gan.cli", "train", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process, code=0):
    shown, errors = process.communicate(timeout=240)
    assert process.returncode == code, errors[-2000:]
    assert "Traceback" not in errors
    return shown, errors


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """The folder of a run of two epochs of mlp_digits, and what it printed."""
    folder = tmp_path_factory.mktemp("digits")
    shown, errors = finish(start("mlp_digits", "--epochs", 2, cwd=folder))
    assert errors == ""  # no noise of TensorFlow's
    return folder / "runs" / "mlp_digits", shown


@pytest.fixture(scope="module")
def held_out(tmp_path_factory):
    """The folder of a run that holds 100 digits out, and is measured by 60 of them."""
    folder = tmp_path_factory.mktemp("held_out")
    measured = ("--held-out", 100, "--evaluate", 60, "--features", "pixels")
    shown, _ = finish(start("mlp_digits", "--steps", 5, *measured, cwd=folder))
    return folder / "runs" / "mlp_digits", shown


def test_a_run_is_measured_by_what_it_held_out(held_out, tmp_path):
    run, shown = held_out
    assert "1697 images, 100 held out, 8 x 8" in shown and "split held_out" in shown
    config = json.loads((run / "config.json").read_text())
    assert config["data"]["held_out"] == 100
    written = json.loads((run / "scores.json").read_text())
    asked = {"split": "held_out", "held_out": 100, "num_samples": 60}
    assert written["protocol"].items() >= asked.items()
    protocol = keras_gan.evaluation.Protocol("digits", **asked)
    game = keras_gan.models.GAN.from_preset(run / "preset")
    found = {name: score.value for name, score in protocol.evaluate(game).items()}
    assert found == {n: score["value"] for n, score in written["scores"].items()}
    assert "memorization_rate" in found  # the training images are those kept
    assert len(protocol.real("train")) == 60 and len(protocol.real()) == 60

    output = tmp_path / "scores.json"
    code, shown, _ = call("evaluate", run, "-n", 60, "--output", output)
    assert code == 0 and json.loads(output.read_text()) == written
    code, shown, _ = call("evaluate", run, "-n", 60, "--split", "train")
    assert code == 0 and "split train" in shown


def test_what_cannot_be_held_out_or_measured_is_refused(tmp_path):
    for arguments, message in (
        (("--held-out", "1.5"), "--held-out is a number of images"),
        (("--held-out", "5000"), "--held-out: held_out leaves at least one sample"),
        (("--features", "pixels"), "says by what --evaluate measures"),
        (("--evaluate", 50, "--features", "dinov2"), "needs a file"),
    ):
        run = ("train", "mlp_digits", "--output", tmp_path / "x")
        code, _, errors = call(*run, *arguments)
        assert code and message in " ".join(errors.split()), errors
    assert not (tmp_path / "x").exists()


def test_a_run_ends_with_a_grid_and_leaves_all_that_is_promised(digits):
    run, shown = digits
    assert shown.splitlines()[-1].endswith(str(run / "samples.png"))
    assert "2 epochs of 28, batch size 64, 5 images left out of each" in shown
    assert "keras-gan sample runs/mlp_digits" in shown
    pictures = sorted(path.name for path in (run / "samples").iterdir())
    assert pictures == ["epoch-0001.png", "epoch-0002.png"]
    assert checkpoints.steps(run / "checkpoints") == [28, 56]
    assert len(json.loads((run / "history.json").read_text())["d_loss"]) == 2
    assert list((run / "tensorboard").glob("*/events*"))
    config = json.loads((run / "config.json").read_text())
    assert (config["epochs"], config["seed"]) == (2, 0)
    game = keras_gan.models.GAN.from_preset(run / "preset")
    assert int(game.step.numpy()) == 56
    grid = np.asarray(Image.open(run / "samples.png"))
    np.testing.assert_array_equal(grid, pixels.image_grid(game.sample(64, 0))[..., 0])


def test_the_run_is_neither_repeated_nor_mixed(digits):
    run, _ = digits
    message = refused("train", "mlp_digits", "--output", run)
    assert "holds a run already" in message
    message = refused("train", "mlp_digits", "--output", run, "--resume", "--seed", 3)
    assert "these entries differ" in message and "data.seed: was 0, is 3" in message
    assert json.loads((run / "config.json").read_text())["seed"] == 0


def test_a_finished_run_is_left_as_it_is(digits):
    run, _ = digits
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}
    code, shown, _ = call("train", run, "--resume")
    assert code == 0 and "has been trained to its end" in shown
    assert "a run cannot be shortened" in refused(
        "train", run, "--resume", "--epochs", 1
    )
    assert before == {path: path.stat().st_mtime_ns for path in run.rglob("*")}


def test_sample_writes_a_grid_an_array_or_a_folder(digits, tmp_path):
    run, _ = digits
    expected = keras_gan.models.GAN.from_preset(run).sample(5, seed=7)
    for output in ("grid.png", "samples.npz", "folder", "upper.PNG"):
        arguments = ["-n", 5, "--seed", 7, "--output", tmp_path / output]
        code, shown, _ = call("sample", run, *arguments)
        assert code == 0 and str(tmp_path / output) in shown
    grid = np.asarray(Image.open(tmp_path / "grid.png"))
    np.testing.assert_array_equal(grid, pixels.image_grid(expected)[..., 0])
    upper = np.asarray(Image.open(tmp_path / "upper.PNG"))
    np.testing.assert_array_equal(upper, grid)
    with np.load(tmp_path / "samples.npz") as stored:
        np.testing.assert_array_equal(stored["images"], pixels.to_uint8(expected))
        assert stored["seed"] == 7
    names = sorted(path.name for path in (tmp_path / "folder").iterdir())
    assert names == [f"0000{i}.png" for i in range(5)]
    fourth = np.asarray(Image.open(tmp_path / "folder" / "00003.png"))
    np.testing.assert_array_equal(fourth, pixels.to_uint8(expected[3, ..., 0]))


def test_sample_loses_nothing(digits, tmp_path):
    run, _ = digits
    (tmp_path / "kept.png").write_text("kept")
    (tmp_path / "full").mkdir()
    for output, hint in (("kept.png", "--overwrite"), ("full", "another")):
        message = refused("sample", run, "--output", tmp_path / output)
        assert "exists already" in message and hint in message
    assert (tmp_path / "kept.png").read_text() == "kept"
    output = ["--output", tmp_path / "kept.png", "--overwrite"]
    assert call("sample", run, "-n", 1, *output)[0] == 0
    assert Image.open(tmp_path / "kept.png").size == (40, 40)
    assert "grid.png" in refused("sample", run, "--output", tmp_path / "x.jpg")


def test_export_draws_what_sample_draws(digits, tmp_path):
    run, _ = digits
    assert call("export", run, tmp_path / "served")[0] == 0
    sample = tf.saved_model.load(tmp_path / "served").signatures["sample"]
    served = sample(num_samples=tf.constant(3), seed=tf.constant(2))["images"]
    game = keras_gan.models.GAN.from_preset(run / "preset")
    np.testing.assert_array_equal(served, pixels.to_uint8(game.sample(3, seed=2)))
    assert "never overwrites" in refused("export", run, tmp_path / "served")


def test_an_export_of_another_format(digits, tmp_path):
    run, _ = digits
    options = ["--format", "onnx", "--dtype", "float16"]
    code, said, _ = call("export", run, tmp_path / "x.onnx", *options)
    assert code == 0 and f"ONNX: {tmp_path / 'x.onnx'}" in said
    latents = np.ones((2, 32), np.float32)
    found = exported.runner(tmp_path / "x.onnx")({"latents": latents})
    game = keras_gan.models.GAN.from_preset(run / "preset")
    assert 0 < np.abs(found - game(latents)).max() < 0.01  # weights of two bytes
    for arguments, words in (
        (["x.onnx", "--format", "onnx"], "never overwrites"),
        (["x.pb", "--format", "onnx"], "something.onnx"),
        (["y.onnx", "--format", "onnx", "--warm-up"], "Only of a SavedModel"),
    ):
        path, *options = arguments
        assert words in refused("export", run, tmp_path / path, *options)
    options = ["--format", "onnx", "--version", "auto"]
    code, _, errors = call("export", run, tmp_path / "y.onnx", *options)
    assert code == 2 and "--version numbers folders" in errors
    assert os.listdir(tmp_path) == ["x.onnx"]


def test_exports_are_numbered_as_a_server_wants_them(digits, tmp_path):
    """The next number, one that is asked for, and the next one after that."""
    run, _ = digits
    folder = tmp_path / "photos"
    for version, expected in (("auto", "1"), ("7", "7"), ("auto", "8")):
        assert call("export", run, folder, "--version", version)[0] == 0
        assert (folder / expected / "saved_model.pb").is_file()
    assert sorted(os.listdir(folder)) == ["1", "7", "8"]
    assert "exists already" in refused("export", run, folder, "--version", "7")
    for wrong in ("newest", "0", "-1", "1.5", ""):
        assert "--version is a number" in refused(
            "export", run, tmp_path / "other", f"--version={wrong}"
        )
    assert not (tmp_path / "other").exists()


def test_info_of_a_run_names_its_weights(digits):
    run, _ = digits
    code, shown, _ = call("info", run)
    assert code == 0 and shown.splitlines()[-1] == f"Weights:  {run / 'preset'}"


@pytest.mark.slow
def test_ctrl_c_and_resume_end_with_the_bits_of_an_unbroken_run(tmp_path):
    options = ["mlp_digits", "--batch-size", 8, "--epochs", 3]
    whole = start(*options, "--output", "whole", cwd=tmp_path)
    broken = start(*options, "--output", "broken", cwd=tmp_path)
    deadline = time.monotonic() + 240
    while not (tmp_path / "broken" / "samples.png").exists():
        assert broken.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.1)  # into the second epoch, mostly
    broken.send_signal(signal.SIGINT)
    _, errors = finish(broken, code=130)
    assert "keras-gan train broken --resume" in errors
    kept = checkpoints.steps(tmp_path / "broken" / "checkpoints")[-1]
    assert BATCHES <= kept < 3 * BATCHES
    assert not (tmp_path / "broken" / "preset").exists()
    assert "--resume" in refused("sample", tmp_path / "broken")
    shown, _ = finish(start("broken", "--resume", cwd=tmp_path))
    assert f"at step {kept}, in epoch" in shown
    finish(whole)
    states = []
    for name in ("whole", "broken"):
        path, manifest = checkpoints.newest(tmp_path / name / "checkpoints")
        assert manifest["step"] == 3 * BATCHES
        states.append(checkpoints.load(path))
    assert states[0].keys() == states[1].keys()
    for name, array in states[0].items():
        assert array.tobytes() == states[1][name].tobytes(), name
    histories = [
        (tmp_path / n / "history.json").read_text() for n in ("whole", "broken")
    ]
    assert histories[0] == histories[1]


@pytest.mark.slow
def test_a_run_in_training_is_left_alone(tmp_path):
    process = start("mlp_digits", "--epochs", 10_000, "--output", "run", cwd=tmp_path)
    run = tmp_path / "run"
    deadline = time.monotonic() + 240
    while not (run / "samples.png").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    for option in ("--resume", "--overwrite"):
        message = refused("train", "mlp_digits", "--output", run, option)
        assert f"{run / 'checkpoints'} is in use: process {process.pid} " in message
    process.send_signal(signal.SIGKILL)
    process.communicate()
    shorter = ["--epochs", 1, "--output", run, "--overwrite"]
    finish(start("mlp_digits", *shorter, cwd=tmp_path))
    assert len(json.loads((run / "history.json").read_text())["d_loss"]) == 1


def test_nan_stops_the_run_and_keeps_the_last_good_checkpoint(tmp_path):
    def explode(config):
        optimizer = {"module": "keras.optimizers", "class_name": "SGD"}
        optimizer["config"] = {"learning_rate": 1e8}
        config["compile"]["generator_optimizer"] = optimizer
        config["compile"]["discriminator_optimizer"] = optimizer

    path = changed(pathlib.Path(tmp_path) / "bad.json", explode)
    _, errors = finish(start(path, cwd=tmp_path), code=1)
    assert "became" in errors and "at step" in errors
    assert "No checkpoint was written yet" in errors or "The last checkpoint" in errors
    for step in checkpoints.steps(tmp_path / "runs" / "bad" / "checkpoints"):
        folder = checkpoints.folder(tmp_path / "runs" / "bad" / "checkpoints", step)
        for array in checkpoints.load(folder).values():
            assert np.isfinite(array).all()
