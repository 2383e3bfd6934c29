"""Games of Keras' functional and sequential models, in presets and checkpoints."""

import json
import pathlib

import keras
import numpy as np
import pytest
from helpers.pace import only
from helpers.signing import sign
from keras import layers, ops

from keras_gan import callbacks, networks, priors
from keras_gan.layers import SpectralNormalization
from keras_gan.models import GAN
from keras_gan.saving import configs, known_classes

SIDE = 8
SHAPE = (SIDE, SIDE, 1)
X = np.random.default_rng(0).uniform(-1, 1, (16, *SHAPE)).astype("float32")


def sequential():
    return keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(16, activation="relu"),
            layers.BatchNormalization(),
            layers.Dense(SIDE * SIDE, activation="tanh", name="pixels"),
            layers.Reshape(SHAPE),
        ]
    )


def functional():
    """With operations, slices, a skip, and a layer that is called twice."""
    latents = keras.Input((4,), name="z")
    shared = layers.Dense(8, kernel_initializer=keras.initializers.HeNormal(seed=1))
    first = shared(latents[:, :2])
    second = shared(latents[:, 2:])
    x = ops.concatenate([ops.relu(first), 2.0 * second + first], axis=-1)
    x = ops.sigmoid(x) * ops.tanh(x) - ops.mean(x, axis=-1, keepdims=True)
    x = layers.Dense(SIDE * SIDE)(x)
    x = ops.reshape(ops.tanh(x), (-1, *SHAPE))
    return keras.Model(latents, x)


def nested():
    latents = keras.Input((4,))
    inner = sequential()
    return keras.Model(latents, 0.5 * (inner(latents) + functional()(latents)))


def discriminator():
    images = keras.Input(SHAPE)
    x = SpectralNormalization(layers.Conv2D(4, 3, strides=2, padding="same"))(images)
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, layers.Dense(1)(x))


GENERATORS = {one.__name__: one for one in (sequential, functional, nested)}


def game(generator=functional, **options):
    gan = GAN(generator(), discriminator(), priors.Normal(4), **options)
    gan.compile(penalties=["r1"])
    return gan


def drawn(gan):
    return gan.sample(3, seed=1)


@pytest.mark.parametrize("state", only(["training"], ["training", "networks"]))
@pytest.mark.parametrize("name", only(["nested"], GENERATORS))
def test_a_preset_comes_back_and_trains_on(tmp_path, name, state):
    gan = game(GENERATORS[name], ema_decay=0.9)
    gan.fit(X, batch_size=8, epochs=2, verbose=0)
    gan.save_to_preset(tmp_path / "preset", state)
    loaded = GAN.from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(drawn(gan), drawn(loaded))
    images = X[:5]
    np.testing.assert_array_equal(
        gan.discriminator(images), loaded.discriminator(images)
    )
    assert configs.of_game(gan) == configs.of_game(loaded)
    if state == "training":
        for one in (gan, loaded):
            one.fit(X, batch_size=8, verbose=0)
        np.testing.assert_array_equal(drawn(gan), drawn(loaded))


@pytest.mark.parametrize("name", only(["functional"], GENERATORS))
def test_a_checkpoint_is_read(tmp_path, name):
    gan = game(GENERATORS[name])
    backup = callbacks.BackupAndRestore(tmp_path)
    gan.fit(X, batch_size=8, verbose=0, callbacks=[backup])
    for _ in range(3):  # as another process would number the layers
        layers.Dense(1)
    np.testing.assert_array_equal(drawn(gan), drawn(GAN.from_preset(tmp_path)))
    again = game(GENERATORS[name])
    again.fit(
        X,
        batch_size=8,
        epochs=1,
        verbose=0,
        callbacks=[callbacks.BackupAndRestore(tmp_path)],
    )
    np.testing.assert_array_equal(drawn(gan), drawn(again))


def test_the_config_is_the_same_whatever_keras_has_numbered_before():
    one = configs.dumps(configs.of_game(game(nested)))
    for _ in range(3):
        layers.Dense(1)
    assert configs.dumps(configs.of_game(game(nested))) == one
    assert '"dense_7' not in one and '"z"' in one


def test_a_name_like_keras_own_keeps_its_layer(tmp_path):
    """Somebody's "dense_1" is there before Keras' numbers reach it."""
    latents = keras.Input((4,))
    x = layers.Dense(3, name="dense_1")(latents)
    x = layers.Dense(3)(layers.Dense(3)(x))
    outputs = layers.Reshape(SHAPE)(layers.Dense(SIDE * SIDE, activation="tanh")(x))
    gan = GAN(keras.Model(latents, outputs), discriminator(), priors.Normal(4))
    gan.compile()
    gan.save_to_preset(tmp_path / "preset")
    np.testing.assert_array_equal(
        drawn(gan), drawn(GAN.from_preset(tmp_path / "preset"))
    )


# Classes of one's own -----------------------------------------------------------------


class Own(layers.Layer):
    def call(self, inputs):
        return 2 * inputs


def game_of_ones_own():
    images = keras.Input(SHAPE)
    x = layers.Dense(1)(layers.Flatten()(Own()(images)))
    gan = GAN(
        networks.MLPGenerator(SHAPE, 4, widths=(3,)),
        keras.Model(images, x),
        priors.Normal(4),
    )
    gan.compile()
    return gan


def test_a_class_of_ones_own_is_told_before_training_where_a_run_is_kept(tmp_path):
    gan = game_of_ones_own()
    steps = []

    class Counting(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            steps.append(batch)

    def fit(epochs):
        backup = callbacks.BackupAndRestore(tmp_path / "run")
        with pytest.warns(UserWarning, match="resumed by this script only.*'Own'") as w:
            gan.fit(
                X,
                batch_size=8,
                epochs=epochs,
                verbose=0,
                callbacks=[backup, Counting()],
            )
        return w

    fit(1)
    assert len(steps) == 2
    fit(2)  # which it is
    assert len(steps) == 4
    with pytest.raises(ValueError, match="has no config.json.*Run the script"):
        GAN.from_preset(tmp_path / "run")
    with pytest.raises(ValueError, match=r"'Own'.*save\("):
        gan.save_to_preset(tmp_path / "preset")
    assert not (tmp_path / "preset").exists()


# What runs code -----------------------------------------------------------------------


@pytest.fixture
def preset(tmp_path):
    game().save_to_preset(tmp_path / "preset")
    return tmp_path / "preset"


def with_layer(preset, change):
    """The preset in which the config of the generator's layers is another one."""
    config = json.loads((preset / "config.json").read_text())
    change(config["model"]["config"]["generator"]["config"]["layers"])
    (preset / "config.json").write_text(json.dumps(config))
    sign(preset)


HOSTILE = {
    "operation_that_calls": ("keras.src.ops.core", "Map"),
    "loop": ("keras.src.ops.core", "WhileLoop"),
    "vectorized": ("keras.src.ops.core", "VectorizedMap"),
    "function": ("keras.src.ops.function", "Function"),
    "node": ("keras.src.ops.node", "Node"),
    "lambda": ("keras.layers", "Lambda"),
    "lambda_by_its_file": ("keras.src.layers.core.lambda_layer", "Lambda"),
    "saved_model": ("keras.layers", "TFSMLayer"),
    "lookup": ("keras.layers", "StringLookup"),
    "another_module": ("os", "system"),
    "module_of_keras": ("keras.src.utils.file_utils", "get_file"),
    "loader": ("keras.saving", "load_model"),
    "same_name_elsewhere": ("keras.src.ops.nn", "Dense"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_could_run_code_is_refused_before_it_is_made(preset, name):
    module, kind = HOSTILE[name]

    def change(found):
        found[2] |= {"module": module, "class_name": kind, "registered_name": kind}

    with_layer(preset, change)
    with pytest.raises(ValueError, match=f"names '{kind}' from '{module}'"):
        GAN.from_preset(preset)


@pytest.mark.parametrize(
    "value",
    [
        {"class_name": "__lambda__", "config": {"value": ["abc", None, None]}},
        {"class_name": "__typespec__", "config": [], "module": "os"},
        {"class_name": "function", "config": "get_file", "module": "keras.utils"},
        {"class_name": "__class__", "config": {}},
    ],
    ids=lambda value: value["class_name"],
)
@pytest.mark.parametrize("place", ["argument", "setting"])
def test_no_value_runs_code_either(preset, value, place):
    def change(found):
        if place == "argument":
            found[2]["inbound_nodes"][0]["kwargs"] = {"axis": value}
        else:
            found[2]["config"]["activation"] = value

    with_layer(preset, change)
    with pytest.raises(ValueError, match="none that run code"):
        GAN.from_preset(preset)


def test_a_model_that_lacks_a_layer_is_told_with_its_file(preset):
    with_layer(preset, lambda found: found.pop(0))
    with pytest.raises(ValueError, match=r"config\.json"):
        GAN.from_preset(preset)


def test_every_listed_class_is_keras_own_and_calls_no_function():
    """What this version of Keras has of the list; others may lack some."""
    import importlib
    import inspect

    for module, names in known_classes.LISTED.items():
        place = importlib.import_module(module) if "src" in module else None
        for name in names:
            owner = place or getattr(keras, module.removeprefix("keras."), keras)
            cls = getattr(owner, name, None)
            if cls is None or name == "Functional":
                continue
            parameters = inspect.signature(cls.__init__).parameters
            called = {"function", "f", "fn", "body", "cond", "true_fn", "filepath"}
            assert not called & set(parameters), (module, name)


def test_the_list_is_not_empty_in_this_keras():
    there = [name for name in known_classes.LAYERS if hasattr(layers, name)]
    assert len(there) >= 0.95 * len(known_classes.LAYERS)
    source = pathlib.Path(known_classes.__file__).read_text()
    assert "Lambda" not in "".join(known_classes.LAYERS) and "`Lambda`" in source
