"""What a config says of a game: every argument, and nothing of the process."""

import inspect
import json

import keras
import numpy as np
import pytest

from keras_gan import callbacks, models, networks, penalties, priors
from keras_gan.saving import configs, objects

OPTIMIZERS = ("Adam", "RMSprop", "SGD", "AdamW", "Nadam")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_number_of_an_optimizer_in_its_process_is_left_out(name):
    make = getattr(keras.optimizers, name)
    texts = []
    for optimizer in (make(0.5), make(0.5)):  # Keras calls them adam and adam_1
        written = objects.whole(keras.saving.serialize_keras_object(optimizer))
        texts.append(configs.dumps(written))
        assert objects.brief(written)["config"] == {"learning_rate": 0.5}
    assert texts[0] == texts[1] and f'"{name.lower()}' not in texts[0]


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "not"])
def test_a_class_of_ones_own_goes_into_no_preset(registered):
    class Own(penalties.Penalty):
        pass

    if registered:
        keras.saving.register_keras_serializable(package="mine")(Own)
    written = keras.saving.serialize_keras_object(Own())
    with pytest.raises(ValueError, match=r"'(mine>)?Own'. .*save\("):
        objects.whole(written)


def test_a_name_of_ones_own_stays():
    optimizer = keras.optimizers.Adam(name="adam_of_the_generator")
    written = objects.whole(keras.saving.serialize_keras_object(optimizer))
    assert objects.brief(written)["config"] == {"name": "adam_of_the_generator"}
    revived = keras.saving.deserialize_keras_object(written)
    assert revived.name == "adam_of_the_generator"


def test_a_config_with_a_falling_rate_is_built_and_stays_as_it_is():
    def make():
        gan = models.GAN(
            networks.MLPGenerator((2,), latent_dim=1, widths=()),
            networks.MLPDiscriminator((2,), widths=()),
            priors.Normal(1),
        )
        rate = keras.optimizers.schedules.CosineDecay(0.5, 10, alpha=0.25)
        gan.compile(generator_optimizer=keras.optimizers.SGD(rate))
        return gan

    written = configs.of_game(make())
    text = configs.dumps(written)
    shown = configs.shown(written)["compile"]
    rate = shown["generator_optimizer"]["config"]["learning_rate"]
    given = {"initial_learning_rate": 0.5, "decay_steps": 10, "alpha": 0.25}
    assert rate["config"] == given  # and no default
    game = configs.build(written)
    assert configs.dumps(written) == text == configs.dumps(configs.of_game(game))
    rows = np.random.default_rng(0).normal(size=(20, 2)).astype("float32")
    game.fit(rows, batch_size=2, verbose=0)  # 10 steps: to the end of the fall
    assert float(game.generator_optimizer.learning_rate) == pytest.approx(0.5 * 0.25)


# Every argument ----------------------------------------------------------------------


def with_defaults(function, **changed):
    """The defaults of a function in which some are others."""
    parameters = inspect.signature(function).parameters.values()
    defaults = [p for p in parameters if p.default is not p.empty]
    positional = [p for p in defaults if p.kind is p.POSITIONAL_OR_KEYWORD]
    return tuple(changed.get(p.name, p.default) for p in positional)


CHANGED = {  # (class, an argument) -> a default that differs from today's
    (penalties.R1, "gamma"): 77.0,
    (keras.optimizers.Adam, "beta_2"): 0.5,
    (networks.MLPDiscriminator, "dropout"): 0.25,
    (networks.MLPGenerator, "widths"): (3, 3),
    (models.GAN, "ema_decay"): 0.5,
    (models.Game, "latents"): "fresh",
    (models.Game, "updates"): "simultaneous",
}


@pytest.mark.parametrize("form", ["preset", "config", "checkpoint"])
def test_a_default_that_changes_changes_no_old_game(tmp_path, monkeypatch, form):
    """For each a later version of the library (or of Keras) has another default."""
    gan = models.GAN(
        networks.MLPGenerator((4,), latent_dim=2),
        networks.MLPDiscriminator((4,)),
        priors.Normal(2),
    )
    gan.compile(
        penalties=[penalties.R1()],
        generator_optimizer=keras.optimizers.Adam(0.01),
        discriminator_optimizer=keras.optimizers.Adam(),
    )
    before = configs.dumps(configs.of_game(gan))
    short = configs.shown(json.loads(before))
    gan.save_to_preset(tmp_path / "preset")
    rows = np.zeros((4, 4), "float32")
    backup = callbacks.BackupAndRestore(tmp_path / "checkpoints")
    gan.fit(rows, batch_size=4, verbose=0, callbacks=[backup])
    for (cls, name), value in CHANGED.items():
        method = cls.compile if cls is models.Game else cls.__init__
        monkeypatch.setattr(
            method, "__defaults__", with_defaults(method, **{name: value})
        )
    if form == "config":
        loaded = configs.build(json.loads(before), models.GAN)
    else:
        folder = {"preset": "preset", "checkpoint": "checkpoints"}[form]
        loaded = models.GAN.from_preset(tmp_path / folder)
    assert configs.dumps(configs.of_game(loaded)) == before
    assert loaded.penalties[0].gamma == gan.penalties[0].gamma != 77.0
    assert loaded.latents == "shared" and loaded.generator.widths == (256, 512)
    assert loaded.generator_optimizer.beta_2 == 0.999
    # and what people leave out does mean another thing then
    assert configs.build(short, models.GAN).latents == "fresh"
