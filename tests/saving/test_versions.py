"""A preset that other versions have saved says so when it is read."""

import warnings

import keras
import pytest
import tensorflow as tf
from helpers.signing import change
from helpers.small import mlp

import keras_gan
from keras_gan.models import GAN
from keras_gan.saving import versions

NOW = {
    "keras_gan": keras_gan.__version__,
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
}


@pytest.fixture
def preset(tmp_path):
    mlp().save_to_preset(tmp_path / "preset")
    return tmp_path / "preset"


def said(preset, **stored):
    """What is warned of when the versions of a preset are others."""
    change(preset, lambda metadata: metadata["versions"].update(stored))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        GAN.from_preset(preset)
    told = [w for w in told if "saved by other versions" in str(w.message)]
    assert len(told) <= 1 and all(w.filename == __file__ for w in told)
    return str(told[0].message) if told else None


def test_a_preset_knows_its_versions(preset):
    def look(metadata):
        assert metadata["versions"] == versions.now() == NOW

    change(preset, look)
    assert said(preset) is None


@pytest.mark.parametrize("name", NOW)
def test_other_versions_are_named(preset, name):
    message = said(preset, **{name: "0.1.5"})
    assert f"({name} 0.1.5 -> {NOW[name]})" in message
    assert "upgrade" not in message


def test_a_newer_version_of_this_package_asks_for_an_upgrade(preset):
    message = said(preset, keras_gan="0.10.0")  # by number: "0.10" < "0.2" as a text
    assert f"(keras_gan 0.10.0 -> {NOW['keras_gan']})" in message
    assert "newer than this keras_gan: upgrade it" in message


@pytest.mark.parametrize("name", NOW)
def test_a_correction_of_a_version_is_no_other_one(preset, name):
    first, second = NOW[name].split(".")[:2]
    assert said(preset, **{name: f"{first}.{second}.99"}) is None


def test_versions_that_are_not_stored_are_not_compared(preset):
    change(preset, lambda metadata: metadata["versions"].pop("keras_gan"))
    assert said(preset) is None
    change(preset, lambda metadata: metadata.pop("versions"))
    GAN.from_preset(preset)


@pytest.mark.parametrize(
    "stored", ["3.15", ["3.15"], {"keras": 3}, {"keras": "3" * 999}]
)
def test_versions_of_another_form(preset, stored):
    change(preset, lambda metadata: metadata.update(versions=stored))
    with pytest.raises(ValueError, match='"versions" has a text for each'):
        GAN.from_preset(preset)
