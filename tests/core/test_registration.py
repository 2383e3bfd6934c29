"""A lazy package whose classes Keras finds all the same, in fresh processes."""

import importlib
import json
import pkgutil
import subprocess
import sys

import keras
import pytest
from helpers.small import mlp

import keras_gan
from keras_gan.core import registration

IMPORTS = {
    "keras first": "import keras; import keras_gan; load = keras.saving.load_model",
    "keras_gan first": "import keras_gan, keras; load = keras.models.load_model",
    "from keras": "import keras_gan; from keras.saving import load_model as load",
    "a name of it first": "import keras_gan.training; from keras.saving import "
    "load_model as load",
    "by tensorflow": "import keras_gan, tensorflow as tf; "
    "load = tf.keras.models.load_model",
}
LOAD = """
import sys
gan = load(sys.argv[1])
print(type(gan).__module__, int(gan.step), type(gan.loss).__name__, gan.penalties)
print(gan.sample(2, seed=0).tobytes().hex())
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    gan = mlp(loss="hinge", penalties=["r1"])
    gan.step.assign(7)
    path = tmp_path_factory.mktemp("lazy") / "gan.keras"
    gan.save(path)
    return path, gan.sample(2, seed=0)


def printed(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("order", IMPORTS)
def test_a_file_is_loaded_whatever_was_imported_first(saved, order):
    path, images = saved
    first, second = printed(IMPORTS[order] + LOAD, path).splitlines()[-2:]
    assert first.startswith("keras_gan.models.gan 7 Hinge (<keras_gan.penalties")
    assert bytes.fromhex(second) == images.tobytes()


def test_the_package_alone_imports_nothing_heavy():
    code = "import json, sys, keras_gan; print(json.dumps(list(sys.modules)))"
    loaded = set(json.loads(printed(code)))
    assert not loaded & {"tensorflow", "keras", "numpy", "h5py", "PIL", "matplotlib"}


def test_every_public_name_is_an_attribute():
    assert set(keras_gan.__all__) <= set(dir(keras_gan))
    for name in keras_gan.__all__:
        module = getattr(keras_gan, name)
        assert module is importlib.import_module(f"keras_gan.{name}")
    with pytest.raises(AttributeError, match="no attribute 'modles'"):
        _ = keras_gan.modles


def test_every_registered_class_is_found_by_its_name():
    for module in pkgutil.walk_packages(keras_gan.__path__, "keras_gan."):
        if not module.name.startswith(("keras_gan.cli", "keras_gan.zoo")):
            importlib.import_module(module.name)
    entries = keras.saving.get_custom_objects()
    own = {
        name.removeprefix("keras_gan>"): entry
        for name, entry in entries.items()
        if name.startswith("keras_gan>") and "tests" not in entry.__module__
    }
    own = {
        name: entry
        for name, entry in own.items()
        if isinstance(entry, type) and entry.__module__.startswith("keras_gan.")
    }
    public = {
        name: getattr(importlib.import_module(f"keras_gan.{place}"), name)
        for place in registration.PLACES
        for name in registration.public_classes(place)
    }
    assert len(own) > 60 and own.items() <= public.items()


def test_a_stand_in_loads_its_class():
    stand_in = registration.StandIn("keras_gan.losses", "Hinge")
    assert stand_in.load() is keras_gan.losses.Hinge
    assert type(stand_in.from_config({})) is type(stand_in()) is keras_gan.losses.Hinge
