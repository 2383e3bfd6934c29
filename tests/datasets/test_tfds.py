import pathlib
import time

import numpy as np
import pytest

from keras_gan.datasets import few_labels, load, regroup
from keras_gan.datasets.cache import cache_folder, decoded_once


@pytest.fixture(scope="module")
def shared_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def decoded(prepared_tfds, monkeypatch, shared_cache):
    monkeypatch.setenv("KERAS_GAN_CACHE", str(shared_cache))
    return shared_cache


def test_mnist_is_decoded_once(decoded):
    epoch = load("mnist", 60_000, labels=True, shuffle=False)
    assert (epoch.num_samples, epoch.sample_shape) == (60_000, (28, 28, 1))
    images, labels = next(iter(epoch))
    # LeCun's training set: images of each digit, and the mean and standard deviation
    # of its pixels, 0.1307 and 0.3081 in [0, 1].
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(labels).tolist() == counts
    pixels = images.numpy() / 2 + 0.5
    assert abs(pixels.mean() - 0.1307) < 1e-4 and abs(pixels.std() - 0.3081) < 1e-4

    (cache,) = decoded.iterdir()  # and no temporary folder beside it
    assert sorted(p.name for p in cache.iterdir()) == ["images.npy", "labels.npy"]
    written = (cache / "images.npy").stat().st_mtime_ns
    again = load("mnist:3.0.1", 64)
    assert (cache / "images.npy").stat().st_mtime_ns == written
    assert list(decoded.iterdir()) == [cache]
    assert again.fingerprint == epoch.fingerprint
    assert again.class_names is None


def test_first_items_are_those_of_tfds(decoded, prepared_tfds):
    import tensorflow_datasets as tfds

    plain = tfds.load("mnist", split="test[:5]", data_dir=prepared_tfds)
    want = [(int(e["label"]), int(e["image"].sum())) for e in tfds.as_numpy(plain)]
    epoch = load("mnist", 5, labels=True, split="test[:5]", shuffle=False)
    images, labels = next(iter(epoch))
    sums = np.rint((images.numpy() + 1) * 127.5).sum(axis=(1, 2, 3))
    assert list(zip(labels.numpy().tolist(), sums.tolist(), strict=True)) == want


def test_parts_and_sizes_have_caches_of_their_own(decoded):
    small = load("mnist", 10, image_size=16, split="test[:20]")
    assert small.sample_shape == (16, 16, 1) and small.num_samples == 20
    assert load("mnist", 10, split="test[:20]").sample_shape == (28, 28, 1)
    with pytest.raises(ValueError, match="no split 'val'. It has: train, test"):
        load("mnist", 10, split="val")
    with pytest.raises(ValueError, match="cannot open 'mnist:9.9.9'"):
        load("mnist:9.9.9", 10)


def test_unknown_name(monkeypatch):
    pytest.importorskip("tensorflow_datasets")
    message = f"no file or folder {pathlib.Path.cwd()}/"
    with pytest.raises(ValueError, match=f"{message}mnst, and.*mean 'mnist'"):
        load("mnst", 10)
    with pytest.raises(ValueError, match=f"{message}digit, and.*mean 'digits'"):
        load("digit", 10)
    with pytest.raises(ValueError, match=f"{message}Fashion-MNIST,.*'fashion_mnist'"):
        load("Fashion-MNIST", 10)
    with pytest.raises(ValueError, match=f"{message}mnst:3.0.1, and.*mean 'mnist'"):
        load("mnst:3.0.1", 10)


@pytest.mark.parametrize("name", ["photos", "images", "cats", "pictures", "data"])
def test_a_folder_that_is_not_there_is_no_data_set_of_another_name(name, monkeypatch):
    pytest.importorskip("tensorflow_datasets")
    with pytest.raises(ValueError, match="There is no file or folder /.*") as raised:
        load(name, 10)
    assert "Did you mean" not in str(raised.value)


@pytest.mark.parametrize("name", ["data/photos", "photos.zip", "./photos", "mnst/x"])
def test_a_path_that_leads_to_nothing_is_told_as_a_path(name):
    at = (pathlib.Path.cwd() / name).absolute()
    with pytest.raises(FileNotFoundError, match=f"^There is no file or folder {at}.$"):
        load(name, 10)


def test_a_path_below_the_name_of_a_data_set_is_told_as_both():
    pytest.importorskip("tensorflow_datasets")
    message = "no file or folder /.*/mnist/x, and tensorflow-datasets cannot open 'mnis"
    with pytest.raises(ValueError, match=message):
        load("mnist/x", 10)


def test_nobodys_home():
    with pytest.raises(FileNotFoundError, match="no file or folder ~nobody-here/x"):
        load("~nobody-here/x", 10)


def test_an_empty_source_is_not_this_folder():
    with pytest.raises(ValueError, match="Received: an empty text"):
        load("", 1)


def test_without_network_the_error_comes_at_once(tmp_path, monkeypatch):
    pytest.importorskip("tensorflow_datasets")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    begin = time.monotonic()
    message = "'cifar10/.*not prepared.*Set TFDS_DATA_DIR.*'digits', a folder"
    with pytest.raises(RuntimeError, match=message):
        load("cifar10", 10)
    assert time.monotonic() - begin < 30  # tensorflow-datasets would retry for 200 s


def test_data_without_images_are_refused_before_a_download(tmp_path, monkeypatch):
    pytest.importorskip("tensorflow_datasets")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    with pytest.raises(ValueError, match="no feature that is the image"):
        load("iris", 10)


def test_a_folder_named_like_a_data_set_is_reached_by_a_path(tmp_path, monkeypatch):
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    (tmp_path / "digits").mkdir()
    Image.new("L", (5, 5)).save(tmp_path / "digits" / "a.png")
    assert load("./digits", 1).sample_shape == (5, 5, 1)
    assert load(pathlib.Path("digits"), 1).sample_shape == (5, 5, 1)
    assert load("digits", 1).sample_shape == (8, 8, 1)


def pictures(sizes):
    return lambda: ((np.full((s, s, 1), 50 * s, np.uint8), s) for s in sizes)


def test_a_failed_decoding_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_GAN_CACHE", str(tmp_path))
    message = r"number 0 is \(4, 4, 1\) and number 2 is \(5, 5, 1\).*image_size="
    with pytest.raises(ValueError, match=message):
        decoded_once("mixed", [], pictures([4, 4, 5]), 3, None)
    with pytest.raises(ValueError, match="Expected 3 examples. Received: 2"):
        decoded_once("short", [], pictures([4, 4]), 3, None)
    assert list(tmp_path.iterdir()) == []


def test_another_key_is_another_cache_and_damage_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_GAN_CACHE", str(tmp_path))
    first = decoded_once("name", {"size": 1}, pictures([4]), 1, None)
    second = decoded_once("name", {"size": 2}, pictures([5]), 1, None)
    assert (first.item_shape, second.item_shape) == ((4, 4, 1), (5, 5, 1))
    assert first.labels.tolist() == [4]
    for folder in tmp_path.iterdir():
        whole = (folder / "images.npy").read_bytes()
        (folder / "images.npy").write_bytes(whole[:-1])
    with pytest.raises(ValueError, match="is damaged.*Remove this folder"):
        decoded_once("name", {"size": 1}, pictures([4]), 1, None)


def test_a_full_disk_is_seen_before_writing(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_GAN_CACHE", str(tmp_path))
    image = np.zeros((1, 1, 1), np.uint8)
    with pytest.raises(OSError, match="need .* GB .*KERAS_GAN_CACHE"):
        decoded_once("huge", [], lambda: [(image, 0)], 10**17, None)
    assert list(tmp_path.iterdir()) == []


def test_where_the_cache_is(monkeypatch):
    monkeypatch.delenv("KERAS_GAN_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder() == pathlib.Path.home() / ".cache" / "keras_gan"
    monkeypatch.setenv("KERAS_GAN_CACHE", "~/elsewhere")
    assert cache_folder() == pathlib.Path.home() / "elsewhere"


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A function that stores images and labels as a data set "tiny" of tfds."""
    tfds = pytest.importorskip("tensorflow_datasets")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KERAS_GAN_CACHE", str(tmp_path / "cache"))

    def store(pixels, **classes):
        image = tfds.features.Image(
            shape=pixels.shape[1:], dtype=pixels.dtype, encoding_format="png"
        )
        features = {"image": image, "label": tfds.features.ClassLabel(**classes)}
        examples = [(i, {"image": x, "label": i % 2}) for i, x in enumerate(pixels)]
        tfds.dataset_builders.store_as_tfds_dataset(
            name="tiny",
            version="1.0.0",
            data_dir=str(tmp_path / "data"),
            split_datasets={"train": examples},
            features=tfds.features.FeaturesDict(features),
        )

    return store


@pytest.mark.parametrize(
    "classes, names",
    [
        ({"names": ["cat", "dog", "emu"]}, ["cat", "dog", "emu"]),
        ({"num_classes": 3}, ["0", "1", "2"]),
    ],
)
def test_names_of_classes_are_those_that_tfds_knows(stored, classes, names):
    stored(np.full((4, 8, 8, 1), 90, np.uint8), **classes)
    epoch = load("tiny", 2, labels=True)
    assert epoch.class_names == names
    assert few_labels(epoch).class_names == names
    assert regroup(epoch, 2).class_names == names
    assert load("tiny", 2).class_names is None


def test_a_range_of_values_is_of_tfds_too(stored):
    pixels = np.zeros((4, 2, 2, 1), np.uint16)
    pixels[3] = [[[0], [1365]], [[2730], [4095]]]
    stored(pixels, num_classes=2)
    with pytest.raises(ValueError, match="images of uint16; expected uint8.*value_ran"):
        load("tiny", 1)
    epoch = load("tiny", 1, value_range=(0, 4095), shuffle=False)
    brightest = max((x.numpy().ravel() for x in epoch), key=np.sum)  # tfds shuffles
    np.testing.assert_allclose(brightest, [-1, -1 / 3, 1 / 3, 1], atol=1e-6)
    with pytest.raises(ValueError, match=r"images of tiny .*4095.*beyond \[0, 1023\]"):
        load("tiny", 1, value_range=(0, 1023))
    # Each range has a cache of its own.
    assert load("tiny", 1, value_range=(0, 5000)).fingerprint != epoch.fingerprint
    assert load("tiny", 1, value_range=(0, 4095)).fingerprint == epoch.fingerprint


def test_what_killed_processes_left_in_the_cache_is_removed(tmp_path, monkeypatch):
    """Of any data, when next something is written; their names are in core/leftovers.

    A folder of another name is somebody's own.
    """
    monkeypatch.setenv("KERAS_GAN_CACHE", str(tmp_path))
    for name in (".mnist-0123.keras_gan-abcdefgh", ".mine", "mine.tmp-abcdefgh"):
        (tmp_path / name).mkdir(parents=True)
    decoded_once("name", {}, pictures([4]), 1, None)
    left = {path.name for path in tmp_path.iterdir()}
    left = {name for name in left if not name.startswith("name-")}
    assert left == {".mine", "mine.tmp-abcdefgh"}
