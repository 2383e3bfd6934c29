"""Frozen layers stay frozen in whatever keeps a game."""

import keras
import numpy as np
import pytest
from helpers.small import LARGER, SHAPE, assert_equal, images

from keras_gan import callbacks, models, networks, priors
from keras_gan.models import GAN
from keras_gan.training import freezing

X = images(shape=SHAPE)[:32]


def game(frozen=("hidden_1",), ema_decay=0.9):
    keras.utils.set_random_seed(0)
    discriminator = networks.MLPDiscriminator(SHAPE, widths=(5, 4))
    for name in frozen:
        discriminator.get_layer(name).trainable = False
    gan = GAN(
        networks.MLPGenerator(SHAPE, 4, widths=(5,)),
        discriminator,
        priors.Normal(4),
        ema_decay=ema_decay,
    )
    gan.compile()
    return gan


def fit(gan, epochs=1, **options):
    gan.fit(X, batch_size=8, epochs=epochs, verbose=0, **options)


def kept_by(gan, form, tmp_path):
    if form == "keras":
        gan.save(tmp_path / "gan.keras")
        return keras.saving.load_model(tmp_path / "gan.keras")
    if form == "checkpoint":
        return GAN.from_preset(tmp_path / "checkpoints")
    gan.save_to_preset(tmp_path / "preset", form)
    return GAN.from_preset(tmp_path / "preset")


@pytest.mark.parametrize("form", ["keras", "training", "networks", "checkpoint"])
def test_it_stays_frozen_and_trains_on_to_the_same_bits(tmp_path, form):
    gan = game()
    first = gan.discriminator.get_layer("hidden_1").get_weights()
    fit(gan, callbacks=[callbacks.BackupAndRestore(tmp_path / "checkpoints")])
    loaded = kept_by(gan, form, tmp_path)
    assert len(loaded.discriminator_variables) == 4  # of six
    assert not loaded.discriminator.get_layer("hidden_1").trainable
    assert_equal(gan.discriminator.get_weights(), loaded.discriminator.get_weights())
    if form != "networks":  # which starts its optimizers anew
        for one in (gan, loaded):
            fit(one, epochs=2, initial_epoch=1)
        assert_equal(gan.get_weights(), loaded.get_weights())
    assert_equal(first, loaded.discriminator.get_layer("hidden_1").get_weights())


def test_a_run_is_resumed_to_the_same_bits(tmp_path):
    unbroken, broken = game(), game()
    fit(unbroken, epochs=2)
    fit(broken, callbacks=[callbacks.BackupAndRestore(tmp_path)])
    resumed = game()
    fit(resumed, epochs=2, callbacks=[callbacks.BackupAndRestore(tmp_path)])
    assert_equal(unbroken.get_weights(), resumed.get_weights())
    with pytest.raises(ValueError, match="(?s)belongs to another run.*frozen"):
        thawed = game(frozen=())
        fit(thawed, epochs=3, callbacks=[callbacks.BackupAndRestore(tmp_path)])


def test_an_average_of_a_frozen_layer_is_the_layer():
    """And a frozen batch normalization keeps its statistics."""
    generator = networks.DCGANGenerator(LARGER, 4, filters=4)
    generator.get_layer("start").trainable = False
    generator.get_layer("start_normalized").trainable = False
    before = generator.get_layer("start_normalized").get_weights()
    discriminator = networks.DCGANDiscriminator(LARGER, filters=4)
    gan = GAN(generator, discriminator, priors.Normal(4), ema_decay=0.5)
    gan.compile()
    gan.fit(images(shape=LARGER)[:32], batch_size=8, verbose=0)
    average = gan.ema_generator
    for name in ("start", "start_normalized"):
        frozen = generator.get_layer(name).get_weights()
        assert_equal(frozen, average.get_layer(name).get_weights())
    assert_equal(before, generator.get_layer("start_normalized").get_weights())
    moved = generator.get_layer("up_1").get_weights()[0]
    assert not np.array_equal(moved, average.get_layer("up_1").get_weights()[0])


@pytest.mark.parametrize("how", ["freeze", "thaw"])
@pytest.mark.parametrize("method", ["fit", "train_on_batch", "save", "save_to_preset"])
def test_what_is_set_after_compile_is_told(tmp_path, how, method):
    gan = game(frozen=() if how == "freeze" else ("hidden_1",))
    gan.discriminator.get_layer("hidden_1").trainable = how == "thaw"
    call = {
        "fit": lambda: fit(gan),
        "train_on_batch": lambda: gan.train_on_batch(X[:8]),
        "save": lambda: gan.save(tmp_path / "gan.keras"),
        "save_to_preset": lambda: gan.save_to_preset(tmp_path / "preset"),
    }[method]
    with pytest.raises(ValueError, match=r"discriminator_optimizer.*Call compile\(\)"):
        call()
    assert not list(tmp_path.iterdir())
    gan.compile()
    call()


def test_only_the_outermost_layers_are_named():
    inner = networks.MLPDiscriminator((6,), widths=(3,))
    packed = networks.Packed(inner, pack_size=2)
    inner.trainable = False
    assert freezing.config_of({"d": packed}) == {
        "frozen": {"d": ["0.mlp_discriminator"]}
    }
    packed.trainable = False
    assert freezing.config_of({"d": packed}) == {"frozen": {"d": [""]}}
    packed.trainable = True
    assert freezing.config_of({"d": packed}) == {}


@pytest.mark.parametrize(
    ("frozen", "said"),
    [
        ({"encoder": ["x"]}, "frozen names networks: generator, discriminator"),
        ({"generator": ["hidden_7"]}, "'hidden_7', which is not in generator"),
    ],
)
def test_a_layer_that_is_not_there_is_named(frozen, said):
    with pytest.raises(ValueError, match=said):
        models.GAN(
            networks.MLPGenerator(SHAPE, 4, widths=(5,)),
            networks.MLPDiscriminator(SHAPE, widths=(5,)),
            priors.Normal(4),
            frozen=frozen,
        )
