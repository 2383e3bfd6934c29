"""What a config asks for is compared with what there is, before it is built."""

import json
import subprocess
import sys

import h5py
import keras
import numpy as np
import pytest
from helpers.commands import call, refused
from helpers.processes import own_environment
from helpers.signing import change, sign
from helpers.small import mlp, semi_supervised

from keras_gan import metrics
from keras_gan.models import GAN
from keras_gan.saving import hdf5, json_files, size_limit
from keras_gan.saving.hubs import CONFIG, METADATA, WEIGHTS


@pytest.fixture
def preset(tmp_path):
    mlp().save_to_preset(tmp_path / "preset")
    return tmp_path / "preset"


def part(config, name):
    return config["model"]["config"][name]["config"]


def sequential(*layers):
    entries = [{"module": "keras.layers", **layer} for layer in layers]
    shape = {"batch_shape": [None, 5], "dtype": "float32", "name": "z"}
    first = {"module": "keras.layers", "class_name": "InputLayer", "config": shape}
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "own", "layers": [first, *entries]},
    }


def wide(config):
    part(config, "generator")["widths"] = [30_000, 30_000]


def wide_discriminator(config):
    part(config, "discriminator")["widths"] = [30_000, 30_000]


def deep(config):
    part(config, "generator")["widths"] = [1] * 3000


def two_billion(config):
    dense = {"class_name": "Dense", "config": {"units": 2_000_000_000}}
    config["model"]["config"]["generator"] = sequential(dense)


def beyond_all_numbers(config):
    dense = {"class_name": "Dense", "config": {"units": 10**30}}
    config["model"]["config"]["generator"] = sequential(dense)


def many_layers(config):
    layers = [{"class_name": "ReLU", "config": {"name": f"r{i}"}} for i in range(3000)]
    config["model"]["config"]["generator"] = sequential(*layers)


def many_own_layers(config):
    layers = [{"class_name": "keras_gan>InstanceNoise", "config": {"stddev": 1.0}}]
    config["model"]["config"]["generator"] = sequential(*layers * 3000)
    for layer in config["model"]["config"]["generator"]["config"]["layers"][1:]:
        del layer["module"]


def many_rates(config):
    config["compile"]["metrics"] = [
        {"module": "keras.metrics", "class_name": "Mean", "config": {}}
    ] * 20_000


def large_images(config):
    for name in ("generator", "discriminator"):
        part(config, name)["sample_shape"] = [10**6, 10**6, 1]


def long_text(config):
    config["compile"]["loss"] = "x" * 1_000_000


def longer_text(config):
    config["compile"]["loss"] = "x" * 50_000_000


def nested(config):
    value = []
    for _ in range(300):
        value = [value]
    config["compile"]["metrics"] = value


HOSTILE = {
    wide: "more than 149,999 numbers in 1 variables, but",  # 5 x 30 000
    wide_discriminator: "numbers in ",
    deep: "numbers in ",
    two_billion: "more than 9,999,999,999",
    beyond_all_numbers: "model.config.generator: ",
    many_layers: "1,000 layers at most. Received: one with 3,00",
    many_own_layers: "1,000 layers at most. Received: one with 3,00",
    many_rates: "10,000 objects at most. Received: one with 20,00",
    large_images: "numbers in ",
    long_text: "a text of 1,000,000 characters",
    longer_text: "a config or metadata at most 4,000,000",
    nested: "100 levels at most",
}
SCRIPT = """
import resource, sys, time
from keras_gan import metrics
from keras_gan.models import GAN
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
GAN.from_preset(sys.argv[1])
for path in sys.argv[2:]:
    before, began = peak(), time.monotonic()
    try:
        GAN.from_preset(path)
    except ValueError as error:
        print(round(peak() - before), round(time.monotonic() - began), error)
    else:
        print("read")
"""


def test_a_small_config_cannot_take_much_memory_or_time(preset, tmp_path):
    """In a process of its own, whose greatest memory so far can be read."""
    folders = []
    for harm in HOSTILE:
        folder = tmp_path / harm.__name__
        folder.mkdir()
        for name in (CONFIG, METADATA, WEIGHTS):
            (folder / name).write_bytes((preset / name).read_bytes())
        change(folder, harm, CONFIG)
        sign(folder)
        folders.append(folder)
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, preset, *folders],
        env=own_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert len(told) == len(HOSTILE)
    for line, (harm, reason) in zip(told, HOSTILE.items(), strict=True):
        megabytes, _, message = line.split(" ", 2)
        assert reason in message and len(message) < 1000, harm
        # Of what they ask for, 3.6 GB at least, and minutes: they took 1 to 5 s.
        assert int(megabytes) < 200, (harm, line[:80])


def test_a_preset_of_another_size_is_named_with_its_own(preset):
    change(preset, wide, CONFIG)
    sign(preset)
    held = hdf5.check(preset / WEIGHTS)
    with pytest.raises(ValueError, match=f"its weights are {held.numbers:,} numbers"):
        GAN.from_preset(preset)


def test_what_a_file_of_weights_holds_is_counted(tmp_path):
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file["a/b/kernel"] = np.zeros((3, 4))
        file["a/bias"] = np.zeros(4)
        file["scalar"] = 1.0
        file.create_group("empty")
    assert hdf5.check(tmp_path / "weights.h5") == hdf5.Held(arrays=3, numbers=17)


def test_thousands_of_empty_groups(preset):
    with h5py.File(preset / WEIGHTS, "r+") as file:
        for index in range(30_000):
            file.create_group(f"more/{index}")
    sign(preset)
    with pytest.raises(ValueError, match="more than 10,000 arrays and groups"):
        GAN.from_preset(preset)


@pytest.mark.parametrize(
    "parameters",
    [{"generator": 10**9}, {"generator": -1}, {"generator": 1.5}, [3], "many"],
    ids=str,
)
def test_metadata_that_speak_of_more_than_there_is(preset, parameters):
    change(preset, lambda metadata: metadata.update(parameters=parameters))
    with pytest.raises(ValueError, match='"parameters" of the metadata says'):
        GAN.from_preset(preset)


def test_a_sample_that_no_memory_holds(tmp_path):
    """A game of few weights may draw them: a pixel from each latent number."""
    upsampling = keras.layers.UpSampling2D((2**20, 2**20))
    generator = keras.Sequential(
        [keras.Input((5,)), keras.layers.Reshape((5, 1, 1)), upsampling]
    )
    pooling = keras.layers.GlobalAveragePooling2D()
    shape = (5 * 2**20, 2**20, 1)
    discriminator = keras.Sequential(
        [keras.Input(shape), pooling, keras.layers.Dense(1)]
    )
    gan = GAN(generator, discriminator, mlp().prior)
    with pytest.raises(ValueError, match="One sample of 5242880 x 1048576 x 1 would"):
        size_limit.check_samples(gan)
    size_limit.check_samples(mlp())


@pytest.mark.parametrize("make", [mlp, semi_supervised])
@pytest.mark.parametrize("optimizer", ["adam", "ftrl", "adamw"])
@pytest.mark.parametrize("state", ["training", "networks"])
def test_an_honest_preset_is_read(tmp_path, make, optimizer, state):
    """With averages, and optimizers of as many variables as there are."""
    rules = {
        f"{player}_optimizer": keras.optimizers.get(optimizer)
        for player in ("generator", "discriminator")
    }
    make(**rules).save_to_preset(tmp_path / "preset", state)
    GAN.from_preset(tmp_path / "preset")


def test_the_scope_draws_the_same_weights_and_ends():
    def built():
        keras.utils.set_random_seed(5)
        return mlp().get_weights()

    expected = built()
    with size_limit.of_memory():
        found = built()
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(size_limit.TooLargeError), size_limit._limited(10, 9, "no."):
        keras.layers.Dense(10).build((None, 1))  # 10 and 10
    keras.layers.Dense(10).build((None, 1))


def test_the_command_refuses_them_too(preset, tmp_path):
    change(preset, wide, CONFIG)
    assert "its weights are" in refused("info", preset)
    config = json.loads((preset / CONFIG).read_text())
    part(config, "generator")["widths"] = [2_000_000, 2_000_000]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "config.json").write_text(json.dumps(config))
    for command in ("info", "train"):
        options = ["--data", "digits"] if command == "train" else []
        message = refused(command, tmp_path / "own" / "config.json", *options)
        assert "of memory. Make the networks smaller" in message
    (tmp_path / "own" / "config.json").write_text(" " * (json_files.MOST_BYTES + 1))
    assert "at most 4,000,000" in refused("info", tmp_path / "own" / "config.json")
    assert call("info", "mlp_digits")[0] == 0


def test_a_shipped_network_that_a_metric_names_is_not_counted(tmp_path):
    # 5 million numbers of EfficientNet, beside a game of some hundreds.
    features = metrics.features.efficientnet_lite0(size=32)
    game = mlp(metrics=[metrics.FrechetDistance(features)])
    game.save_to_preset(tmp_path / "preset")
    (metric,) = GAN.from_preset(tmp_path / "preset").evaluation_metrics
    assert metric.features.description == features.description
    with (
        size_limit.of_weights(hdf5.Held(arrays=1, numbers=1)),
        pytest.raises(size_limit.TooLargeError),
    ):
        keras.Variable(np.zeros(20_000, "float32"))
