"""What a config says of a game: all that differs from the defaults, and no more."""

import keras
import numpy as np
import pytest

from keras_gan import models, networks, penalties, priors
from keras_gan.saving import configs

OPTIMIZERS = ("Adam", "RMSprop", "SGD", "AdamW", "Nadam")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_number_of_an_optimizer_in_its_process_is_left_out(name):
    make = getattr(keras.optimizers, name)
    texts = []
    for optimizer in (make(0.5), make(0.5)):  # Keras calls them adam and adam_1
        written = keras.saving.serialize_keras_object(optimizer)
        texts.append(configs.dumps(configs.brief(written)))
    assert texts[0] == texts[1]
    assert '"config": {"learning_rate": 0.5}' in texts[0]


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "not"])
def test_a_class_of_ones_own_goes_into_no_preset(registered):
    class Own(penalties.Penalty):
        pass

    if registered:
        keras.saving.register_keras_serializable(package="mine")(Own)
    written = keras.saving.serialize_keras_object(Own())
    with pytest.raises(ValueError, match=r"'(mine>)?Own'. .*save\("):
        configs.brief(written)


def test_a_name_of_ones_own_stays():
    optimizer = keras.optimizers.Adam(name="adam_of_the_generator")
    written = configs.brief(keras.saving.serialize_keras_object(optimizer))
    assert written["config"] == {"name": "adam_of_the_generator"}
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
    rate = written["compile"]["generator_optimizer"]["config"]["learning_rate"]
    given = {"initial_learning_rate": 0.5, "decay_steps": 10, "alpha": 0.25}
    assert rate["config"] == given  # and no default
    game = configs.build(written)
    assert configs.dumps(written) == text == configs.dumps(configs.of_game(game))
    rows = np.random.default_rng(0).normal(size=(20, 2)).astype("float32")
    game.fit(rows, batch_size=2, verbose=0)  # 10 steps: to the end of the fall
    assert float(game.generator_optimizer.learning_rate) == pytest.approx(0.5 * 0.25)
