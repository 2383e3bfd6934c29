"""Every minibatch of a data set is looked at, not the first ones alone."""

import itertools
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.pace import only
from helpers.small import SHAPE, assert_equal, images, semi_supervised

from keras_gan import models, networks, priors
from keras_gan.callbacks import BackupAndRestore
from keras_gan.saving import checkpoints
from keras_gan.training import minibatches

X = images(96)
ROWS = 16  # of a minibatch: 6 of them
BAD = 5  # of the minibatches, counted from 1: 4 of them are looked at beforehand


def plain(**rules):
    keras.utils.set_random_seed(0)
    gan = models.GAN(
        networks.MLPGenerator(SHAPE, 4, widths=(6,)),
        networks.MLPDiscriminator(SHAPE, widths=(6,)),
        priors.Normal(4),
    )
    gan.compile(**rules)
    return gan


def conditional(num_classes=3, **rules):
    keras.utils.set_random_seed(0)
    gan = models.ConditionalGAN(
        networks.ConditionalMLPGenerator(SHAPE, 4, num_classes, widths=(6,)),
        networks.ConditionalMLPDiscriminator(SHAPE, num_classes, widths=(6,)),
        priors.Normal(4),
        num_classes,
    )
    gan.compile(**rules)
    return gan


def batched(rows, size=ROWS):
    return tf.data.Dataset.from_tensor_slices(rows).batch(size)


def with_pixel(value, batch=BAD):
    rows = X.copy()
    rows[(batch - 1) * ROWS + 3, 1, 2, 0] = value
    return rows


def with_label(label, dtype="int64", batch=BAD, classes=3):
    labels = (np.arange(len(X)) % classes).astype(dtype)
    labels[(batch - 1) * ROWS + 3] = label
    return labels


def without_rows(batch=BAD):
    """A minibatch of which a filter left nothing."""

    def left(number, rows):
        return rows[: tf.where(number == batch - 1, 0, ROWS)]

    return batched(X).enumerate().map(left)


def of_shapes(*shapes):
    parts = [images(ROWS, shape) for shape in shapes]
    spec = tf.TensorSpec((None, None, None, 1), tf.float32)
    return tf.data.Dataset.from_generator(lambda: iter(parts), output_signature=spec)


LATE = {
    "nan": (plain, lambda: batched(with_pixel(np.nan)), r"NaN or Inf.*\(3, 1, 2, 0\)"),
    "inf": (plain, lambda: batched(with_pixel(-np.inf)), "NaN or Inf"),
    "bytes": (
        plain,
        lambda: batched(with_pixel(255)),
        r"images in \[-.*, 255\].*1.1 is",
    ),
    "below": (plain, lambda: batched(with_pixel(-1.2)), r"images in \[-1.2, [01]"),
    "float64": (
        plain,
        lambda: batched(with_pixel(1.2).astype("float64")),
        r"images in \[-.*, 1.2\]",
    ),
    "empty": (plain, without_rows, r"is empty.*dataset.filter"),
    "a shape": (
        plain,
        lambda: of_shapes(*[SHAPE] * 4, (9, 9, 1)),
        r"samples of shape \(9, 9, 1\), but the discriminator takes \(8, 8, 1\)",
    ),
    "7": (
        conditional,
        lambda: batched((X, with_label(7))),
        "classes from 0 to 7, but the networks know 3: 0 to 2.*num_classes=8",
    ),
    "-1": (
        conditional,
        lambda: batched((X, with_label(-1, "int32"))),
        "classes from -1 to 2.*class is missing",
    ),
    "beyond int32": (
        conditional,
        lambda: batched((X, with_label(2**32 + 1))),
        "classes from 0 to 4294967297",
    ),
    "a byte": (conditional, lambda: batched((X, with_label(255, "uint8"))), "0 to 255"),
    "unsigned": (
        conditional,
        lambda: batched((X, with_label(2**64 - 1, "uint64"))),
        "0 to 18446744073709551615",
    ),
    "nan beside labels": (
        conditional,
        lambda: batched((with_pixel(np.nan), with_label(0))),
        "NaN",
    ),
    "few labels": (
        semi_supervised,
        lambda: batched((X, (X, with_label(2, classes=2)))),
        "classes from 0 to 2, but the networks know 2",
    ),
    "the labelled part": (
        semi_supervised,
        lambda: batched((X, (with_pixel(np.nan), with_label(1, classes=2)))),
        r"NaN or Inf",
    ),
}


WAYS = {
    "graph": {},
    "eager": {"run_eagerly": True},
    "steps_per_execution": {"steps_per_execution": 3},
    "XLA": {"jit_compile": True},
}
QUICK = [("bytes", way) for way in WAYS if way != "XLA"]


@pytest.mark.parametrize(
    "case", only(QUICK, itertools.product(["bytes", "7"], WAYS)), ids=" - ".join
)
def test_a_late_minibatch_is_refused_however_a_game_is_run(case):
    kind, way = case
    make, data, message = LATE[kind]
    refused(make(**WAYS[way]), data(), message, BAD)


SLOW = ("the labelled part", "few labels", "inf", "below", "float64", "unsigned")


@pytest.mark.parametrize("kind", only([k for k in LATE if k not in SLOW], LATE))
def test_a_late_minibatch_that_is_wrong(kind):
    make, data, message = LATE[kind]
    gan, data = make(), data()
    raises(gan, data, message, BAD)
    assert int(gan.step.numpy()) == BAD - 1 and int(gan.epoch.numpy()) == 0
    called = f"^Minibatch {BAD} of the evaluation data .*{message}"
    with pytest.raises(ValueError, match=called):
        gan.evaluate(data, verbose=0)


def raises(gan, data, message, number):
    """`fit` raises, with nothing of TensorFlow in it, and no warning before it."""
    called = f"Minibatch {number} of epoch 1 of the training data"
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # such as data that ran out
        with pytest.raises(ValueError, match=f"^{called} .*{message}") as caught:
            gan.fit(data, verbose=0)
    assert caught.value.__cause__ is caught.value.__context__ is None


def refused(gan, data, message, number, step=None):
    """`fit` raises, and the game is as the steps before have left it."""
    step = number - 1 if step is None else step
    whole = twin_of(gan)
    whole.fit(data.take(step * gan.minibatches_per_step), verbose=0)
    raises(gan, data, message, number)
    assert int(gan.step.numpy()) == step and int(gan.epoch.numpy()) == 0
    assert_equal(state(gan), state(whole))


def state(gan):
    """All that moves in a step, but for the counters."""
    parts = [*gan.networks().values(), *gan.optimizers().values()]
    return [v.numpy() for part in parts for v in part.variables]


def twin_of(gan):
    twin = type(gan).from_config(gan.get_config())
    twin.compile_from_config(gan.get_compile_config())
    twin.set_weights(gan.get_weights())
    return twin


@pytest.mark.parametrize("bad", only([6], [5, 6]))
def test_one_of_several_minibatches_of_a_step(bad, step=2):
    """Two a step: minibatches 5 and 6 are the third's."""
    gan = plain(discriminator_steps=2)
    refused(gan, batched(with_pixel(9, bad)), "images in", bad, step)


@pytest.mark.parametrize("batch", [1, 3])
def test_one_of_the_first_is_named_too(batch):
    gan = plain()
    message = rf"^Minibatch {batch} of the training data .*\(3, 1, 2, 0\)"
    with pytest.raises(ValueError, match=message):
        gan.fit(batched(with_pixel(np.nan, batch)), verbose=0)
    with pytest.raises(ValueError, match=f"^Minibatch {batch} of .* is empty"):
        gan.fit(without_rows(batch), verbose=0)
    assert int(gan.step.numpy()) == 0


@pytest.mark.slow
def test_in_two_replicas(two_replicas):
    with two_replicas.scope():
        gan, alone = conditional(), conditional()
    data = batched((X, with_label(7)))
    with pytest.raises(ValueError, match=f"^Minibatch {BAD} of epoch 1 .* from 0 to 7"):
        gan.fit(data, verbose=0)
    alone.fit(data.take(BAD - 1), verbose=0)
    assert int(gan.step.numpy()) == BAD - 1
    assert_equal(state(gan), state(alone))


def test_data_without_end():
    """The sixth of each pass; two passes are let go by, and then it is bad."""

    def spoilt(number, rows):
        return tf.where(number == 2 * 6 + 1, 2.0 * rows, rows)

    gan = plain()
    data = batched(X).repeat().enumerate().map(spoilt)
    message = "^Minibatch 2 of epoch 3 of the training data holds images"
    with pytest.raises(ValueError, match=message):
        gan.fit(data, steps_per_epoch=6, epochs=5, verbose=0)
    assert int(gan.step.numpy()) == 13 and int(gan.epoch.numpy()) == 2


def test_what_is_not_trained_on_is_not_refused():
    gan = plain()
    data = batched(with_pixel(9)).prefetch(3)
    gan.fit(data, steps_per_epoch=BAD - 1, verbose=0)
    assert int(gan.step.numpy()) == BAD - 1
    with pytest.raises(ValueError, match=f"Minibatch {BAD} of epoch 1 of the train"):
        gan.fit(data, steps_per_epoch=BAD, verbose=0)


def test_validation_data():
    gan = plain()
    message = f"^Minibatch {BAD} of the evaluation data holds NaN"
    with pytest.raises(ValueError, match=message):
        gan.fit(batched(X), validation_data=batched(with_pixel(np.nan)), verbose=0)
    assert int(gan.step.numpy()) == 6


def test_checkpoints_are_as_they_were_and_a_resumed_run_counts_on(tmp_path):
    """Saved at steps 2 and 4, refused at the fifth minibatch, also when resumed."""

    def fit(data, epochs=1):
        gan = plain()
        backup = BackupAndRestore(tmp_path, save_freq=2)
        gan.fit(data, epochs=epochs, callbacks=[backup], verbose=0)
        return gan

    message = f"^Minibatch {BAD} of epoch 1 of the training data holds images"
    for _ in range(2):
        with pytest.raises(ValueError, match=message):
            fit(batched(with_pixel(9)))
        assert checkpoints.steps(tmp_path) == [2, 4]
    again, whole = fit(batched(X), epochs=2), plain()
    whole.fit(batched(X), epochs=2, verbose=0)
    assert_equal(state(again), state(whole))


def test_the_order_and_the_length_of_data_stay():
    """Of a data set and of an `EpochDataset`, which is not watched, to the bit."""
    watched, other = plain(), plain()
    watched.fit(batched(X), epochs=2, verbose=0)
    other.fit(X, batch_size=ROWS, shuffle=False, epochs=2, verbose=0)
    assert_equal(state(watched), state(other))


def of_any_range():
    """A game whose generator ends in no activation."""
    inputs = keras.Input((4,))
    made = keras.layers.Reshape(SHAPE)(keras.layers.Dense(64)(inputs))
    gan = models.GAN(
        keras.Model(inputs, made),
        networks.MLPDiscriminator(SHAPE, widths=(6,)),
        priors.Normal(4),
    )
    gan.compile()
    return gan


def test_what_is_good_passes():
    """Overshoot, few bright images, standardised ones, missing labels."""
    gan = plain()
    overshoot = np.clip(X, -0.9, 0.9)
    overshoot[70] = 1.09
    gan.fit(batched(overshoot), verbose=0)
    bright = X.copy()
    bright[80:] = abs(bright[80:])
    gan.fit(batched(bright), verbose=0)
    gan.evaluate(batched(bright, 90), verbose=0)  # and a smaller batch
    unbounded = of_any_range()
    unbounded.fit(batched(3 * X), verbose=0)
    lone = 3 * X
    lone[65] = abs(lone[65]) + 1  # one image, in a minibatch of its own
    unbounded.fit(batched(lone, 1), verbose=0)
    labels = np.where(np.arange(len(X)) % 2, 1, -1)
    semi_supervised().fit(batched((X, labels)), verbose=0)


def test_bytes_among_images_of_any_range():
    gan = of_any_range()
    rows = 3 * X
    rows[64:80] = abs(rows[64:80]) * 80
    with pytest.raises(ValueError, match=r"^Minibatch 5 of epoch 1 .*\[.*, 24"):
        gan.fit(batched(rows), verbose=0)


def test_more_labels_than_samples():
    def rows():
        for count in [ROWS] * 4 + [ROWS - 1]:
            yield X[:ROWS], np.zeros(count, "int32")

    spec = (
        tf.TensorSpec((None, *SHAPE), tf.float32),
        tf.TensorSpec((None,), tf.int32),
    )
    data = tf.data.Dataset.from_generator(rows, output_signature=spec)
    with pytest.raises(ValueError, match="Minibatch 5 .* 16 and 15 samples"):
        conditional().fit(data, verbose=0)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("place", [0, 7, 50, -1])
def test_one_nan_is_enough(dtype, place):
    """Whatever the vectors of a processor: 101 numbers fill none of them."""
    rule = minibatches.Finite()
    values = np.linspace(-1, 1, 101)
    assert not rule.doubt(tf.cast(values, dtype))
    for bad in (np.nan, np.inf, -np.inf):
        values[place] = bad
        assert rule.doubt(tf.cast(values, dtype))
