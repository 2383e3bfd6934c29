"""The zoo's classifier: its file, its outputs, and that it reads digits."""

import json
import os
import shutil
import sys
import types

import numpy as np
import pytest

from keras_gan import datasets
from keras_gan.metrics import features
from keras_gan.saving import zoo

FOLDER = os.path.join(zoo.folder(), "mnist_classifier")


def metadata():
    with open(os.path.join(FOLDER, "metadata.json"), encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.parametrize(
    ("output", "dim"), [("features", 128), ("probabilities", 10), ("logits", 10)]
)
def test_its_outputs(output, dim):
    extractor = features.mnist_classifier(output)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 28, 28, 1))
    found = extractor.of(images.astype("float32"))
    assert found.shape == (3, dim) == (3, extractor.dim((28, 28, 1)))
    if output == "probabilities":
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
    assert extractor.description.startswith(f"MNIST classifier, {output} (sha256 ")


def test_the_file_is_small_and_promises_enough():
    assert os.path.getsize(os.path.join(FOLDER, "classifier.keras")) < 2_000_000
    assert metadata()["test_accuracy"] >= 0.993


def test_it_reads_what_it_was_measured_to_read(mnist):
    """All test images, so the accuracy is the recorded one, but for near ties."""
    data = datasets.load(
        "mnist", 500, labels=True, split="test", shuffle=False, drop_remainder=False
    )
    extractor = features.mnist_classifier("logits")
    right = [extractor.of(x.numpy()).argmax(axis=1) == y.numpy() for x, y in data]
    assert len(np.concatenate(right)) == metadata()["test_images"]
    found = np.concatenate(right).mean()
    assert found == pytest.approx(metadata()["test_accuracy"], abs=2e-4)


def test_a_changed_file_is_refused(tmp_path, monkeypatch):
    copy = tmp_path / "mnist_classifier"
    shutil.copytree(FOLDER, copy)
    with open(copy / "classifier.keras", "r+b") as file:
        file.truncate(1000)
    module = "keras_gan.metrics.features.shipped"
    monkeypatch.setattr(
        sys.modules[module], "zoo", types.SimpleNamespace(folder=lambda: str(tmp_path))
    )
    with pytest.raises(ValueError, match="changed: its sha256 is [0-9a-f]{64}, and"):
        features.mnist_classifier()


def test_an_unknown_output_is_refused():
    with pytest.raises(ValueError, match="one of.*'features'.*Received: 'classes'"):
        features.mnist_classifier("classes")
