"""A SavedModel that loads without keras_gan and draws what `sample` draws."""

import io
import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from helpers import infogan_game
from helpers.families import make_gan
from helpers.small import LARGER, dcgan, images, mlp
from PIL import Image

import keras_gan
from keras_gan.core.randomness import seed_of
from keras_gan.pixels import to_uint8
from keras_gan.saving.exporting import saved_model

SERVE = """
import sys
sys.modules["keras"] = sys.modules["keras_gan"] = None  # importing either fails
import numpy as np
import tensorflow as tf
loaded = tf.saved_model.load(sys.argv[1])
sample = loaded.signatures["sample"]
drawn = sample(num_samples=tf.constant(9), seed=tf.constant(4))
rows = loaded.signatures["generate"](seeds=tf.constant([7, 4, 2**31 - 1]))
serve = loaded.signatures["serving_default"]
served = serve(latents=tf.constant(np.load(sys.argv[2])))
np.savez(
    sys.argv[3],
    drawn=drawn["images"],
    rows=rows["images"],
    served=served["images"],
)
"""


@pytest.fixture(scope="module")
def gan():
    gan = dcgan()
    gan.fit(images(shape=LARGER), batch_size=16, epochs=1, verbose=0)
    return gan


def test_it_serves_in_a_process_without_this_package(gan, tmp_path):
    gan.export(tmp_path / "serving" / "1")
    latents = np.random.default_rng(0).normal(size=(3, 5)).astype("float32")
    np.save(tmp_path / "latents.npy", latents)
    paths = [tmp_path / p for p in ("serving/1", "latents.npy", "out.npz")]
    subprocess.run([sys.executable, "-c", SERVE, *map(str, paths)], check=True)
    out = np.load(tmp_path / "out.npz")
    assert out["drawn"].dtype == np.uint8
    np.testing.assert_array_equal(out["drawn"], to_uint8(gan.sample(9, seed=4)))
    # another batch size may sum in another order: some float32 roundings
    alone = [to_uint8(gan.sample(1, seed=seed))[0] for seed in (7, 4, 2**31 - 1)]
    assert abs(out["rows"].astype(int) - np.stack(alone)).max() <= 1
    np.testing.assert_allclose(out["served"], gan(latents), atol=1e-6)


def test_nothing_is_overwritten(gan, tmp_path):
    (pathlib.Path(tmp_path) / "1").mkdir()
    with pytest.raises(FileExistsError, match="never overwrites"):
        gan.export(tmp_path / "1")
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(FileExistsError, match="exists already"):
        gan.export(tmp_path / "link")


def conditional(class_names):
    networks = keras_gan.networks
    return keras_gan.models.ConditionalGAN(
        networks.ConditionalMLPGenerator((4, 4, 1), 3, num_classes=2, widths=(4,)),
        networks.ConditionalMLPDiscriminator((4, 4, 1), num_classes=2, widths=(4,)),
        keras_gan.priors.Normal(3),
        num_classes=2,
        class_names=class_names,
    )


def test_class_names_are_beside_what_draws_the_classes(tmp_path):
    conditional(["Käfer", "dog"]).export(tmp_path / "1")
    found = (tmp_path / "1" / "assets.extra" / "class_names.json").read_text("utf-8")
    assert found == '["Käfer", "dog"]' and json.loads(found)[1] == "dog"
    conditional(None).export(tmp_path / "2")
    assert set(os.listdir(tmp_path / "2" / "assets.extra")) == {
        "value_range.json",
        "versions.json",
    }


def test_an_export_appears_as_a_whole(tmp_path, monkeypatch):
    """As much of it as there is when a process is killed is no model of that name."""

    def killed(folder, found):
        assert os.listdir(folder) and os.listdir(tmp_path) != ["1"]
        raise KeyboardInterrupt

    monkeypatch.setattr(saved_model, "_write_extra", killed)
    with pytest.raises(KeyboardInterrupt):
        conditional(None).export(tmp_path / "1")
    assert os.listdir(tmp_path) == []


def test_what_is_said_of_an_export_names_its_place(tmp_path, capsys):
    conditional(None).export(tmp_path / "1", verbose=True)
    said = capsys.readouterr().out
    assert f"'{tmp_path / '1'}'" in said and "keras_gan-" not in said


def loaded(gan, folder):
    gan.export(folder)
    return tf.saved_model.load(str(folder)).signatures


def test_a_row_is_its_seeds_whatever_stands_beside_it(tmp_path):
    """Each of them and its PNG; one seed, many, and none."""
    gan = mlp()
    found = loaded(gan, tmp_path / "1")
    seeds = [3, 11, 3, 0]
    rows = found["generate"](seeds=tf.constant(seeds))["images"].numpy()
    files = found["png"](seeds=tf.constant(seeds))["image_bytes"].numpy()
    for seed, row, file in zip(seeds, rows, files, strict=True):
        expected = to_uint8(gan.sample(1, seed=seed))[0]
        assert abs(row.astype(int) - expected).max() <= 1  # a rounding of the products
        with Image.open(io.BytesIO(file)) as picture:
            np.testing.assert_array_equal(np.asarray(picture), row[..., 0])
    np.testing.assert_array_equal(rows[0], rows[2])
    none = found["generate"](seeds=tf.zeros((0,), tf.int32))["images"]
    assert none.shape == (0, 8, 8, 1)


def test_classes_by_rows(tmp_path):
    gan = conditional(None)
    found = loaded(gan, tmp_path / "1")
    labels = tf.constant([1, 0, 1])
    rows = found["generate"](seeds=tf.constant([5, 5, 5]), labels=labels)["images"]
    expected = [gan.sample(1, seed=5, condition=int(label)) for label in labels]
    apart = rows.numpy().astype(int) - to_uint8(np.concatenate(expected))
    assert abs(apart).max() <= 1 and abs(expected[0] - expected[1]).max() > 0.01
    whole = found["sample"](labels=labels, seed=tf.constant(5))["images"]
    assert abs(whole.numpy().astype(int)[0] - rows.numpy()[0]).max() <= 1


@pytest.mark.parametrize(
    ("signature", "inputs", "words"),
    [
        ("generate", {"seeds": [1, 2], "labels": [0, 2]}, "labels are from 0 to 1"),
        ("generate", {"seeds": [1, 2], "labels": [0, -1]}, "labels are from 0 to 1"),
        ("generate", {"seeds": [1, 2], "labels": [0]}, "a label for each row"),
        ("generate", {"seeds": [1, -2], "labels": [0, 1]}, "a seed is at least 0"),
        ("sample", {"labels": [2], "seed": 1}, "labels are from 0 to 1"),
        ("sample", {"labels": [1], "seed": -1}, "a seed is at least 0"),
        ("png", {"seeds": [1], "labels": [7]}, "labels are from 0 to 1"),
    ],
)
def test_what_is_no_class_or_seed_is_an_error_and_no_picture(
    served, signature, inputs, words
):
    given = {name: tf.constant(value, tf.int32) for name, value in inputs.items()}
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        served[signature](**given)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    return loaded(conditional(None), tmp_path_factory.mktemp("served") / "1")


def test_no_samples_are_an_error(tmp_path):
    found = loaded(mlp(), tmp_path / "1")
    with pytest.raises(tf.errors.InvalidArgumentError, match="at least 1"):
        found["sample"](num_samples=tf.constant(0), seed=tf.constant(1))


def test_samples_that_are_no_images_stay_numbers(tmp_path):
    gan = make_gan()
    found = loaded(gan, tmp_path / "1")
    assert set(found) == {"serving_default", "generate", "sample", "discriminate"}
    drawn = found["sample"](num_samples=tf.constant(3), seed=tf.constant(2))["samples"]
    np.testing.assert_allclose(drawn, gan.sample(3, seed=2), atol=1e-6)


def test_weights_are_stored_once(tmp_path):
    """Keras' `track` would store them a second time."""
    gan = dcgan()
    gan.export(tmp_path / "1")
    file = tmp_path / "1" / "variables" / "variables.data-00000-of-00001"
    networks = gan.ema_generator, gan.discriminator
    numbers = 4 * sum(network.count_params() for network in networks)
    assert numbers < file.stat().st_size < numbers + 4000  # and the object graph


def test_codes_by_rows(tmp_path):
    """Of seeds the latents, in which codes that are given stand for those drawn."""
    gan = infogan_game.game()
    generate = loaded(gan, tmp_path / "1")["generate"]
    seeds = np.array([4, 9], np.int32)
    left = {
        "code_1": np.array([-1, -1], np.int32),
        "code_2": np.full((2, 1), np.nan, np.float32),
        "code_3": np.full((2, 2), np.nan, np.float32),
    }

    def drawn(**given):
        inputs = {"seeds": seeds, **left, **given}
        return generate(**{k: tf.constant(v) for k, v in inputs.items()})["samples"]

    expected = np.concatenate([gan.sample(1, seed=int(seed)) for seed in seeds])
    np.testing.assert_allclose(drawn(), expected, rtol=0, atol=1e-6)
    latents = np.concatenate([gan.prior(1, seed_of(s, "sample")) for s in seeds])
    latents[1, 2:5], latents[0, 6] = [0, 1, 0], 0.5
    found = drawn(
        code_1=np.array([-1, 1], np.int32),
        code_3=np.array([[0.5, np.nan], [np.nan, np.nan]], np.float32),
    )
    np.testing.assert_allclose(found, gan(latents), rtol=0, atol=1e-6)
    for given, words in (
        ({"code_1": [0, 3]}, "code_1 is from 0 to 2, or -1 for that of the seed"),
        ({"code_1": [0, -2]}, "code_1 is from 0 to 2"),
        ({"code_1": [0]}, "a code_1 for each row"),
        ({"code_2": [[0.0], [np.inf]]}, "code_2 is finite numbers, or NaN"),
    ):
        given = {k: np.array(v, left[k].dtype) for k, v in given.items()}
        with pytest.raises(tf.errors.InvalidArgumentError, match=words):
            drawn(**given)
