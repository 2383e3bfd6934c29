"""A SavedModel that loads without keras_gan and draws what `sample` draws."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from helpers.small import LARGER, dcgan, images

import keras_gan
from keras_gan.pixels import to_uint8
from keras_gan.saving import export

SERVE = """
import sys
sys.modules["keras"] = sys.modules["keras_gan"] = None  # importing either fails
import numpy as np
import tensorflow as tf
loaded = tf.saved_model.load(sys.argv[1])
generate = loaded.signatures["generate"]
drawn = generate(num_samples=tf.constant(9), seed=tf.constant(4))
serve = loaded.signatures["serving_default"]
served = serve(latents=tf.constant(np.load(sys.argv[2])))
np.savez(sys.argv[3], drawn=drawn["output_0"], served=served["output_0"])
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
    assert not (tmp_path / "2" / "assets.extra").exists()


def test_an_export_appears_as_a_whole(tmp_path, monkeypatch):
    """As much of it as there is when a process is killed is no model of that name."""

    def killed(game, folder):
        assert os.listdir(folder) and os.listdir(tmp_path) != ["1"]
        raise KeyboardInterrupt

    monkeypatch.setattr(export, "_write_class_names", killed)
    with pytest.raises(KeyboardInterrupt):
        conditional(None).export(tmp_path / "1")
    assert os.listdir(tmp_path) == []


def test_what_is_said_of_an_export_names_its_place(tmp_path, capsys):
    conditional(None).export(tmp_path / "1", verbose=True)
    said = capsys.readouterr().out
    assert f"'{tmp_path / '1'}'" in said and "keras_gan-" not in said
