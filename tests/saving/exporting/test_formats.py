"""ONNX and LiteRT files draw what the game draws; a wrong class never a picture."""

import importlib.util
import json
import os
import zipfile

import ai_edge_litert.interpreter
import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
from helpers import infogan_game
from helpers.exported import runner, written
from helpers.small import mlp

import keras_gan
from keras_gan import networks, priors
from keras_gan.core.randomness import seed_of
from keras_gan.saving.exporting import agreement

FILES = ("onnx", "litert")
SHAPE = (4, 4, 1)


def conditional(class_names=("Käfer", "dog"), num_classes=2):
    return keras_gan.models.ConditionalGAN(
        networks.ConditionalMLPGenerator(SHAPE, 3, num_classes, widths=(4,)),
        networks.ConditionalMLPDiscriminator(SHAPE, num_classes, widths=(4,)),
        priors.Normal(3),
        num_classes=num_classes,
        class_names=class_names,
    )


@pytest.fixture(scope="module")
def game():
    return conditional()


@pytest.fixture(scope="module", params=FILES)
def path(game, request, tmp_path_factory):
    return written(game, tmp_path_factory.mktemp("exported"), request.param)


def test_a_file_draws_what_the_game_draws_at_any_batch_size(game, path):
    run = runner(path)
    for rows in (3, 1, 40):
        latents = np.asarray(game.prior(rows, seed_of(rows, "sample")))
        labels = np.arange(rows, dtype=np.int32) % 2
        found = run({"latents": latents, "labels": labels})
        # measured below 1e-6: sums of a few products in another order
        np.testing.assert_allclose(found, game([latents, labels]), rtol=0, atol=1e-5)
        assert found.dtype == np.float32 and found.shape == (rows, *SHAPE)


@pytest.mark.parametrize("wrong", [-1, 2, 2**31 - 1, -(2**31)])
def test_a_class_that_is_none_is_nan_and_its_neighbours_are_not(game, path, wrong):
    latents = np.ones((3, 3), np.float32)
    labels = np.array([1, wrong, 0], np.int32)
    found = runner(path)({"latents": latents, "labels": labels})
    assert np.isnan(found[1]).all()
    right = game([latents[:2], np.array([1, 0])])
    np.testing.assert_allclose(found[[0, 2]], right, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("rows", "labels"), [(3, 1), (3, 2), (2, 3), (1, 3)])
def test_another_number_of_labels_than_latents_is_no_picture(path, rows, labels):
    inputs = {
        "latents": np.ones((rows, 3), np.float32),
        "labels": np.zeros(labels, np.int32),
    }
    try:
        found = runner(path)(inputs)
    except (RuntimeError, ValueError, onnxruntime.capi.onnxruntime_pybind11_state.Fail):
        return
    assert np.isnan(found).all()


def test_names_opset_and_what_an_onnx_file_says_of_itself(game, tmp_path):
    model = onnx.load(written(game, tmp_path, "onnx"))
    found = {
        value.name: [side.dim_param or side.dim_value for side in dims]
        for value in (*model.graph.input, *model.graph.output)
        for dims in [value.type.tensor_type.shape.dim]
    }
    assert found == {
        "latents": ["batch", 3],
        "labels": ["batch"],
        "images": ["batch", *SHAPE],
    }
    assert {o.domain: o.version for o in model.opset_import}[""] == 18
    about = {prop.key: json.loads(prop.value) for prop in model.metadata_props}
    assert about["class_names"] == ["Käfer", "dog"]
    assert about["value_range"] == [-1, 1]
    assert about["versions"]["keras_gan"] == keras_gan.__version__


def test_names_and_what_a_litert_file_says_of_itself(game, tmp_path):
    path = written(game, tmp_path, "litert")
    interpreter = ai_edge_litert.interpreter.Interpreter(str(path))
    signature = interpreter.get_signature_runner("serving_default")
    assert set(signature.get_input_details()) == {"latents", "labels"}
    assert list(signature.get_output_details()) == ["images"]
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("class_names.json")) == ["Käfer", "dog"]
        assert json.loads(archive.read("value_range.json")) == [-1, 1]


def test_samples_that_are_no_images_are_called_samples(tmp_path):
    gan = infogan_game.game()
    model = onnx.load(written(gan, tmp_path, "onnx"))
    assert [value.name for value in model.graph.output] == ["samples"]
    assert "value_range" not in {prop.key for prop in model.metadata_props}


@pytest.fixture(scope="module", params=FILES)
def of_codes(request, tmp_path_factory):
    gan = infogan_game.game()
    return gan, runner(written(gan, tmp_path_factory.mktemp("codes"), request.param))


def test_codes_replace_what_the_latents_hold(of_codes):
    """Parts 1, a class of three, 2, a number, and 3, two numbers, of 8 latents."""
    gan, run = of_codes
    latents = np.asarray(gan.prior(2, seed_of(1, "sample")))
    left = {
        "code_1": np.full(2, -1, np.int32),
        "code_2": np.full((2, 1), np.nan, np.float32),
        "code_3": np.full((2, 2), np.nan, np.float32),
    }
    found = run({"latents": latents, **left})
    np.testing.assert_allclose(found, gan(latents), rtol=0, atol=1e-5)
    other = latents.copy()
    other[0, 2:5], other[1, 5], other[0, 7] = [0, 0, 1], 0.25, -1.5
    given = {name: values.copy() for name, values in left.items()}
    given["code_1"][0], given["code_2"][1], given["code_3"][0, 1] = 2, 0.25, -1.5
    found = run({"latents": latents, **given})
    np.testing.assert_allclose(found, gan(other), rtol=0, atol=1e-5)
    for name, wrong in (("code_1", 3), ("code_1", -2), ("code_2", np.inf)):
        values = left[name].copy()
        values[1] = wrong
        found = run({"latents": latents, **left, name: values})
        assert np.isnan(found[1]).all() and np.isfinite(found[0]).all()


def size(path):
    if path.is_file():
        return path.stat().st_size
    return (path / "variables" / "variables.data-00000-of-00001").stat().st_size


@pytest.mark.parametrize("format", ["tf_saved_model", *FILES])
def test_float16_is_half_the_size_and_close(tmp_path, format):
    gan = keras_gan.models.GAN(  # 5 * 400 + 400 * 256 weights: 418 KB
        networks.MLPGenerator((16, 16, 1), latent_dim=5, widths=(400,)),
        networks.DCGANDiscriminator((16, 16, 1), filters=4),  # has no dense kernels
        priors.Normal(5),
        ema_decay=0.9,  # of the two generators one is used
    )
    paths = [written(gan, tmp_path, format, dtype) for dtype in ("float32", "float16")]
    latents = np.asarray(gan.prior(4, seed_of(0, "sample")))
    whole, half = (runner(path)({"latents": latents}) for path in paths)
    # Weights are rounded by 2^-12 of themselves, a logit of 400 terms by less.
    assert 1e-6 < abs(whole - half).max() < 2e-3
    whole, half = map(size, paths)
    assert 0.45 < half / whole < 0.6


@pytest.mark.parametrize("format", ["tf_saved_model", *FILES])
def test_what_draws_otherwise_is_not_kept(tmp_path, monkeypatch, format):
    """As if the converter, or the disk, had made one number another."""
    gan, draw = mlp(), keras_gan.models.GAN.draw

    def other(self, latents, side):
        return draw(self, latents, side) + tf.one_hot(3, 8)[:, None] * 2e-3

    monkeypatch.setattr(keras_gan.models.GAN, "draw", other)
    with pytest.raises(RuntimeError, match=r"differ by up to 0\.002"):
        written(gan, tmp_path, format)
    assert os.listdir(tmp_path) == []


class InverseErrorFunction(keras.layers.Layer):
    def call(self, inputs):
        return keras.ops.erfinv(keras.ops.tanh(inputs))


@pytest.mark.parametrize("format", FILES)
def test_an_operation_that_a_format_lacks_is_named(tmp_path, format):
    latents = keras.Input((3,))
    images = keras.layers.Reshape(SHAPE)(keras.layers.Dense(16)(latents))
    gan = keras_gan.models.GAN(
        keras.Model(latents, InverseErrorFunction()(images)),
        networks.MLPDiscriminator(SHAPE, widths=(2,)),
        priors.Normal(3),
    )
    with pytest.raises(RuntimeError, match="cannot compute.*Erfinv"):
        written(gan, tmp_path, format)
    assert os.listdir(tmp_path) == []


@pytest.mark.slow
def test_litert_loses_the_sides_of_what_is_repeated(tmp_path):
    """As docs/exporting.md says, of SNGAN's blocks; not ONNX."""
    gan = keras_gan.models.GAN(
        networks.SNGANGenerator((32, 32, 3), latent_dim=8, filters=8),
        networks.MLPDiscriminator((32, 32, 3), widths=(2,)),
        priors.Normal(8),
    )
    with pytest.raises(RuntimeError, match="cannot compute.*Conv2D.*UpSampling2D"):
        written(gan, tmp_path, "litert")
    written(gan, tmp_path, "onnx")


def test_a_label_that_gives_a_picture_is_not_kept(game):
    """A form that takes -1 for the last class, as ONNX's own lookup does."""

    def run(inputs):
        return np.asarray(game([inputs["latents"], inputs["labels"] % 2]))

    with pytest.raises(RuntimeError, match="draws something for labels = -2"):
        agreement.check(game, run, "form", "float32")


def test_nan_is_no_agreement(game):
    def run(inputs):
        return np.full((len(inputs["latents"]), *SHAPE), np.nan, np.float32)

    with pytest.raises(RuntimeError, match="NaN or Inf"):
        agreement.check(game, run, "form", "float32")


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        (
            "x.onnx",
            {"format": "torch"},
            "tf_saved_model, onnx, litert",
        ),
        ("x.onnx", {"format": "onnx", "dtype": "int8"}, "float32, float16"),
        ("x.tflite", {"format": "onnx"}, "something.onnx"),
        ("x.onnx", {"format": "litert"}, "something.tflite"),
        ("x.onnx", {"format": "onnx", "warm_up": True}, "Only of a SavedModel"),
    ],
)
def test_what_cannot_be_written(tmp_path, name, options, words):
    with pytest.raises(ValueError, match=words):
        mlp(compiled=False).export(tmp_path / name, **options)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("format", "module"), [("onnx", "tf2onnx"), ("litert", "ai_")])
def test_an_extra_that_is_missing_is_named(tmp_path, monkeypatch, format, module):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *args: None if name.startswith(module) else find(name, *args),
    )
    with pytest.raises(ImportError, match=rf'pip install "keras_gan\[{format}\]"'):
        written(mlp(compiled=False), tmp_path, format)


@pytest.mark.parametrize("format", FILES)
def test_a_file_that_is_there_stays(tmp_path, format):
    path = tmp_path / {"onnx": "x.onnx", "litert": "x.tflite"}[format]
    path.write_text("kept")
    with pytest.raises(FileExistsError, match="never overwrites"):
        mlp(compiled=False).export(path, format=format)
    assert path.read_text() == "kept"
