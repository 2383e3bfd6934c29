"""A last activation is seen however it is written: layer, operation, under Dropout."""

import keras
import pytest
from keras import layers, ops

import keras_gan
from keras_gan.training import checks

ENDS = {
    "argument": (lambda x: layers.Dense(1, "sigmoid")(x), "sigmoid"),
    "layer": (lambda x: layers.Activation("sigmoid")(layers.Dense(1)(x)), "sigmoid"),
    "operation": (lambda x: ops.sigmoid(layers.Dense(1)(x)), "sigmoid"),
    "under Dropout": (
        lambda x: layers.Dropout(0.2)(layers.Dense(1, "sigmoid")(x)),
        "sigmoid",
    ),
    "operation under a reshape": (
        lambda x: ops.reshape(ops.tanh(layers.Dense(1)(x)), (-1, 1)),
        "tanh",
    ),
    "softmax layer": (lambda x: layers.Softmax()(layers.Dense(1)(x)), "softmax"),
    "ReLU layer": (lambda x: layers.ReLU()(layers.Dense(1)(x)), "relu"),
    "relu operation": (lambda x: ops.relu(layers.Dense(1)(x)), "relu"),
    "wrapped": (
        lambda x: keras_gan.layers.SpectralNormalization(layers.Dense(1, "tanh"))(x),
        "tanh",
    ),
}
NONE = {
    "plain": lambda x: layers.Dense(1)(x),
    "linear": lambda x: layers.Activation("linear")(layers.Dense(1)(x)),
    "leaky": lambda x: layers.ReLU(negative_slope=0.2)(layers.Dense(1)(x)),
    "before the last layer": lambda x: layers.Dense(1)(ops.sigmoid(x)),
    "a sum": lambda x: layers.Add()([layers.Dense(1)(x), ops.sigmoid(x[:, :1])]),
}


def network(end):
    inputs = keras.Input((6,))
    return keras.Model(inputs, end(layers.Dense(4)(inputs)))


@pytest.mark.parametrize("kind", ENDS)
def test_it_is_seen_and_refused(kind):
    end, name = ENDS[kind]
    discriminator = network(end)
    assert checks.last_activation(discriminator) == name
    with pytest.raises(ValueError, match=rf"discriminator ends in {name}.*=None\)"):
        keras_gan.models.GAN(
            keras_gan.networks.MLPGenerator((6,), 4),
            discriminator,
            keras_gan.priors.Normal(4),
        )


@pytest.mark.parametrize("kind", NONE)
def test_what_is_none_is_taken(kind):
    discriminator = network(NONE[kind])
    assert checks.last_activation(discriminator) in (None, "linear")
    keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator((6,), 4),
        discriminator,
        keras_gan.priors.Normal(4),
    )


def test_a_generator_of_images_that_is_never_negative():
    inputs = keras.Input((4,))
    images = layers.Reshape((4, 4, 1))(ops.sigmoid(layers.Dense(16)(inputs)))
    with pytest.raises(ValueError, match="makes images and ends in sigmoid"):
        keras_gan.models.GAN(
            keras.Model(inputs, layers.Dropout(0.1)(images)),
            keras_gan.networks.MLPDiscriminator((4, 4, 1)),
            keras_gan.priors.Normal(4),
        )
