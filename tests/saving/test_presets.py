"""A preset comes back bit for bit; one that was tampered with is refused."""

import json
import os
import shutil

import h5py
import keras
import numpy as np
import pytest
from helpers.signing import change, sign
from helpers.small import SHAPE, mlp
from hypothesis import given, settings
from hypothesis import strategies as st

import keras_gan
from keras_gan.models import GAN
from keras_gan.saving import hdf5, presets
from keras_gan.saving.hubs import CONFIG, FILES, METADATA, WEIGHTS

FAMILIES = ("GAN", "WGAN", "WGANGP", "ConsensusGAN")
POLICIES = ("float32", "mixed_float16", "mixed_bfloat16")


def arrays(path):
    """What a file of weights holds, by name."""
    found = {}

    def take(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = item[()]

    with h5py.File(path) as file:
        file.visititems(take)
    return found


def assert_same_preset(one, other):
    assert (one / CONFIG).read_bytes() == (other / CONFIG).read_bytes()
    first, second = arrays(one / WEIGHTS), arrays(other / WEIGHTS)
    assert first.keys() == second.keys() and first
    for name in first:
        assert first[name].dtype == second[name].dtype
        assert first[name].tobytes() == second[name].tobytes(), name
    said = [json.loads((folder / METADATA).read_text()) for folder in (one, other)]
    for metadata in said:  # HDF5 also holds Keras' running numbers of layers
        del metadata["sha256"][WEIGHTS]
    assert said[0] == said[1]


def with_random_state(family, ema_decay):
    """A game in which every weight, moment and counter has a number of its own."""
    game = getattr(keras_gan.models, family)(
        keras_gan.networks.MLPGenerator(SHAPE, latent_dim=5, widths=(6,)),
        keras_gan.networks.MLPDiscriminator(SHAPE, widths=(5,), dropout=0.5),
        keras_gan.priors.Normal(5),
        ema_decay=ema_decay,
        seed=4,
    )
    game.compile()
    random = np.random.default_rng(0)
    optimizers = game.generator_optimizer, game.discriminator_optimizer
    for part in (game, *optimizers):
        for variable in part.variables:
            number = random.uniform(0, 1000, variable.shape)
            variable.assign(number.astype(variable.dtype))
    return game


@pytest.mark.parametrize("state", presets.STATES)
@pytest.mark.parametrize("ema_decay", [None, 0.9], ids=["no_ema", "ema"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_round_trip_keeps_every_bit(tmp_path, family, ema_decay, state):
    game = with_random_state(family, ema_decay)
    game.save_to_preset(tmp_path / "first", state)
    loaded = GAN.from_preset(tmp_path / "first")
    assert type(loaded) is type(game)
    loaded.save_to_preset(tmp_path / "second", state)
    assert_same_preset(tmp_path / "first", tmp_path / "second")
    held = sum(array.size for array in arrays(tmp_path / "first" / WEIGHTS).values())
    networks = game.generator, game.discriminator
    if state == "networks":  # and nothing else
        assert held == sum(network.count_params() for network in networks)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_round_trip_under_a_dtype_policy(tmp_path, policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        game = with_random_state("GAN", 0.9)
        game.save_to_preset(tmp_path / "first")
        loaded = GAN.from_preset(tmp_path / "first")
        loaded.save_to_preset(tmp_path / "second")
    finally:
        keras.config.set_dtype_policy(before)
    assert_same_preset(tmp_path / "first", tmp_path / "second")


# Tampering --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "preset"
    mlp().save_to_preset(folder)
    return folder


@pytest.fixture
def preset(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "preset")


def refused(preset):
    with pytest.raises(ValueError) as caught:
        GAN.from_preset(preset)
    return str(caught.value)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
@given(st.data())
@settings(max_examples=30)
def test_any_flipped_bit_or_truncation_is_found(saved, name, data):
    whole = (saved / name).read_bytes()
    position = data.draw(st.integers(0, len(whole) - 1), label="position")
    flipped = bytearray(whole)
    flipped[position] ^= 1 << data.draw(st.integers(0, 7), label="bit")
    try:
        for damaged in (bytes(flipped), whole[:position], whole + b"\0"):
            (saved / name).write_bytes(damaged)
            message = refused(saved)
            assert "truncated or changed" in message and name in message
    finally:
        (saved / name).write_bytes(whole)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "no JSON object"),
        ('"text"', "no JSON object"),
        ("null", "no JSON object"),
        ("{", "is no valid JSON"),
        ("[" * 100_000, "is no valid JSON"),
        ("{}", '"format" is a whole number'),
        ('{"format": 1}', '"state" is one of'),
    ],
    ids=["list", "text", "null", "broken", "deep", "empty", "format_only"],
)
def test_metadata_of_another_form(preset, text, reason):
    (preset / METADATA).write_text(text)
    message = refused(preset)
    assert reason in message and METADATA in message


@pytest.mark.parametrize(
    ("entry", "value", "reason"),
    [
        ("format", 2, "has format 2, and this version of keras_gan reads up to 1"),
        ("format", True, "is a whole number from 1"),
        ("format", "1", "is a whole number from 1"),
        ("format", 0, "is a whole number from 1"),
        ("format", 1.5, "is a whole number from 1"),
        ("state", "all", "is one of"),
        ("state", ["training"], "is one of"),
        ("sha256", None, "has one entry each"),
        ("sha256", {}, "has one entry each"),
        ("sha256", [CONFIG, WEIGHTS], "has one entry each"),
        ("sha256", {CONFIG: "", "../" + WEIGHTS: ""}, "has one entry each"),
        ("sha256", {CONFIG: "", WEIGHTS: "", "../x": ""}, "and no others"),
        ("sha256", {CONFIG: None, WEIGHTS: 3}, "truncated or changed"),
    ],
    ids=str,
)
def test_metadata_that_say_something_else(preset, entry, value, reason):
    change(preset, lambda metadata: metadata.update({entry: value}))
    assert reason in refused(preset)


def test_more_in_the_metadata_is_no_harm(preset):
    """A card of the zoo, for one."""
    change(preset, lambda metadata: metadata.update(scores={"frechet": 3.0}))
    GAN.from_preset(preset)


def test_a_newer_format_is_named_before_all_else(preset):
    (preset / METADATA).write_text('{"format": 7, "files": []}')
    assert "Upgrade keras_gan" in refused(preset)


@pytest.mark.parametrize("name", FILES)
def test_a_link_out_of_the_folder_is_refused(preset, name, tmp_path):
    shutil.move(preset / name, tmp_path / "outside")
    (preset / name).symlink_to("../outside")
    message = refused(preset)
    assert f"{preset / name} is a link to {tmp_path / 'outside'}" in message


def test_links_within_the_folder_and_to_it_are_followed(preset, tmp_path):
    (preset / CONFIG).rename(preset / "renamed.json")
    (preset / CONFIG).symlink_to("renamed.json")
    (tmp_path / "newest").symlink_to(preset)
    GAN.from_preset(tmp_path / "newest")


def test_a_folder_named_like_the_cache_of_a_hub_opens_nothing_else(preset, tmp_path):
    """Links into blobs are followed, links past them are not."""
    snapshot = tmp_path / "models--user--repo" / "snapshots" / "0123"
    shutil.copytree(preset, snapshot)
    shutil.move(snapshot / CONFIG, tmp_path / "models--user--repo" / "outside")
    (snapshot / CONFIG).symlink_to("../../outside")
    assert "outside of the preset" in refused(snapshot)


def test_weights_of_another_game(preset):
    def widen(config):
        config["model"]["config"]["generator"]["config"]["widths"] = [13]

    change(preset, widen, CONFIG)
    sign(preset)
    message = refused(preset)
    assert "does not hold the weights of the game that config.json" in message


def test_a_layer_that_is_not_there(preset):
    with h5py.File(preset / WEIGHTS, "r+") as file:
        del file["discriminator/layers/dense"]
    sign(preset)
    assert "does not hold the weights" in refused(preset)


def test_moments_that_are_not_there(preset):
    """Keras would only warn, and training would go on without all of them."""
    with h5py.File(preset / WEIGHTS, "r+") as file:
        moments = file["generator_optimizer/vars"]
        del moments[str(len(moments) - 1)]
    sign(preset)
    assert "does not hold the weights" in refused(preset)


def test_a_class_that_runs_code(preset):
    def run(config):
        config["model"]["config"]["generator"] = {
            "module": "keras.layers",
            "class_name": "Lambda",
            "config": {"function": {"class_name": "__lambda__", "config": {}}},
        }

    change(preset, run, CONFIG)
    sign(preset)
    assert "none that run code" in refused(preset)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\x80\x04\x95"], ids=["zip", "pkl"])
def test_other_kinds_of_files_are_not_opened(preset, start):
    (preset / WEIGHTS).write_bytes(start + bytes(100))
    sign(preset)
    assert "cannot be read as HDF5" in refused(preset)


# Weights that are no plain arrays -----------------------------------------------------

KERNEL = "generator_optimizer/vars/2"


def external_link(file, folder):
    file[KERNEL] = h5py.ExternalLink("other.h5", "/secret")


def link_of_a_group(file, folder):
    file["more"] = h5py.ExternalLink("other.h5", "/")


def soft_link(file, folder):
    file[KERNEL] = h5py.SoftLink("/generator_optimizer/vars/3")


def dangling_link(file, folder):
    file[KERNEL] = h5py.SoftLink("/nowhere")


def second_name(file, folder):
    file[KERNEL] = file["generator_optimizer/vars/3"]


def loop(file, folder):
    file["more"] = file["generator_optimizer"]


def external_storage(file, folder):
    place = [(os.fspath(folder / "other.bin"), 0, 40)]
    file.create_dataset(KERNEL, (10,), "float32", external=place)


def virtual(file, folder):
    layout = h5py.VirtualLayout((10,), "float32")
    layout[:] = h5py.VirtualSource(folder / "other.h5", "secret", (10,))
    file.create_virtual_dataset(KERNEL, layout)


def unwritten(file, folder):
    file.create_dataset(KERNEL, (10**12,), "float32")


def compressed(file, folder):
    file.create_dataset(KERNEL, data=np.zeros(10**6), compression="gzip")


def text(file, folder):
    file[KERNEL] = "text"


def reference(file, folder):
    file[KERNEL] = file["generator_optimizer"].ref


def named_type(file, folder):
    file["more"] = np.dtype("float32")


SURPRISES = {
    external_link: "an ExternalLink at /generator_optimizer/vars/2",
    link_of_a_group: "an ExternalLink at /more",
    soft_link: "an SoftLink",
    dangling_link: "an SoftLink",
    second_name: "a second name of one object",
    loop: "a second name of one object",
    external_storage: "an array that lies in",
    virtual: "a virtual array",
    unwritten: "an array of 4000000000000 bytes in 0",
    compressed: "an array of 8000000 bytes in",
    text: "values of type object",
    reference: "values of type object",
    named_type: "a named type",
}


@pytest.mark.parametrize("surprise", SURPRISES, ids=lambda change: change.__name__)
def test_weights_that_are_no_plain_arrays_in_one_file(preset, tmp_path, surprise):
    with h5py.File(preset / "other.h5", "w") as other:
        other["secret"] = np.ones(10, "float32")
    with h5py.File(preset / WEIGHTS, "r+") as file:
        if KERNEL in file:
            del file[KERNEL]
        surprise(file, preset)
    sign(preset)
    message = refused(preset)
    assert SURPRISES[surprise] in message and "plain arrays of numbers" in message


@pytest.mark.parametrize("policy", POLICIES)
def test_what_keras_writes_is_plain(tmp_path, policy):
    layers = [keras.layers.Dense(3, dtype=policy), keras.layers.Dropout(0.5, seed=1)]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile("adam")
    model.save_weights(tmp_path / WEIGHTS)
    hdf5.check(tmp_path / WEIGHTS)
