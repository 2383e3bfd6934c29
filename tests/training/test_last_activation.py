"""A last activation is seen however it is written: layer, operation, under Dropout."""

import re
import warnings

import keras
import numpy as np
import pytest
from helpers.small import images, semi_supervised
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


# Where no layer shows it --------------------------------------------------------------


class Subclassed(keras.Model):
    """A discriminator without a graph of layers: (batch, 8, 8, 1) -> (batch, 1)."""

    def __init__(self, end=lambda x: x, last=None, normalization=False):
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(12, "leaky_relu")
        self.norm = layers.LayerNormalization() if normalization else None
        self.last = last or layers.Dense(1)
        self.end = end
        self(np.zeros((1, 8, 8, 1), "float32"))

    def call(self, samples, training=False):
        hidden = self.hidden(self.flatten(samples))
        if self.norm is not None:
            hidden = self.norm(hidden)
        return self.end(self.last(hidden))


def game_of(discriminator, shape=(8, 8, 1)):
    gan = keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator(shape, 4, widths=(6,)),
        discriminator,
        keras_gan.priors.Normal(4),
    )
    gan.compile()
    return gan


def told(gan, rows=None, times=1, labels=None):
    """What is said of the last activation when a game is fitted."""
    rows = images(16) if rows is None else rows
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for _ in range(times):
            gan.fit(rows, labels, batch_size=16, verbose=0)
    texts = [str(warning.message) for warning in found]
    return [text for text in texts if "last activation" in text]


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        (ops.sigmoid, "a sigmoid: .* between 0.* and 0"),
        (lambda x: ops.softmax(x, axis=-1), "a sigmoid: .* between 1 and 1"),
        (ops.hard_sigmoid, "a sigmoid"),
        (lambda x: 30 * ops.relu(x) + 2, "a ReLU: .* between 2"),
        (ops.softplus, "a "),
    ],
    ids=["sigmoid", "softmax", "hard_sigmoid", "relu", "softplus"],
)
def test_a_last_activation_that_no_layer_shows_is_warned_of_once(end, kind):
    keras.utils.set_random_seed(0)
    gan = game_of(Subclassed(end))
    (said,) = told(gan, times=2)
    assert re.search(f"looks like {kind}.*Remove the last activation", said)


def test_the_look_changes_nothing():
    """The run is that of a game which is not looked at, to the bit."""
    keras.utils.set_random_seed(0)
    gan = game_of(Subclassed(ops.sigmoid))
    twin = game_of(Subclassed(ops.sigmoid))
    twin.set_weights(gan.get_weights())
    twin._logits_looked_at = True
    assert len(told(gan)) == 1 and told(twin) == []
    for one, other in zip(gan.weights, twin.weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("normalization", [False, True])
def test_a_new_discriminator_gives_no_alarm(normalization):
    """Though its logits of similar images are of one sign, and often small."""
    rows = 0.9 + 0.1 * images(16)
    rows[0, 0, 0, 0] = -1  # or they might be images in [0, 1]
    suspicious = 0
    for seed in range(12):
        keras.utils.set_random_seed(seed)
        gan = game_of(Subclassed(normalization=normalization))
        suspicious += (gan.discriminator(rows).numpy() >= 0).all()
        assert told(gan, rows) == []
    assert suspicious >= 3


def zeros(**options):
    return layers.Dense(1, kernel_initializer="zeros", **options)


@pytest.mark.parametrize(
    "last", [zeros(), zeros(use_bias=False), layers.Dense(1, use_bias=False)]
)
def test_a_last_layer_of_zeros_or_without_a_bias_gives_no_alarm(last):
    assert told(game_of(Subclassed(last=last))) == []


def packaged():
    """Name -> function that makes a discriminator of the package."""
    networks = keras_gan.networks
    return {
        "MLP": lambda: networks.MLPDiscriminator((8, 8, 1)),
        "DCGAN": lambda: networks.DCGANDiscriminator((8, 8, 1), filters=4),
        "spectral": lambda: networks.DCGANDiscriminator(
            (8, 8, 1), filters=4, normalization="spectral"
        ),
        "R3GAN": lambda: networks.R3GANDiscriminator((8, 8, 1), widths=(8, 8)),
        "packed": lambda: networks.Packed(
            networks.MLPDiscriminator((8, 8, 2)), pack_size=2
        ),
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["MLP", "DCGAN", "spectral", "R3GAN", "packed"])
def test_no_network_of_the_package_gives_an_alarm(name, seed):
    keras.utils.set_random_seed(seed)
    gan = game_of(packaged()[name]())
    assert told(gan, 0.9 * images(16)) == []


@pytest.mark.parametrize("seed", range(3))
def test_class_logits_give_no_alarm(seed):
    """log Z of two new class logits is about log 2, and in [0, 1]."""
    keras.utils.set_random_seed(seed)
    gan = semi_supervised()
    assert told(gan, labels=np.arange(16) % 2) == []
