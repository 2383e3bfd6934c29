"""A last activation is seen however it is written: layer, operation, under Dropout."""

import functools
import re
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.pace import only
from helpers.small import images, semi_supervised
from keras import layers, ops

import keras_gan
from keras_gan.training import activations, backbone, classification

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
    "a layer as argument": (
        lambda x: layers.Dense(1, activation=layers.ReLU())(x),
        "relu",
    ),
    "TensorFlow's": (lambda x: layers.Dense(1, activation=tf.nn.sigmoid)(x), "sigmoid"),
    "ELU layer": (lambda x: layers.ELU()(layers.Dense(1)(x)), "elu"),
    **{
        name: (lambda x, name=name: layers.Dense(1, name)(x), name)
        for name in (
            *("sparse_sigmoid", "softsign", "hard_tanh", "relu6", "squareplus"),
            *("log_sigmoid", "selu", "silu", "gelu", "mish"),
        )
    },
    **{
        f"{name} operation": (
            lambda x, name=name: getattr(ops, name)(layers.Dense(1)(x)),
            name,
        )
        for name in ("sparse_sigmoid", "softsign", "hard_tanh", "log_softmax", "celu")
    },
}
NONE = {
    "plain": lambda x: layers.Dense(1)(x),
    "linear": lambda x: layers.Activation("linear")(layers.Dense(1)(x)),
    "leaky": lambda x: layers.ReLU(negative_slope=0.2)(layers.Dense(1)(x)),
    "of another alpha": lambda x: layers.ELU(9.0)(layers.Dense(1)(x)),
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
    assert activations.last_activation(discriminator) == name
    with pytest.raises(ValueError, match=rf"discriminator ends in {name}.*=None\)"):
        keras_gan.models.GAN(
            keras_gan.networks.MLPGenerator((6,), 4),
            discriminator,
            keras_gan.priors.Normal(4),
        )


@pytest.mark.parametrize("kind", NONE)
def test_what_is_none_is_taken(kind):
    discriminator = network(NONE[kind])
    assert activations.last_activation(discriminator) in (None, "linear")
    keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator((6,), 4),
        discriminator,
        keras_gan.priors.Normal(4),
    )


@pytest.mark.parametrize("name", sorted(activations.LIMITS))
def test_the_limits_are_those_of_keras(name):
    """To 0.01: of numbers from -300 to 300 softsign comes to 0.997."""
    grid = np.linspace(-300, 300, 600_001).astype("float32")
    function = keras.activations.get(name)
    if name in ("softmax", "sparsemax", "log_softmax"):  # of two numbers
        grid = np.stack([grid, -grid], axis=-1)
    with np.errstate(all="ignore"):
        found = np.asarray(function(keras.ops.convert_to_tensor(grid)))
    low, high = activations.LIMITS[name]
    for limit, reached in ((low, found.min()), (high, found.max())):
        if np.isfinite(limit):
            assert reached == pytest.approx(limit, abs=0.01)
        else:
            assert abs(reached) > 100


def game_of_a_generator(end):
    inputs = keras.Input((4,))
    images = layers.Reshape((4, 4, 1))(end(layers.Dense(16)(inputs)))
    return keras_gan.models.GAN(
        keras.Model(inputs, layers.Dropout(0.1)(images)),
        keras_gan.networks.MLPDiscriminator((4, 4, 1)),
        keras_gan.priors.Normal(4),
    )


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("sigmoid", "never negative"),
        ("sparse_sigmoid", "never negative"),
        ("silu", r"never below -0\.28"),
        ("log_sigmoid", "never positive"),
    ],
)
def test_a_generator_of_images_that_cannot_reach_all(name, limits):
    with pytest.raises(ValueError, match=f"makes images and ends in {name}.* {limits}"):
        game_of_a_generator(getattr(ops, name))


@pytest.mark.parametrize("name", ["tanh", "hard_tanh", "softsign", "elu", "relu6"])
def test_a_generator_of_images_that_can(name):
    """And what reaches [-1, 1] only is told of images beyond it."""
    low, high = activations.LIMITS[name]
    if low == 0:
        with pytest.raises(ValueError, match=f"ends in {name}"):
            game_of_a_generator(getattr(ops, name))
        return
    gan = game_of_a_generator(getattr(ops, name))
    gan.compile()
    data = tf.data.Dataset.from_tensor_slices(2 * images(16, (4, 4, 1))).batch(8)
    if high == 1:
        with pytest.raises(ValueError, match="can reach"):
            gan.fit(data, verbose=0)
    else:
        gan.fit(data, verbose=0)


@keras.saving.register_keras_serializable("test_last_activation")
class Scaled(layers.Layer):
    """Twice the input plus its activation, so that `activation` is not its end."""

    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def call(self, x):
        return 2 * x + self.activation(x)


def relu(x):
    """A leaky one, by the name of another."""
    return ops.maximum(0.1 * x, x)


@pytest.mark.parametrize(
    "end",
    [
        lambda x: Scaled()(layers.Dense(1)(x)),
        lambda x: layers.Dense(1, activation=relu)(x),
        lambda x: layers.Dense(1, activation=lambda x: 3 * x)(x),
    ],
    ids=["a layer", "a function", "a lambda"],
)
def test_what_is_not_of_keras_is_not_judged_by_its_names(end):
    discriminator = network(end)
    assert activations.last_activation(discriminator) not in activations.LIMITS
    assert activations.last_activation(discriminator) != "linear"
    gan = game_of(discriminator, (6,))
    assert told(gan, images(16, (6,))) == []


def test_a_head_says_which_function_it_ends_in():
    head = keras.Sequential([keras.Input((4,)), layers.Dense(2, activation=relu)])
    with pytest.raises(ValueError, match="head ends in relu of .*test_last_activation"):
        backbone.check_head(head, "head", (4,), 2, "Two.")


def test_class_logits_that_are_never_negative_are_refused():
    inputs = keras.Input((6,))
    hidden = layers.Dense(4)(inputs)
    logits = layers.Dense(3, activation="sparse_sigmoid")(hidden)
    with pytest.raises(ValueError, match="class logits .* end in sparse_sigmoid"):
        classification.check_outputs(keras.Model(inputs, [logits, hidden]))


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
            size = None if isinstance(rows, tf.data.Dataset) else 16
            gan.fit(rows, labels, batch_size=size, verbose=0)
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
        (ops.log_sigmoid, "a logarithm: .* never positive"),
        (lambda x: -ops.relu(x), "a logarithm"),
        (ops.tanh, r"a tanh: .* never beyond \[-1, 1\]"),
        (ops.softsign, "a tanh"),
    ],
    ids=[
        *("sigmoid", "softmax", "hard_sigmoid", "relu", "softplus"),
        *("log_sigmoid", "-relu", "tanh", "softsign"),
    ],
)
def test_a_last_activation_that_no_layer_shows_is_warned_of_once(end, kind):
    keras.utils.set_random_seed(0)
    gan = game_of(Subclassed(end))
    (said,) = told(gan, times=2)
    assert re.search(f"looks like {kind}.*Remove the last activation", said)


def squash(x):
    return 1 / (1 + ops.exp(-x))


@pytest.mark.parametrize(
    "activation",
    [lambda x: ops.sigmoid(x), squash, functools.partial(ops.softmax, axis=-1)],
    ids=["lambda", "function", "partial"],
)
def test_a_function_of_ones_own_is_looked_at(activation):
    inputs = keras.Input((8, 8, 1))
    last = layers.Dense(1, activation=activation)(layers.Flatten()(inputs))
    (said,) = told(game_of(keras.Model(inputs, last)))
    assert "discriminator's last activation looks like a sigmoid" in said


def test_one_of_several_discriminators_is_looked_at_by_itself():
    """The other one's logits have both signs."""

    class Two(keras_gan.models.GAN):
        def discriminate(self, samples, side, training, seed=None):
            logits = super().discriminate(samples, side, training, seed)
            return {"plain": logits, "squashed": ops.sigmoid(logits)}

        def _end_is_seen(self):
            return False

    gan = Two(
        keras_gan.networks.MLPGenerator((8, 8, 1), 4, widths=(6,)),
        keras_gan.networks.MLPDiscriminator((8, 8, 1)),
        keras_gan.priors.Normal(4),
    )
    gan.compile()
    (said,) = told(gan)
    assert "looks like a sigmoid" in said


def test_the_look_changes_nothing():
    """The run is that of a game which is not looked at, to the bit."""
    keras.utils.set_random_seed(0)
    gan = game_of(Subclassed(ops.sigmoid))
    twin = game_of(Subclassed(ops.sigmoid))
    twin.set_weights(gan.get_weights())
    twin._ends_looked_at = True
    assert len(told(gan)) == 1 and told(twin) == []
    for one, other in zip(gan.weights, twin.weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
@pytest.mark.parametrize("normalization", only([True], [False, True]))
def test_a_new_discriminator_gives_no_alarm(normalization):
    """Though its logits of similar images are of one sign, and often small."""
    rows = 0.9 + 0.1 * images(16)
    rows[0, 0, 0, 0] = -1  # or they might be images in [0, 1]
    suspicious = 0
    for seed in range(6):
        keras.utils.set_random_seed(seed)
        gan = game_of(Subclassed(normalization=normalization))
        suspicious += (gan.discriminator(rows).numpy() >= 0).all()
        assert told(gan, rows) == []
    assert suspicious >= 1


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


@pytest.mark.parametrize("seed", only([0], range(3)))
@pytest.mark.parametrize("name", ["MLP", "DCGAN", "spectral", "R3GAN", "packed"])
def test_no_network_of_the_package_gives_an_alarm(name, seed):
    keras.utils.set_random_seed(seed)
    gan = game_of(packaged()[name]())
    assert told(gan, 0.9 * images(16)) == []


@pytest.mark.parametrize("seed", only([0], range(3)))
def test_class_logits_give_no_alarm(seed):
    """log Z of two new class logits is about log 2, and in [0, 1]."""
    keras.utils.set_random_seed(seed)
    gan = semi_supervised()
    assert told(gan, labels=np.arange(16) % 2) == []


# Of a generator -----------------------------------------------------------------------


class SubclassedGenerator(keras.Model):
    """A generator without a graph of layers: (batch, 4) -> (batch, 8, 8, 1)."""

    def __init__(self, end=ops.tanh, initializer="glorot_uniform"):
        super().__init__()
        self.last = layers.Dense(64, kernel_initializer=initializer)
        self.end = end
        self(np.zeros((1, 4), "float32"))

    def call(self, latents, training=False):
        return ops.reshape(self.end(self.last(latents)), (-1, 8, 8, 1))


def functional_generator(end):
    inputs = keras.Input((4,))
    drawn = ops.reshape(end(layers.Dense(64)(inputs)), (-1, 8, 8, 1))
    return keras.Model(inputs, drawn)


def generating(generator):
    keras.utils.set_random_seed(0)
    gan = keras_gan.models.GAN(
        generator,
        keras_gan.networks.MLPDiscriminator((8, 8, 1)),
        keras_gan.priors.Normal(4),
    )
    gan.compile()
    return gan


@pytest.mark.parametrize(
    ("generator", "kind"),
    [
        (lambda: SubclassedGenerator(ops.sigmoid), "a sigmoid: .* are never negative"),
        (
            lambda: SubclassedGenerator(lambda x: 0.01 * ops.relu(x)),
            "a ReLU: .* between 0",
        ),
        (lambda: SubclassedGenerator(ops.log_sigmoid), "a logarithm"),
        (lambda: functional_generator(squash), "a sigmoid"),
        (lambda: functional_generator(lambda x: ops.clip(x, 0, 1)), "a sigmoid"),
    ],
    ids=["sigmoid", "ReLU", "log", "functional", "clipped"],
)
def test_a_generator_that_never_goes_below_0_is_warned_of_once(generator, kind):
    (said,) = told(generating(generator()), times=2)
    assert re.search(
        f"generator's last activation looks like {kind}.*End in tanh", said
    )


@pytest.mark.parametrize(
    "generator",
    [
        SubclassedGenerator,
        lambda: SubclassedGenerator(lambda x: x),
        lambda: SubclassedGenerator(lambda x: 2 * ops.sigmoid(x) - 1),
        lambda: SubclassedGenerator(initializer="zeros"),  # which draws zeros
        lambda: functional_generator(lambda x: ops.clip(x, -1, 1)),
    ],
    ids=["tanh", "linear", "mapped", "zeros", "clipped"],
)
def test_a_generator_that_does_gives_no_alarm(generator):
    assert told(generating(generator())) == []


def test_bright_images_say_nothing_of_a_generator():
    """Of few that are above 0 it is not known whether they may be below it."""
    rows = 0.5 + 0.4 * images(4)
    gan = generating(SubclassedGenerator(ops.sigmoid))
    assert told(gan, tf.data.Dataset.from_tensor_slices(rows).batch(4)) == []


def test_vectors_of_a_generator_may_be_positive():
    inputs = keras.Input((4,))
    gan = keras_gan.models.GAN(
        keras.Model(inputs, squash(layers.Dense(6)(inputs))),
        keras_gan.networks.MLPDiscriminator((6,)),
        keras_gan.priors.Normal(4),
    )
    gan.compile()
    assert told(gan, images(16, (6,))) == []


def test_the_look_at_a_generator_changes_nothing():
    gan, twin = (generating(SubclassedGenerator(ops.sigmoid)) for _ in range(2))
    twin.set_weights(gan.get_weights())
    twin._ends_looked_at = True
    assert len(told(gan)) == 1 and told(twin) == []
    for one, other in zip(gan.weights, twin.weights, strict=True):
        np.testing.assert_array_equal(one, other)
