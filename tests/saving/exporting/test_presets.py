"""Presets of the zoo draw the same in every format, also by other readers."""

import doctest
import importlib.util
import itertools
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from helpers.exported import runner, written

from keras_gan.core.randomness import seed_of
from keras_gan.models import GAN
from keras_gan.pixels import to_uint8
from keras_gan.saving import zoo
from keras_gan.saving.exporting import codes

FORMATS = ("tf_saved_model", "onnx", "litert")
PARTS = (1, 2, 16, 45)  # rows of batches; the rest is one, too
PIXELS = 200_000  # of which 0.01 % are 20


def has_weights(name):
    return (pathlib.Path(zoo.folder()) / name / "model.weights.h5").is_file()


def inputs_of(gan, count, format):
    """Latents of seed 0, each class in turn, and codes that leave the latents' own."""
    latents, labels = gan.prior(count, seed_of(0, "sample")), None
    inputs = {"latents": np.asarray(latents)}
    if "generator" in gan.conditioned:
        labels = inputs["labels"] = np.arange(count, dtype=np.int32) % gan.num_classes
    if format != "tf_saved_model":
        inputs |= {code.name: code.left(count) for code in codes.of_game(gan)}
    return inputs, labels


def in_parts(run, inputs, count):
    """The samples of batches of several sizes, side by side."""
    ends = [0, *np.cumsum(PARTS), count]
    return np.concatenate(
        [
            run({name: part[begin:end] for name, part in inputs.items()})
            for begin, end in itertools.pairwise(ends)
        ]
    )


def check(name, format, folder):
    """Within 1 of 255 in 0.01 % of the pixels, at any batch size."""
    gan = GAN.from_preset(name)
    count = 100 + PIXELS // np.prod(gan.sample_shape())
    inputs, labels = inputs_of(gan, count, format)
    found = in_parts(runner(written(gan, folder, format)), inputs, count)
    condition = {} if labels is None else {"condition": labels}
    drawn = to_uint8(gan.sample(count, seed=0, **condition))  # identical latents
    apart = abs(to_uint8(found).astype(int) - drawn)
    assert apart.max() <= 1 and (apart > 0).mean() <= 1e-4
    assert drawn.std() > 20  # digits, and no grey


@pytest.mark.parametrize("format", FORMATS)
def test_a_small_preset_draws_the_same_in_every_format(tmp_path, format):
    check("dcgan_digits", format, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", [name for name in zoo.names() if has_weights(name)])
def test_every_preset_draws_the_same_in_every_format(tmp_path, name, format):
    check(name, format, tmp_path)


def test_the_examples_of_the_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = pathlib.Path(__file__).parents[3] / "docs" / "exporting.md"
    assert doctest.testfile(str(page), module_relative=False).failed == 0


OPENVINO = """
import sys
import numpy as np
import openvino

# By itself it computes in bfloat16 where the processor can: 0.05 away.
exact = {"INFERENCE_PRECISION_HINT": "f32"}
for path in sys.argv[2:]:
    model = openvino.Core().compile_model(path, "CPU", exact)
    with np.load(sys.argv[1]) as inputs:
        given = {name: inputs[name] for name in ("latents", "labels")}
        found = model(given)["images"]
        assert abs(found - inputs["expected"]).max() < 1e-4, path  # of [-1, 1]
        assert found.std() > 0.1
        if path.endswith(".onnx"):
            given["labels"] = np.array([1, -1, 10], np.int32)
            nan = np.isnan(model(given)["images"]).all(axis=(1, 2, 3))
            assert nan.tolist() == [False, True, True]
    print(path)
"""


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("openvino") is None,
    reason="OpenVINO is not installed: pip install openvino",
)
def test_openvino_reads_both_and_agrees(tmp_path):
    """A reader that has nothing in common with TensorFlow, in a process of its own."""
    gan = GAN.from_preset("conditional_mnist")
    paths = [str(written(gan, tmp_path, format)) for format in FORMATS[:2]]
    inputs, labels = inputs_of(gan, 3, "tf_saved_model")
    expected = np.asarray(gan([inputs["latents"], labels]))
    np.savez(tmp_path / "inputs.npz", expected=expected, **inputs)
    said = subprocess.run(
        [sys.executable, "-c", OPENVINO, tmp_path / "inputs.npz", *paths],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert said.splitlines() == paths


SERVE = """
import sys
import numpy as np
import tensorflow as tf

signature = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
with np.load(sys.argv[2]) as inputs:
    given = {name: tf.constant(inputs[name]) for name in inputs.files}
np.save(sys.argv[3], signature(**given)["images"])
"""


@pytest.mark.slow
@pytest.mark.parametrize("onednn", ["0", "1"])
@pytest.mark.parametrize("name", ["dcgan_mnist", "conditional_mnist", "mlp_mnist"])
def test_a_server_with_another_setting_of_onednn_draws_the_same(tmp_path, name, onednn):
    gan = GAN.from_preset(name)
    count = 256
    inputs, labels = inputs_of(gan, count, "tf_saved_model")
    np.savez(tmp_path / "inputs.npz", **inputs)
    paths = [written(gan, tmp_path, "tf_saved_model"), "inputs.npz", "images.npy"]
    subprocess.run(
        [sys.executable, "-c", SERVE, *paths],
        check=True,
        cwd=tmp_path,
        env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": onednn},
    )
    condition = {} if labels is None else {"condition": labels}
    drawn = to_uint8(gan.sample(count, seed=0, **condition)).astype(int)
    apart = abs(to_uint8(np.load(tmp_path / "images.npy")) - drawn)
    assert apart.max() <= 1 and (apart > 0).mean() <= 1e-4
