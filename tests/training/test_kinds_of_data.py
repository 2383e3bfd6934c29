"""What is no image, and what is no data: taken as it is, or refused in words."""

import math
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.small import SHAPE, assert_equal, images, mlp, weights

import keras_gan
from keras_gan import datasets
from keras_gan.models import GAN, ConditionalGAN

SEQUENCES = {
    "sequences": (10, 2),
    "one channel": (128, 1),
    "rows": (12, 12),
    "video": (3, 8, 8, 1),
    "volumes": (2, 3, 4, 5, 2),
}


def game_on(shape):
    """A game on samples of any shape."""
    layers = [keras.layers.Dense(math.prod(shape)), keras.layers.Reshape(shape)]
    generator = keras.Sequential([keras.Input((4,)), *layers])
    layers = [keras.layers.Flatten(), keras.layers.Dense(1)]
    discriminator = keras.Sequential([keras.Input(shape), *layers])
    gan = GAN(generator, discriminator, keras_gan.priors.Normal(4), seed=2)
    gan.compile()
    return gan


def samples(shape, count=96):
    """Of a range that no image has."""
    return np.random.default_rng(0).normal(3, 5, (count, *shape)).astype("float32")


@pytest.mark.parametrize("shape", SEQUENCES.values(), ids=SEQUENCES)
def test_samples_that_the_networks_take_are_no_images(shape):
    array, seen = samples(shape), []

    class Seen(GAN):
        def check_data(self, dataset, name):
            seen.extend(batch.numpy() for batch in dataset)

    gan = game_on(shape)
    gan = Seen(gan.generator, gan.discriminator, gan.prior, seed=2)
    gan.compile()
    gan.fit(array, batch_size=40, verbose=0, validation_data=array)
    assert int(gan.step.numpy()) == 2  # of 40, and a rest of 16
    trained, validated = np.concatenate(seen[:2]), np.concatenate(seen[2:5])
    np.testing.assert_array_equal(validated, array)  # as they are, in order
    row_of = {row.tobytes(): index for index, row in enumerate(array)}
    rows = [row_of[row.tobytes()] for row in trained]
    assert len(set(rows)) == 80 and rows != sorted(rows)
    assert gan.sample(3, seed=0).shape == (3, *shape)


def test_labels_go_with_their_sequences():
    array = samples((10, 2), 12)
    source = keras_gan.datasets.arrays.ArraySource(array, np.arange(12), plain=True)
    np.testing.assert_array_equal(source.read(np.array([7, 2])), array[[7, 2]])
    assert source.labels.tolist() == list(range(12)) and source.item_shape == (10, 2)
    other = keras_gan.datasets.arrays.ArraySource(array + 1, np.arange(12), plain=True)
    assert other.fingerprint != source.fingerprint


def test_grey_images_may_lack_their_channel():
    gan = mlp()
    gan.fit(images()[..., 0], batch_size=32, verbose=0)
    assert int(gan.step.numpy()) == 2


def test_integers_that_are_no_image():
    with pytest.raises(ValueError, match="must be floats.*int64"):
        game_on((10, 2)).fit(np.zeros((64, 10, 2), "int64"), verbose=0)


@pytest.mark.parametrize("shape", [(10, 2), (3, 8, 8, 1), (8, 8, 3), (8, 9), (5,), ()])
@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_an_array_of_another_shape_is_told_so_and_not_of_its_range(shape, method):
    what = {"fit": "training", "evaluate": "evaluation"}[method]
    given = str((96, *shape)).replace("(", r"\(").replace(")", r"\)")
    message = rf"The {what} data is an array of shape {given}, but .* \(n, 8, 8, 1\)"
    with pytest.raises(ValueError, match=message):
        getattr(mlp(), method)(samples(shape), verbose=0)


# Data sets of unknown shape -----------------------------------------------------------


def rows(batch=16):
    return tf.data.Dataset.from_tensor_slices(images()).batch(batch)


def by_python(value):
    return tf.py_function(lambda x: x, [value], tf.float32)


UNKNOWN = {
    "py_function": lambda: rows().map(by_python),
    "py_function before the batch": lambda: rows().unbatch().map(by_python).batch(16),
    "generator": lambda: tf.data.Dataset.from_generator(
        lambda: iter(images()), output_types=tf.float32
    ).batch(16),
}


@pytest.mark.parametrize("make", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_batches_of_unknown_shape(make, method):
    message = r"unknown shape.*py_function.*ensure_shape\(x, \(None, 8, 8, 1\)\)"
    with pytest.raises(ValueError, match=message):
        getattr(mlp(), method)(make(), verbose=0)


def test_what_is_told_of_unknown_shapes_helps():
    gan = mlp()
    data = UNKNOWN["py_function"]()
    gan.fit(data.map(lambda x: tf.ensure_shape(x, (None, 8, 8, 1))), verbose=0)
    assert int(gan.step.numpy()) == 4


def conditional(class_names=None):
    networks = keras_gan.networks
    gan = ConditionalGAN(
        networks.ConditionalMLPGenerator(SHAPE, 4, num_classes=3, widths=(4,)),
        networks.ConditionalMLPDiscriminator(SHAPE, num_classes=3, widths=(4,)),
        keras_gan.priors.Normal(4),
        num_classes=3,
        class_names=class_names,
    )
    gan.compile()
    return gan


def test_labels_of_unknown_shape():
    labels = tf.data.Dataset.from_tensor_slices(np.zeros(64, "int32")).batch(16)
    labels = labels.map(lambda y: tf.py_function(lambda y: y, [y], tf.int32))
    data = tf.data.Dataset.zip((rows(), labels))
    with pytest.raises(ValueError, match=r"labels of unknown.*ensure_shape\(y, \(None"):
        conditional().fit(data, verbose=0)
    told = data.map(lambda x, y: (x, tf.ensure_shape(y, (None,))))
    conditional().fit(told, verbose=0)


def of_sizes(*sides):
    def generate():
        for side in sides:
            yield np.linspace(-1, 1, 16 * side**2).reshape(16, side, side, 1)

    spec = tf.TensorSpec((None, None, None, 1))
    return tf.data.Dataset.from_generator(generate, output_signature=spec)


@pytest.mark.parametrize("sides", [(9, 9), (8, 8, 9)], ids=str)
def test_sizes_that_the_discriminator_does_not_take(sides):
    gan = mlp()
    before = weights(gan)
    message = r"shape \(16, 9, 9, 1\), but the discriminator takes \(batch, 8, 8, 1\)"
    with pytest.raises(ValueError, match=message):
        gan.fit(of_sizes(*sides), verbose=0)
    assert_equal(before, weights(gan))


def test_sizes_that_vary_for_a_discriminator_of_any_size():
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(64, activation="tanh"),
            keras.layers.Reshape(SHAPE),
        ]
    )
    layers = [keras.layers.Conv2D(2, 3), keras.layers.GlobalAveragePooling2D()]
    discriminator = keras.Sequential(
        [keras.Input((None, None, 1)), *layers, keras.layers.Dense(1)]
    )
    gan = GAN(generator, discriminator, keras_gan.priors.Normal(4))
    gan.compile()
    gan.fit(of_sizes(8, 9, 12), verbose=0)
    assert int(gan.step.numpy()) == 3


def test_a_tuple_of_samples_alone_has_no_labels():
    gan = mlp()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*labels beside")
        gan.fit(rows().map(lambda x: (x,)), verbose=0)
    assert int(gan.step.numpy()) == 4


# What is no array ---------------------------------------------------------------------


class Frame:
    """As pandas' and polars' frames."""

    def __init__(self, values):
        self._values = values

    def to_numpy(self, dtype=None):
        return self._values.astype(dtype)


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (list(images()), r"Received: list. If its parts are samples, pass np.stack"),
        (tuple(images()), r"Received: tuple. If its parts are samples, pass np.stack"),
        ([images(1)[0], np.zeros((9, 8, 1))], r"\(8, 8, 1\) and \(9, 8, 1\).*resize"),
        ((images(), np.zeros(64, "int32")), r"two arguments, fit\(x, y\)"),
        (Frame(samples((3,))), r"Received: Frame. Pass x.to_numpy\('float32'\)"),
        ([1.0, 2.0], "Received: list.$"),
        ([], "Received: list.$"),
        (iter(images()), r"shape \(None, 8, 1\), but the discriminator takes \(batch"),
    ],
    ids=["list", "tuple", "sizes", "pair", "frame", "numbers", "empty", "iterator"],
)
def test_data_that_are_no_array(data, mend):
    with pytest.raises(ValueError, match=mend):
        mlp().fit(data, verbose=0)


def test_what_is_told_of_a_frame_helps():
    gan = game_on((3,))
    gan.fit(Frame(samples((3,)).astype("float64")).to_numpy("float32"), verbose=0)


# Networks that give something else ----------------------------------------------------


def heads(make):
    inputs = keras.Input(SHAPE)
    flat = keras.layers.Flatten()(inputs)
    outputs = [keras.layers.Dense(1)(flat), keras.layers.Dense(3)(flat)]
    return keras.Model(inputs, make(*outputs))


@pytest.mark.parametrize(
    ("make", "received"),
    [
        (lambda logit, other: [logit, other], r"list of shapes .*\(None, 3\)"),
        (lambda logit, other: {"logit": logit}, r"dict of shapes {'logit': \(\w*, 1"),
    ],
    ids=["two", "dict"],
)
def test_a_discriminator_of_several_outputs(make, received):
    with pytest.raises(ValueError, match=f"one tensor, logits. Received: .*{received}"):
        gan = GAN(
            keras_gan.networks.MLPGenerator(SHAPE, 4),
            heads(make),
            keras_gan.priors.Normal(4),
        )
        gan.compile()
        gan.fit(images(), verbose=0)  # where Keras tells it only when it is called


def test_a_generator_of_several_outputs():
    inputs = keras.Input((4,))
    flat = keras.layers.Dense(64)(inputs)
    generator = keras.Model(inputs, [keras.layers.Reshape(SHAPE)(flat), flat])
    with pytest.raises(
        ValueError, match="one tensor, samples. Received: one that gives"
    ):
        GAN(
            generator,
            keras_gan.networks.MLPDiscriminator(SHAPE),
            keras_gan.priors.Normal(4),
        )


class Pair(keras.Model):
    """A network of two outputs, which are known when it is called only."""

    def __init__(self, shape):
        super().__init__()
        self.dense = keras.layers.Dense(math.prod(shape))
        self.flat = keras.layers.Flatten()
        self.reshape = keras.layers.Reshape(shape)

    def call(self, inputs):
        made = self.reshape(self.dense(self.flat(inputs)))
        return made, made


@pytest.mark.parametrize("which", ["generator", "discriminator"])
def test_a_subclassed_network_of_several_outputs_before_the_first_step(which):
    networks = {
        "generator": keras_gan.networks.MLPGenerator(SHAPE, 4),
        "discriminator": keras_gan.networks.MLPDiscriminator(SHAPE),
    }
    networks[which] = Pair(SHAPE if which == "generator" else (1,))
    networks[which](np.zeros((1, 4) if which == "generator" else (1, *SHAPE), "f4"))
    gan = GAN(**networks, prior=keras_gan.priors.Normal(4))
    gan.compile()
    before = weights(gan)
    with pytest.raises(ValueError, match=f"The {which} of GAN gives one.*a tuple of"):
        gan.fit(images(), verbose=0)
    assert_equal(before, weights(gan))


class Own(keras.Model):
    """A generator of ones own, built by its first call."""

    def __init__(self, units=64, **options):
        super().__init__(**options)
        self.dense = keras.layers.Dense(units, activation="tanh")
        self.reshape = keras.layers.Reshape(SHAPE)

    def call(self, latents):
        return self.reshape(self.dense(latents))


class Narrow(Own):
    """One whose config its constructor does not take."""

    def __init__(self):
        super().__init__()


class Wrapping(keras.Model):
    """One without a config of its own."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def call(self, latents):
        return self.network(latents)


def with_average(generator):
    generator(np.zeros((1, 4), "float32"))
    gan = GAN(
        generator,
        keras_gan.networks.MLPDiscriminator(SHAPE),
        keras_gan.priors.Normal(4),
        ema_decay=0.9,
    )
    gan.compile()
    return gan


def test_an_average_of_a_subclassed_generator():
    gan = with_average(Own())
    assert_equal(gan.ema_generator.get_weights(), gan.generator.get_weights())
    assert gan.ema_generator is not gan.generator
    gan.fit(images(), verbose=0)
    one, other = (n.get_weights()[0] for n in (gan.ema_generator, gan.generator))
    assert np.abs(one - other).max() > 0
    latents = gan.prior(3, np.array([1, 2], "int32"))
    expected = gan.ema_generator(latents)
    np.testing.assert_array_equal(gan(latents), expected)


@pytest.mark.parametrize(
    "make", [Narrow, lambda: Wrapping(Own())], ids=["args", "none"]
)
def test_a_generator_that_cannot_be_copied(make):
    with pytest.raises(
        ValueError, match=r"config does not make one.*\*\*kwargs.*=None"
    ):
        with_average(make())


# Conditions ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [1.5, [1, 2.5], {"a": 1}, object(), True, [None, 1]],
    ids=lambda found: type(found).__name__,
)
def test_a_condition_that_is_no_class(condition):
    message = r"condition is one class for all .* integers from 0 to 2\. Rec"
    with pytest.raises(ValueError, match=message) as error:
        conditional().sample(2, condition=condition)
    assert "astype" not in str(error.value) and repr(condition) in str(error.value)
    with pytest.raises(ValueError, match="from 0 to 2, or names: car, ship, dog. Rec"):
        conditional(["car", "ship", "dog"]).sample(2, condition=condition)


@pytest.mark.parametrize("condition", ["ship", b"ship", ["ship", "car"]], ids=str)
def test_a_condition_by_name(condition):
    with pytest.raises(ValueError, match="classes have none: they are numbers from 0"):
        conditional().sample(2, condition=condition)
    assert conditional(["car", "ship", "dog"]).sample(2, condition=condition).size


def test_labels_that_are_texts_are_told_how_to_be_numbers():
    labels = np.array(["car", "ship"] * 32)
    data = tf.data.Dataset.from_tensor_slices((images(), labels)).batch(16)
    with pytest.raises(ValueError, match="return_inverse=True") as error:
        conditional().fit(data, verbose=0)
    assert "astype" not in str(error.value)


# Files --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["forged.npz", "forged.npy"])
@pytest.mark.parametrize(
    "content",
    [b"", b"text", b"PK\x03\x04" + bytes(90), b"\x93NUMPY" + bytes(90), bytes(200)],
    ids=["empty", "text", "zip", "npy", "zeros"],
)
def test_a_forged_file_of_arrays_is_named(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError) as error:
        datasets.load(tmp_path / name, 4)
    message = str(error.value)
    assert message.startswith(str(tmp_path / name)) and "Python objects" not in message


@pytest.mark.parametrize("name", ["x.h5", "x", "x.weights.h5"])
def test_a_file_that_is_no_keras_file_is_not_written(tmp_path, name):
    with pytest.raises(ValueError, match=r"ends in '.keras'. .*save_to_preset\(folder"):
        mlp().save(tmp_path / name)
    assert not list(tmp_path.iterdir())
