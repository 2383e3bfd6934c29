"""What a config says of a game: all that differs from the defaults, and no more."""

import keras
import pytest

from keras_gan import configs, penalties

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
