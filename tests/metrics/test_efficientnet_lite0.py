"""EfficientNet-Lite0: its file, PyTorch's numbers, daisies, and metrics by it.

The record is PyTorch's (`benchmarks/zoo/efficientnet_lite0.py --reference`), by a
network that shares no code with the package's.
"""

import contextlib
import json
import os
import pathlib
import shutil
import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gan import metrics, models, networks, priors
from keras_gan.metrics import features
from keras_gan.saving import zoo

FOLDER = pathlib.Path(zoo.folder(), "efficientnet_lite0")
HERE = pathlib.Path(__file__).parent
DAISY = 985
BESIDE = HERE.parents[2] / "shared" / "data" / "flowers64" / "daisy"


def pictures(folder=HERE / "daisies"):
    """Photographs (n, 64, 64, 3) in [-1, 1]."""
    paths = sorted(pathlib.Path(folder).glob("*.jpg"))
    images = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
    return np.stack(images) / np.float32(127.5) - 1


def noise(rows, side=8, channels=3, seed=0):
    shape = (rows, side, side, channels)
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype("float32")


def metadata():
    return json.loads((FOLDER / "metadata.json").read_text(encoding="utf-8"))


def test_the_file_is_small_and_names_its_licence():
    assert os.path.getsize(FOLDER / "weights.npz") <= 10_000_000
    assert "Apache" in (FOLDER / "LICENSE").read_text()
    with np.load(FOLDER / "weights.npz") as arrays:
        kinds = {name.split("/")[1]: arrays[name].dtype for name in arrays}
    assert kinds == {"kernel": np.float16, "bias": np.float32}
    model = features.efficientnet_lite0("logits", size=32).model
    assert model.count_params() == metadata()["parameters"]
    # 4 652 008 as published for the layout, whose 21 008 scales are in the kernels here
    assert model.count_params() == 4_652_008 - 21_008


@pytest.mark.parametrize("output", ["features", "logits"])
@pytest.mark.parametrize("size", [64, 224], ids=["as they are", "enlarged"])
def test_pytorchs_numbers(output, size):
    """Of the same rounded weights, and of those that were not rounded.

    Sums of a thousand float32 products in another order differ by 1e-5 of the largest;
    float16 keeps 11 bits, so each weight is off by up to 2^-11, and what 50 layers of
    such errors add up to is a few times that: between a tenth of 2^-11 and 1 %.
    """
    with np.load(HERE / "efficientnet_lite0.npz") as file:
        rounded = file[f"rounded_{output}_{size}"]
        original = file[f"original_{output}_{size}"]
    found = features.efficientnet_lite0(output, size=size).of(pictures()[:4])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, rounded, atol=2e-5 * abs(rounded).max())
    error = np.sqrt(np.square(found - original).mean()) / original.std()
    assert 2**-11 / 10 < error < 0.01


def test_daisies():
    """As many as PyTorch names; 80 % of those that are held here (CC BY 2.0).

    Every 26th of the 633 by name, of 64 x 64 pixels. Of all 633, 75.5 % are named.
    """
    found = features.efficientnet_lite0("probabilities").of(pictures())
    assert len(found) == 24
    assert (found.argmax(axis=1) == DAISY).sum() == 20
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


@pytest.mark.slow
def test_all_daisies_of_tf_flowers():
    if not BESIDE.is_dir():
        pytest.skip(f"The photographs are not there: {BESIDE}")
    logits = features.efficientnet_lite0("logits").of(pictures(BESIDE))
    five = np.argsort(-logits, axis=1)[:, :5]
    promised = metadata()["daisies"]
    shares = (five[:, 0] == DAISY).mean(), (five == DAISY).any(axis=1).mean()
    # Another processor may decide two near ties otherwise
    assert shares == pytest.approx(
        (promised["named_first"], promised["named_within_five"]), abs=0.004
    )


def test_photographs_are_told_from_blurred_ones():
    """Halves of the daisies are nearer to each other than to their own blurs."""
    extractor = features.efficientnet_lite0(size=64)
    images = pictures()
    small = tf.image.resize(images, (8, 8), antialias=True)
    blurred = tf.image.resize(small, (64, 64)).numpy()
    halves = extractor.of(images[::2]), extractor.of(images[1::2])
    near = metrics.kernel_distance(*halves).value
    far = metrics.kernel_distance(halves[0], extractor.of(blurred[1::2])).value
    assert far > 3 * abs(near)  # 10.1 and 2.3


def test_grey_images_are_those_of_three_equal_channels():
    extractor = features.efficientnet_lite0(size=32)
    grey = noise(3, channels=1)
    np.testing.assert_allclose(
        extractor.of(grey), extractor.of(np.repeat(grey, 3, axis=-1)), atol=1e-6
    )


@pytest.mark.filterwarnings("ignore:The covariance of 5")
def test_one_colour_has_features_and_a_distance():
    extractor = features.efficientnet_lite0(size=32)
    rows = extractor.of(np.full((5, 8, 8, 3), 0.25, "float32"))
    assert np.isfinite(rows).all() and np.ptp(rows, axis=0).max() < 1e-5
    assert metrics.frechet_distance(rows, rows) == pytest.approx(0, abs=1e-6)
    others = extractor.of(noise(5))
    expected = np.square(rows.mean(0) - others.mean(0)).sum()
    expected += others.astype(float).var(axis=0, ddof=1).sum()  # one covariance is 0
    found = metrics.frechet_distance(rows, others)
    assert found == pytest.approx(expected, rel=1e-4)


def test_a_policy_of_half_precision_changes_nothing():
    expected = features.efficientnet_lite0(size=32).of(noise(2))
    keras.config.set_dtype_policy("mixed_float16")
    try:
        found = features.efficientnet_lite0(size=32).of(noise(2))
    finally:
        keras.config.set_dtype_policy("float32")
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
def test_a_batch_passes_in_parts(jit):
    """70 images are three parts of 24, the last with two that are dropped."""
    extractor = features.efficientnet_lite0(size=32)
    expected = extractor.of(noise(70), batch_size=7)
    found = tf.function(extractor.__call__, jit_compile=jit)(noise(70))
    np.testing.assert_allclose(found, expected, atol=1e-4)  # of 6


def test_metrics_take_its_name():
    for kind in (
        metrics.FrechetDistance,
        metrics.KernelDistance,
        metrics.PrecisionRecall,
    ):
        metric = kind(features="efficientnet_lite0")
        assert metric.features.description.startswith(
            "EfficientNet-Lite0, features (sha256 "
        )
        assert metric.features.description.endswith(
            "x224x3 in [-0.992188, 1], by bicubic"
        )


def test_a_metric_is_the_function_of_its_features():
    metric = metrics.KernelDistance(features=features.efficientnet_lite0(size=32))
    real, fake = noise(9), noise(9, seed=1) ** 3
    for start in (0, 5):
        rows = slice(start, start + 5)
        metric.update_state(real[rows], fake[rows])
    expected = metrics.kernel_distance(*map(metric.features.of, (real, fake)))
    assert metric.result() == pytest.approx(expected.value, rel=1e-4)


def photo_game(where=None, extractor=None):
    keras.utils.set_random_seed(5)
    with contextlib.nullcontext() if where is None else where.scope():
        gan = models.GAN(
            networks.MLPGenerator((8, 8, 3), latent_dim=3, widths=(4,)),
            networks.MLPDiscriminator((8, 8, 3), widths=(4,)),
            priors.Normal(3),
            seed=3,
        )
        extractor = extractor or features.efficientnet_lite0(size=32)
        gan.compile(
            metrics=[
                metrics.FrechetDistance(extractor),
                metrics.PrecisionRecall(k=2, features=extractor),
            ]
        )
    return gan


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The covariance of 12")
def test_games_replicas_and_files(two_replicas, tmp_path):
    """One number on one device, on two replicas, and of a loaded game."""
    gan = photo_game()
    expected = gan.evaluate(noise(12), batch_size=6, return_dict=True, verbose=0)
    assert expected["frechet_distance"] > 0
    replicated = photo_game(two_replicas)
    found = replicated.evaluate(noise(12), batch_size=6, return_dict=True, verbose=0)
    assert found == pytest.approx(expected, rel=1e-4)
    gan.save(tmp_path / "gan.keras")
    assert (tmp_path / "gan.keras").stat().st_size < 1_000_000  # no weights of it
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    found = loaded.evaluate(noise(12), batch_size=6, return_dict=True, verbose=0)
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda: features.efficientnet_lite0("probabilities", size=40),
        lambda: features.mnist_classifier("logits"),
    ],
    ids=["efficientnet_lite0", "mnist_classifier"],
)
def test_a_config_names_it_and_makes_it_again(make):
    extractor = make()
    config = keras.saving.serialize_keras_object(extractor)
    assert len(json.dumps(config)) < 1000
    revived = keras.saving.deserialize_keras_object(config)
    assert revived.description == extractor.description
    assert revived.get_config() == extractor.get_config()
    np.testing.assert_array_equal(
        revived.of(noise(2, channels=1)), extractor.of(noise(2, channels=1))
    )
    config["config"]["sha256"] = "0" * 64  # of other weights
    with pytest.raises(ValueError, match="expected 000000000000"):
        keras.saving.deserialize_keras_object(config).of(noise(2, channels=1))


def test_a_changed_file_is_refused(tmp_path, monkeypatch):
    shutil.copytree(FOLDER, tmp_path / "efficientnet_lite0")
    path = tmp_path / "efficientnet_lite0" / "weights.npz"
    own = types.SimpleNamespace(folder=lambda: str(tmp_path))
    monkeypatch.setattr("keras_gan.metrics.features.shipped.zoo", own)
    with open(path, "r+b") as file:
        file.truncate(1000)
    with pytest.raises(ValueError, match="changed: its sha256 is .* says 72ebd3159caf"):
        features.efficientnet_lite0()
    path.unlink()
    with pytest.raises(ValueError, match="missing.*Install keras_gan again"):
        features.efficientnet_lite0()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: features.efficientnet_lite0("classes"),
            "one of.*'probabilities'.*Received: 'classes'",
            id="output",
        ),
        pytest.param(
            lambda: features.efficientnet_lite0(size=16), "at least 32", id="size"
        ),
        pytest.param(
            lambda: features.efficientnet_lite0(size=32).of(noise(2, channels=4)),
            "takes 3 channels. Received images of 4",
            id="four channels",
        ),
        pytest.param(
            lambda: features.efficientnet_lite0(size=32).of(np.ones((3, 5), "float32")),
            r"takes images \(n, height, width, channels\)",
            id="vectors",
        ),
        pytest.param(
            lambda: metrics.FrechetDistance("efficientnet"),
            "Received: 'efficientnet'. Did you mean 'efficientnet_lite0'",
            id="a near name",
        ),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(ValueError, match=message):
        make()
