"""Bad input: a clear error before the first step, saying how to fix it."""

import math
import re
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.small import LARGER, SHAPE, assert_equal, dcgan, images, mlp, weights

import keras_gan
from keras_gan.callbacks import NonFiniteError
from keras_gan.models import SemiSupervisedGAN
from keras_gan.training import checks


def dataset(array, batch=16):
    return tf.data.Dataset.from_tensor_slices(array).batch(batch)


BAD_DATA = {
    "integers": (dataset(np.zeros((32, *SHAPE), "uint8")), r"uint8.* / 127\.5 - 1"),
    "nan": (dataset(np.full((32, *SHAPE), np.nan, "float32")), r"NaN.*\(0, 0, 0, 0\)"),
    "0 to 1": (dataset((images() + 1) / 2), r"images \* 2 - 1"),
    "0 to 255": (dataset((images() + 1) * 127), r"images / 127.5 - 1"),
    "shape": (
        dataset(images(shape=(4, 4, 1))),
        r"\(None, 4, 4, 1\).*\(batch, 8, 8, 1\)",
    ),
    "rank": (dataset(images()[..., 0]), r"discriminator takes \(batch, 8, 8, 1\)"),
    "array of integers": (np.full((32, *SHAPE), 200), r"int64.*value_range=\(0, 255"),
    "array in [0, 1]": ((images() + 1) / 2, r"value_range=\(0, 1\) if 0 is black"),
    "far beyond": (dataset(images() * 1.2), r"tanh can reach.*value_range="),
    "array with nan": (
        np.full((32, *SHAPE), np.nan, "float32"),
        r"\[0, 0, 0, 0\] = nan",
    ),
    "too few": (images(10), "batch_size=32 is larger than the data"),
    "a list": ([1.0, 2.0], "tf.data.Dataset.*Received: list"),
    "nothing": (None, "Received: NoneType"),
}


@pytest.mark.parametrize("name", BAD_DATA)
def test_data_that_a_game_cannot_be_played_on(name):
    data, message = BAD_DATA[name]
    gan = mlp()
    before = weights(gan)
    with pytest.raises(ValueError, match=message):
        gan.fit(data, verbose=0)
    assert_equal(before, weights(gan))


@pytest.mark.parametrize(
    ("kind", "white"), [("bool", 1), ("uint8", 255), ("uint16", 4095), ("int64", 9)]
)
def test_who_follows_the_advice_for_integers_can_train(kind, white):
    bits = np.random.default_rng(0).integers(0, 2, (32, *SHAPE))
    data = dataset((bits * white).astype(kind))
    with pytest.raises(ValueError, match=f"holds {kind}, but") as caught:
        mlp().fit(data, verbose=0)
    expression = str(caught.value).split("`")[1]

    def advised(images):
        return eval(expression, {"tf": tf, "images": images, "white": white})

    first = next(iter(data.map(advised))).numpy()
    assert (first.min(), first.max()) == (-1.0, 1.0)
    mlp().fit(data.map(advised), verbose=0)


AS_BYTES, AS_A_MASK = "/ 127.5 - 1`", "* 2 - 1`, since the first ones hold 0 and 1"
BOTH = r"/ 127.5 - 1` if 255 is white, or .* \* 2 / white - 1` if a smaller value is"


@pytest.mark.parametrize(
    ("high", "advice"),
    [(0, BOTH), (1, re.escape(AS_A_MASK)), (2, BOTH), (16, BOTH), (17, AS_BYTES)],
)
@pytest.mark.parametrize("kind", ["fit", "labelled part", "classify", "no game"])
def test_advice_for_bytes_is_by_what_the_first_ones_show(kind, high, advice):
    """A mask of 0 and 1 is black where 255 is white."""
    rows = np.zeros((32, *SHAPE), "uint8")
    rows[3] = high
    gan = make_gan(SemiSupervisedGAN, shape=SHAPE)
    labels = np.arange(32) % 3
    with pytest.raises(ValueError, match=f"uint8.*{advice}") as caught:
        if kind == "fit":
            mlp().fit(dataset(rows), verbose=0)
        elif kind == "labelled part":
            gan.fit(dataset((images(32), (rows, labels))), verbose=0)
        elif kind == "classify":
            gan.classify(rows)
        else:
            spec = tf.TensorSpec((None, *SHAPE)), tf.TensorSpec(rows.shape, "uint8")
            first = checks.first_of(dataset((images(32), rows)))
            checks.check_floats(spec, "The data", first)
    assert ("if 255" in str(caught.value)) == (advice == BOTH)


def test_advice_for_bytes_of_which_there_are_none_says_both():
    with pytest.raises(ValueError, match=BOTH):
        mlp().fit(dataset(np.zeros((0, *SHAPE), "uint8")), verbose=0)


def test_a_mask_in_bytes_by_the_advice_has_black_and_white():
    mask = (images() > 0).astype("uint8")
    with pytest.raises(ValueError, match="Map it with") as caught:
        mlp().fit(dataset(mask), verbose=0)
    mapped = eval(str(caught.value).split("`")[1], {"tf": tf, "images": mask}).numpy()
    assert set(np.unique(mapped)) == {-1.0, 1.0}


def test_vectors_are_not_checked_for_their_range():
    gan = mlp(shape=(3,))
    positive = np.random.default_rng(0).uniform(0, 1, (64, 3)).astype("float32")
    gan.fit(positive, verbose=0)
    gan.fit(dataset(positive), verbose=0)


def seen(batch, last="tanh"):
    """What is said of the first images of a data set: an error, a warning, or None."""
    network = generator([keras.layers.Activation(last)])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            checks.check_values(np.asarray(batch, "float32"), network, "The data")
        except ValueError as error:
            return "error", str(error)
    (said,) = told or [None]
    return (None, "") if said is None else ("warning", str(said.message))


def pair(low, high, count=8):
    """Images of all values `low`, but for one value."""
    batch = np.full((count, *SHAPE), float(low))
    batch[-1, 0, 0, 0] = high
    return batch


@pytest.mark.parametrize(
    ("batch", "kind", "said"),
    [
        (pair(-1, 1), None, ""),
        (pair(-1, 1.0009), None, ""),  # rounding
        (pair(-1.09, 1.02), "warning", "value_range=.*clips a little overshoot"),
        (pair(-1.2, 1), "error", "value_range="),
        (pair(-20, 255), "error", "If they are bytes"),
        (pair(0, 1), "error", "If 0 is black.*If -1 is.*value_range=.-1, 1."),
        (pair(0.2, 0.9), "error", "If 0 is black.*If -1 is.*value_range=.-1, 1."),
        (pair(0.2, 0.9, count=7), "warning", "If 0 is black.*If -1 is"),
        (pair(0.2, 0.9, count=1), "warning", "If 0 is black.*If -1 is"),
        (pair(0, 0), None, ""),  # black, in whichever range
        (pair(-1, -1), None, ""),
        (pair(255, 255), "error", "If they are bytes"),
        (pair(0, 4095, count=1), "error", "If they are bytes.*value_range="),
    ],
)
def test_the_range_of_the_first_images(batch, kind, said):
    found, text = seen(batch)
    assert found == kind and re.search(said, text)


def test_a_generator_that_can_reach_beyond_may_learn_it():
    assert seen(pair(-3, 3), last="linear") == (None, "")
    assert seen(pair(-0.2, 3), last="linear") == (None, "")
    assert seen(pair(0, 3), last="linear")[0] == "error"


def generator(last, shape=SHAPE):
    layers = [keras.layers.Dense(math.prod(shape)), keras.layers.Reshape(shape)]
    return keras.Sequential([keras.Input((5,)), *layers, *last])


def game_with(generator, shape=SHAPE):
    gan = keras_gan.models.GAN(
        generator,
        keras_gan.networks.MLPDiscriminator(shape),
        keras_gan.priors.Normal(5),
    )
    gan.compile()
    return gan


@pytest.mark.parametrize(
    "last",
    [
        [keras.layers.Activation("sigmoid")],
        [keras.layers.Activation("sigmoid"), keras.layers.Reshape(SHAPE)],
        [keras.layers.Dense(1, activation="hard_sigmoid")],
        [keras.layers.Activation("relu")],
        [keras.layers.Activation("softplus")],
    ],
    ids=["sigmoid", "reshaped", "hard_sigmoid", "relu", "softplus"],
)
def test_a_generator_of_images_that_is_never_negative(last):
    with pytest.raises(ValueError, match=r"never negative.*tanh.*images \* 2 - 1"):
        game_with(generator(last))


def test_a_sigmoid_that_is_mapped_to_minus_1_to_1_may_draw():
    last = [keras.layers.Activation("sigmoid"), keras.layers.Rescaling(2.0, -1.0)]
    gan = game_with(generator(last))
    gan.fit(dataset(images()), verbose=0)
    drawn = gan.sample(64, seed=0)
    assert -1 <= drawn.min() < -0.5 and 0.5 < drawn.max() <= 1


def test_a_sigmoid_generator_may_draw_vectors():
    gan = game_with(generator([keras.layers.Activation("sigmoid")], (3,)), (3,))
    gan.fit(dataset(images(shape=(3,)) / 2 + 0.5), verbose=0)


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        ((images() + 1) / 2, r"\[0.*1\].*images \* 2 - 1.*tanh"),
        ((images() + 1) * 127.5, r"images / 127.5 - 1"),
    ],
    ids=["0 to 1", "0 to 255"],
)
def test_images_of_another_range_for_a_generator_without_a_last_activation(data, mend):
    gan = game_with(generator([]))
    with pytest.raises(ValueError, match=mend):
        gan.fit(dataset(data), verbose=0)
    gan.fit(dataset(3 * images()), verbose=0)  # of mean 0, as standardised images are


def test_labels_beside_images_are_ignored_and_it_is_said():
    gan = mlp()
    labels = np.zeros(64, "int32")
    with pytest.warns(UserWarning, match="GAN is trained without conditions") as said:
        gan.fit(images(), labels, batch_size=16, verbose=0)
    assert len([w for w in said if "conditions" in str(w.message)]) == 1
    with pytest.warns(UserWarning, match="the labels beside the samples are ignored"):
        gan.fit(dataset((images(), labels)), verbose=0)
    assert int(gan.step.numpy()) == 8


def test_labels_that_a_family_uses_are_not_said_to_be_ignored():
    class Conditional(keras_gan.models.GAN):
        def split(self, data):
            return data[0], None

    gan = mlp()
    gan = Conditional(gan.generator, gan.discriminator, gan.prior)
    gan.compile()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*conditions")
        gan.fit(images(), np.zeros(64, "int32"), verbose=0)


def test_neither_labels_nor_a_batch_size_beside_a_dataset():
    with pytest.raises(ValueError, match="pass no batch_size beside it"):
        mlp().fit(dataset(images()), batch_size=4, verbose=0)
    with pytest.raises(ValueError, match="pass no y beside it"):
        mlp().fit(dataset(images()), np.zeros(64), verbose=0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"validation_steps": 3}, "validation_steps=3 has no effect without"),
        ({"validation_batch_size": 7}, "validation_batch_size=7 has no effect without"),
        ({"validation_freq": 2}, "validation_freq=2 has no effect without"),
        (
            {"validation_data": dataset(images(32)), "validation_batch_size": 7},
            "pass no validation_batch_size beside it",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_an_option_of_validation_that_has_no_effect(options, said):
    gan = mlp()
    with pytest.raises(ValueError, match=said):
        gan.fit(images(32), verbose=0, **options)
    assert int(gan.step.numpy()) == 0


def test_a_batch_size_beside_a_dataset_to_evaluate():
    gan = mlp()
    for given in ({"batch_size": 7}, {"y": np.zeros(64)}):
        with pytest.raises(ValueError, match=f"pass no {next(iter(given))} beside it"):
            gan.evaluate(dataset(images()), **given, verbose=0)


def test_sizes_of_arrays_and_of_datasets_side_by_side():
    """`batch_size` is of the array; validation data that are batches keep their own."""
    gan = mlp()
    batches = []

    class Count(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            batches.append(batch)

    def validated(data, **options):
        batches.clear()
        options = {"batch_size": 16, "callbacks": [Count()], "verbose": 0, **options}
        gan.fit(images(32), validation_data=data, **options)
        return len(batches)

    assert validated(dataset(images(32), 4)) == 8
    assert validated(images(32)) == 2
    assert validated(images(32), validation_batch_size=8) == 4
    assert validated(images(32), validation_steps=1) == 1


def test_an_order_that_data_of_their_own_order_do_not_take():
    data = keras_gan.datasets.load(images(32), 16)
    with pytest.raises(ValueError, match=r"shuffle=False has no effect.*datasets.load"):
        mlp().fit(data, shuffle=False, verbose=0)
    for own in (
        keras_gan.datasets.load(images(32), 16, shuffle=False),
        dataset(images(32)),
    ):
        mlp().fit(own, shuffle=False, verbose=0)


def test_too_few_minibatches_for_one_step():
    with pytest.raises(ValueError, match=r"5|discriminator_steps"):
        mlp(discriminator_steps=5).fit(images(), batch_size=32, verbose=0)
    with pytest.raises(ValueError, match="discriminator_steps=5 needs 5 minibatches"):
        mlp(discriminator_steps=5).fit(dataset(images(), 32), verbose=0)


def discriminator(*last):
    layers = [keras.layers.Flatten(), *last]
    return keras.Sequential([keras.Input(SHAPE), *layers])


@pytest.mark.parametrize(
    "last",
    [
        [keras.layers.Dense(1, activation="sigmoid")],
        [keras.layers.Dense(1), keras.layers.Activation("sigmoid")],
        [keras.layers.Dense(1, activation="sigmoid"), keras.layers.Reshape((1,))],
    ],
)
def test_a_discriminator_that_ends_in_a_sigmoid(last):
    with pytest.raises(ValueError, match="ends in sigmoid.*activation=None"):
        keras_gan.models.GAN(
            keras_gan.networks.MLPGenerator(SHAPE, 5),
            discriminator(*last),
            keras_gan.priors.Normal(5),
        )


@pytest.mark.parametrize(
    "last",
    [
        [keras.layers.Flatten(), keras.layers.Dense(2)],
        [keras.layers.Conv2D(2, 3)],
        [keras.layers.Flatten(), keras.layers.Dense(1), keras.layers.Reshape(())],
    ],
    ids=["two", "patches of two", "no channel"],
)
def test_a_discriminator_that_does_not_give_one_logit(last):
    wrong = keras.Sequential([keras.Input(SHAPE), *last])
    with pytest.raises(ValueError, match=r"\(batch, 1\).*width, 1\).*Received.*None"):
        keras_gan.models.GAN(
            keras_gan.networks.MLPGenerator(SHAPE, 5), wrong, keras_gan.priors.Normal(5)
        )


def test_a_map_of_logits_is_a_discriminator():
    patches = keras.Sequential([keras.Input(SHAPE), keras.layers.Conv2D(1, 3)])
    prior = keras_gan.priors.Normal(5)
    gan = keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator(SHAPE, 5), patches, prior
    )
    gan.compile()
    gan.fit(dataset(images()), verbose=0)


def test_networks_in_the_wrong_order():
    networks = keras_gan.networks
    with pytest.raises(ValueError, match="are swapped.*width 5.*takes \\(8, 8, 1\\)"):
        keras_gan.models.GAN(
            networks.MLPDiscriminator(SHAPE),
            networks.MLPGenerator(SHAPE, 5),
            keras_gan.priors.Normal(5),
        )


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"prior": keras_gan.priors.Normal(4)}, ValueError, "width 4.*shape \\(5,\\)"),
        ({"prior": "normal"}, TypeError, "priors.Normal"),
        ({"generator": "mlp"}, TypeError, "generator is a keras.Model"),
        ({"ema_decay": 1.0}, ValueError, "ema_decay"),
        ({"seed": -1}, ValueError, "seed=-1"),
        ({"generator": "other size"}, ValueError, r"\(4, 4, 1\).*\(8, 8, 1\)"),
        ({"discriminator": "unbuilt"}, ValueError, "no weights yet"),
    ],
)
def test_parts_that_do_not_fit(change, error, message):
    parts = {
        "generator": keras_gan.networks.MLPGenerator(SHAPE, 5),
        "discriminator": keras_gan.networks.MLPDiscriminator(SHAPE),
        "prior": keras_gan.priors.Normal(5),
    }
    if change.get("generator") == "other size":
        change = {"generator": keras_gan.networks.MLPGenerator((4, 4, 1), 5)}
    if change.get("discriminator") == "unbuilt":
        change = {"discriminator": keras.Sequential([keras.layers.Dense(1)])}
    with pytest.raises(error, match=message):
        keras_gan.models.GAN(**{**parts, **change})


SHARED = keras.optimizers.SGD(0.1)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"loss": "wasserstien"}, r"Did you mean wasserstein\? The loss names"),
        ({"loss": "xyz"}, r"Unknown loss 'xyz'\. The loss names are f_div"),
        ({"updates": "both"}, "alternating"),
        ({"latents": "new"}, "fresh"),
        ({"discriminator_steps": 0}, "at least 1"),
        ({"discriminator_steps": 2, "updates": "simultaneous"}, "alternating"),
        (
            {"penalties": keras_gan.penalties.R1()},
            r"is a list. Received: R1. Pass \[R1\(\)\]",
        ),
        ({"penalties": "r1"}, r"Received: str. Pass \['r1'\]"),
        ({"penalties": None}, r"Received: NoneType. Pass \[\]"),
        ({"penalties": ["r1", "r1"]}, "logged as 'r1'"),
        ({"metrics": ["accuracy"]}, "update_state"),
        (
            {"generator_optimizer": SHARED, "discriminator_optimizer": SHARED},
            "pass a new optimizer",
        ),
    ],
)
def test_rules_that_do_not_exist(rules, message):
    with pytest.raises(ValueError, match=message):
        mlp(**rules)


def test_latents_of_the_wrong_width():
    with pytest.raises(ValueError, match=r"\(batch, 5\).*\(2, 4\)"):
        mlp()(np.zeros((2, 4), "float32"))


@pytest.mark.parametrize("arguments", [(0,), (2.5,), (2, -1), (2, 0, 0)])
def test_sample_arguments(arguments):
    with pytest.raises(ValueError, match="Received"):
        mlp().sample(*arguments)


def test_fit_before_compile():
    with pytest.raises(ValueError, match="compile"):
        mlp(compiled=False).fit(images(), verbose=0)


def test_xla_under_two_replicas(two_replicas):
    with two_replicas.scope(), pytest.raises(ValueError, match="jit_compile"):
        mlp(jit_compile=True)


def test_nan_stops_training_and_keeps_the_last_good_checkpoint(tmp_path):
    gan = dcgan(
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
    )
    checkpoint = keras.callbacks.ModelCheckpoint(str(tmp_path / "gan.keras"))
    gan.fit(
        images(shape=LARGER), batch_size=16, epochs=1, verbose=0, callbacks=[checkpoint]
    )
    good = (tmp_path / "gan.keras").read_bytes()
    kernel = gan.discriminator.trainable_variables[0]
    kernel.assign(kernel * np.nan)
    with pytest.raises(NonFiniteError, match="d_loss became nan at step 5"):
        gan.fit(
            images(shape=LARGER),
            batch_size=16,
            epochs=1,
            verbose=0,
            callbacks=[checkpoint],
        )
    assert (tmp_path / "gan.keras").read_bytes() == good


def test_unknown_settings_of_compile_and_evaluate_are_refused():
    with pytest.raises(ValueError, match="steps_per_execution='x'"):
        mlp(steps_per_execution="x")
    with pytest.raises(ValueError, match="jit_compile is True"):
        mlp(jit_compile="yes")
    with pytest.raises(TypeError, match="no argument 'sample_weight'"):
        mlp().evaluate(np.zeros((4, 8, 8, 1), "float32"), sample_weight=1)
