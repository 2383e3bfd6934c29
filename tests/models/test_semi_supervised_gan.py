"""The semi-supervised game: its objectives by hand, its logs, what it refuses."""

import contextlib
import itertools

import keras
import numpy as np
import pytest
import scipy.special
import tensorflow as tf
from helpers.pace import only

import keras_gan
from keras_gan.core.randomness import seed_of
from keras_gan.models import GAN, SemiSupervisedGAN
from keras_gan.training import Round
from keras_gan.training.classification import cross_entropy

DRAW = np.random.default_rng(3)
ROWS = DRAW.normal(size=(37, 6)).astype("float32")
LABELS = DRAW.integers(-1, 3, 37)
SEED = seed_of(0, "test")
LATENTS = tf.zeros((8, 4))


def discriminator(noise=0.0, classes=3):
    return keras_gan.networks.SemiSupervisedDiscriminator(
        (6,), classes, widths=(16, 8), input_noise=noise, noise=noise
    )


def game(strategy=None, noise=0.0, ema_decay=0.9, rate=0.05, **rules):
    """With the same first weights every time."""
    keras.utils.set_random_seed(11)
    with strategy.scope() if strategy else contextlib.nullcontext():
        gan = SemiSupervisedGAN(
            keras_gan.networks.MLPGenerator((6,), latent_dim=4, widths=(16,)),
            discriminator(noise),
            keras_gan.priors.Normal(4),
            ema_decay=ema_decay,
        )
        rates = [keras.optimizers.SGD(rate) for _ in range(2)]
        gan.compile(
            generator_optimizer=rates[0], discriminator_optimizer=rates[1], **rules
        )
    return gan


def dataset(labels=LABELS, batch=8, rows=ROWS):
    return tf.data.Dataset.from_tensor_slices((rows, labels)).batch(batch)


# The formulas ------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1.0, 1e4], ids=["plain", "extreme"])
def test_the_logit_and_the_cross_entropy_are_scipys(scale):
    logits = (scale * DRAW.normal(size=(9, 5))).astype("float32")
    classes = DRAW.integers(0, 5, 9)
    total = scipy.special.logsumexp(logits.astype("float64"), axis=1)
    expected = total - logits[np.arange(9), classes]
    inputs = keras.Input((5,))
    player = keras.Model(inputs, [keras.layers.Identity()(inputs), inputs])
    gan = SemiSupervisedGAN(
        keras_gan.networks.MLPGenerator((5,), latent_dim=4),
        player,
        keras_gan.priors.Normal(4),
    )
    with tf.GradientTape() as tape:
        x = tf.constant(logits)
        tape.watch(x)
        realness = gan.discriminate(x, None, training=True)
        found = cross_entropy(x, tf.constant(classes))
    # float32 has 6e-8 of the largest number in the sum
    atol = 1e-6 * max(1, abs(logits).max())
    np.testing.assert_allclose(realness[:, 0], total, rtol=0, atol=atol)
    np.testing.assert_allclose(found, expected, rtol=0, atol=atol)
    slope = tape.gradient([realness, found], x)
    own = np.eye(5)[classes]
    softmax = scipy.special.softmax(logits.astype("float64"), axis=1)
    np.testing.assert_allclose(
        slope, 2 * softmax - own, atol=1e-3 if scale > 1 else 1e-6
    )
    if scale == 1:  # D(x) = Z/(Z + 1)
        z = np.exp(logits.astype("float64")).sum(1)
        score = keras_gan.losses.NonSaturating().score(realness)[:, 0]
        np.testing.assert_allclose(score, z / (z + 1), atol=1e-6)


def outputs(gan, samples):
    logits, features = gan.discriminator(samples, training=False)
    return np.asarray(logits, "float64"), np.asarray(features, "float64")


@pytest.mark.parametrize("class_weight", [1.0, 2.5])
def test_the_discriminators_objective_by_hand(class_weight):
    gan = game(class_weight=class_weight)
    real, fake, beside = ROWS[:8], ROWS[8:16], ROWS[16:24]
    labels = np.array([2, -1, 0, 1, -1, -1, 0, 2])
    round = Round(real, fake, LATENTS, (beside, labels), SEED)
    found, _ = gan.discriminator_objective(round)
    logits = [outputs(gan, x)[0] for x in (real, fake, beside)]
    real_logits, fake_logits = (scipy.special.logsumexp(a, axis=1) for a in logits[:2])
    loss = np.logaddexp(0, -real_logits).mean() + np.logaddexp(0, fake_logits).mean()
    log_p = scipy.special.log_softmax(logits[2], axis=1)
    known = np.flatnonzero(labels >= 0)
    class_loss = -log_p[known, labels[known]].mean()
    assert float(found) == pytest.approx(loss + class_weight * class_loss, rel=1e-6)


def slopes(gan, beside, labels):
    with tf.GradientTape() as tape:
        round = Round(ROWS[:8], ROWS[8:16], LATENTS, (beside, labels), SEED)
        objective, _ = gan.discriminator_objective(round)
    variables = [v.value for v in gan.discriminator_variables]
    return objective, tape.gradient(objective, variables)


def test_samples_without_a_label_change_nothing():
    gan = game()
    labels = np.array([2, -1, 0, 1, -1, -1, 0, 2])
    one = slopes(gan, ROWS[16:24], labels)
    other = np.where(labels[:, None] < 0, 100 * ROWS[24:32], ROWS[16:24])
    two = slopes(gan, other.astype("float32"), labels)
    for a, b in zip(*(tf.nest.flatten(found) for found in (one, two)), strict=True):
        np.testing.assert_array_equal(a, b)
    three = slopes(gan, ROWS[24:32], labels)
    assert abs(float(one[0]) - float(three[0])) > 0.01


def test_without_a_single_label_there_is_no_class_term():
    gan = game()
    objective, found = slopes(gan, ROWS[16:24], np.full(8, -1))
    with tf.GradientTape() as tape:
        round = Round(ROWS[:8], ROWS[8:16], LATENTS, None, SEED)
        loss, _ = GAN.discriminator_objective(gan, round)
    plain = tape.gradient(loss, [v.value for v in gan.discriminator_variables])
    assert float(objective) == float(loss)
    for a, b in zip(found, plain, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-7)


def test_feature_matching_by_hand():
    gan = game()
    real, fake = ROWS[:8], 2 * ROWS[8:19]
    found, _ = gan.generator_objective(Round(real, fake, LATENTS, None, SEED))
    means = [outputs(gan, x)[1].mean(0) for x in (real, fake)]
    assert float(found) == pytest.approx(((means[0] - means[1]) ** 2).sum(), rel=1e-5)


def test_the_generator_can_play_the_loss():
    gan = game(generator_cost="loss")
    found, _ = gan.generator_objective(Round(ROWS[:8], ROWS[8:16], LATENTS, None, SEED))
    logits = scipy.special.logsumexp(outputs(gan, ROWS[8:16])[0], axis=1)
    assert float(found) == pytest.approx(np.logaddexp(0, -logits).mean(), rel=1e-6)


def test_weight_regularizers_are_paid_by_both():
    gan = game()
    round = Round(ROWS[:8], ROWS[8:16], LATENTS, (ROWS[:8], LABELS[:8]), SEED)
    objectives = gan.discriminator_objective, gan.generator_objective
    free = [objective(round)[0] for objective in objectives]
    for variable in (gan.generator_variables[0], gan.discriminator_variables[0]):
        variable.regularizer = keras.regularizers.L2(0.5)
    paid = [objective(round)[0] for objective in objectives]
    variables = (gan.discriminator_variables[0], gan.generator_variables[0])
    for a, b, variable in zip(free, paid, variables, strict=True):
        expected = 0.5 * (variable.numpy() ** 2).sum()
        assert float(b) - float(a) == pytest.approx(expected, rel=1e-4)


# A run -------------------------------------------------------------------------------


def test_logs_are_means_over_the_labelled_samples():
    """Batches hold 8, 1 and 0 labels: no mean of the batches' means."""
    labels = np.array([*LABELS[:8] % 3, 1, *[-1] * 15])
    gan = game(rate=0.0)
    logs = gan.fit(dataset(labels, rows=ROWS[:24]), verbose=0).history
    log_p = scipy.special.log_softmax(outputs(gan, ROWS[:9])[0], axis=1)
    expected = -log_p[np.arange(9), labels[:9]].mean()
    assert logs["class_loss"] == [pytest.approx(expected, rel=1e-5)]
    right = (log_p.argmax(1) == labels[:9]).mean()
    assert logs["class_accuracy"] == [pytest.approx(right, abs=1e-6)]
    assert "error_rate" not in logs
    nothing = gan.fit(dataset(labels[9:], rows=ROWS[9:24]), verbose=0).history
    assert nothing["class_loss"] == [0.0]


@pytest.mark.slow
def test_the_error_rate_is_the_averaged_discriminators():
    labels = LABELS % 3
    gan = game(noise=0.3)
    history = gan.fit(
        dataset(), epochs=3, validation_data=dataset(labels), verbose=0
    ).history
    judged = gan.evaluate(dataset(labels, batch=5), return_dict=True, verbose=0)
    found = gan.classify(ROWS, batch_size=7)
    assert found.shape == (37, 3) and found.dtype == "float32"
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-6)
    np.testing.assert_allclose(found, gan.classify(ROWS), atol=1e-6)
    wrong = (found.argmax(1) != labels).mean()
    assert judged["error_rate"] == pytest.approx(wrong, abs=1e-6)
    assert history["val_error_rate"][-1] == pytest.approx(wrong, abs=1e-6)
    assert "class_loss" not in judged and "d_loss" in judged
    logits, _ = gan.ema_discriminator(ROWS, training=False)
    np.testing.assert_allclose(found, keras.ops.softmax(logits), atol=1e-6)
    moved = gan.discriminator(ROWS, training=False)[0]
    assert abs(logits - moved).numpy().max() > 1e-3


@pytest.mark.slow
def test_the_average_follows_both_networks():
    """After two steps: min(0.5, 1/10) and min(0.5, 2/11) of the way are left."""
    gan = game(ema_decay=0.5)
    paths = []
    for _ in range(3):
        paths.append([v.numpy() for v in gan.discriminator.trainable_variables])
        gan.train_on_batch(ROWS[:8], LABELS[:8])
    gan = game(ema_decay=0.5)
    for _ in range(2):
        gan.train_on_batch(ROWS[:8], LABELS[:8])
    averages = [
        average.numpy()
        for average, v in zip(
            gan.ema_discriminator.weights, gan.discriminator.weights, strict=True
        )
        if v.trainable
    ]
    for average, *points in zip(averages, *paths, strict=True):
        first = points[0] + (1 - 0.1) * (points[1] - points[0])
        expected = first + (1 - 2 / 11) * (points[2] - first)
        np.testing.assert_allclose(average, expected, atol=1e-6)
    gan.reset_ema()
    for average, network in gan.averages():
        for a, b in zip(average.get_weights(), network.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


def beside(labels, batch=8):
    """(samples, (labelled samples, labels)), the latter in the other order."""
    rows = tf.data.Dataset.from_tensor_slices((ROWS, (ROWS[::-1].copy(), labels)))
    return rows.batch(batch)


ON_ONE_SIDE = np.where(np.arange(37) % 8 < 3, LABELS % 3, -1)  # of each batch
DATA = {
    "own": lambda: dataset(),
    "one side": lambda: dataset(ON_ONE_SIDE),
    "beside": lambda: beside(ON_ONE_SIDE),
    "empty": lambda: (
        beside(LABELS, batch=4).take(3).concatenate(beside(LABELS, batch=1).take(1))
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    only(
        [("one side", "feature_matching")],
        itertools.product(DATA, ["feature_matching", "loss"]),
    ),
    ids=" - ".join,
)
def test_two_replicas_play_one_devices_game(two_replicas, case):
    """However labels are spread; the last batch has 5 rows, or 1 and none."""
    (name, cost), results = case, []
    for where in (None, two_replicas):
        gan = game(where, noise=0.3, generator_cost=cost)
        logs = gan.fit(DATA[name](), epochs=2, verbose=0).history
        judged = gan.evaluate(DATA[name](), return_dict=True, verbose=0)
        numbers = [np.array([*d.values()]) for d in (logs, judged)]
        results.append([*gan.get_weights(), *numbers])
    for a, b in zip(*results, strict=True):
        # float32 sums of some tens of terms, in another order
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6 * max(1, abs(a).max()))


@pytest.mark.slow
@pytest.mark.parametrize("way", only(["eager"], ["eager", "xla"]))
def test_few_labels_and_two_moves_of_the_discriminator(way):
    rules = {"eager": {"run_eagerly": True}, "xla": {"jit_compile": True}}
    data = keras_gan.datasets.load((ROWS, LABELS % 3), 8, labels=True)
    data = keras_gan.datasets.few_labels(data, per_class=2)
    results = []
    for how in ({}, rules[way]):
        gan = game(noise=0.3, discriminator_steps=2, **how)
        logs = gan.fit(data, epochs=2, verbose=0).history
        results.append([*gan.get_weights(), *map(np.array, logs.values())])
    assert int(gan.step.numpy()) == 4
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6 * max(1, abs(a).max()))


@pytest.mark.slow
def test_it_learns_what_few_labels_cannot_tell():
    """Two classes of points, two labels: 0 % errors where the game knows the points."""
    far = keras_gan.datasets.GaussianMixture([[-2.0, 0.0], [2.0, 0.0]], scales=0.3)
    rows = far.sample(400, seed=0)
    labels = (rows[:, 0] > 0).astype(int)
    data = keras_gan.datasets.load((rows, labels), 20, labels=True)
    keras.utils.set_random_seed(0)
    gan = SemiSupervisedGAN(
        keras_gan.networks.MLPGenerator((2,), latent_dim=2, widths=(16,)),
        keras_gan.networks.SemiSupervisedDiscriminator((2,), 2, widths=(32, 16)),
        keras_gan.priors.Normal(2),
        ema_decay=0.99,
    )
    gan.compile()
    few = keras_gan.datasets.few_labels(data, per_class=1)
    gan.fit(few, epochs=10, verbose=0)
    assert gan.evaluate(data, return_dict=True, verbose=0)["error_rate"] < 0.02


@pytest.mark.parametrize("state", only(["training"], ["training", "networks"]))
def test_a_preset_classifies_as_the_game_did(tmp_path, state):
    gan = game(noise=0.3)
    gan.fit(dataset(), epochs=3, verbose=0)
    gan.save_to_preset(tmp_path / "preset", state=state)
    loaded = SemiSupervisedGAN.from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(gan.classify(ROWS), loaded.classify(ROWS))
    np.testing.assert_array_equal(gan.sample(3, seed=0), loaded.sample(3, seed=0))
    if state == "networks":  # training goes on from the averages
        for average, network in loaded.averages():
            for a, b in zip(average.get_weights(), network.get_weights(), strict=True):
                np.testing.assert_array_equal(a, b)


def test_without_an_average_the_discriminator_classifies():
    gan = game(ema_decay=None)
    assert gan._classifier is gan.discriminator and gan.averages() == []
    np.testing.assert_allclose(
        gan.classify(ROWS), scipy.special.softmax(outputs(gan, ROWS)[0], axis=1), 1e-5
    )


def test_half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        gan = game(noise=0.3)
        logs = gan.fit(dataset(), epochs=2, verbose=0).history
    finally:
        keras.config.set_dtype_policy("float32")
    assert all(np.isfinite(values).all() for values in logs.values())
    assert gan.classify(ROWS).dtype == "float32"


# What it refuses ----------------------------------------------------------------------


def epoch(labels):
    return keras_gan.datasets.load((ROWS, labels), 8, labels=True)


BAD = {
    "no labels": (
        tf.data.Dataset.from_tensor_slices(ROWS).batch(8),
        "The training data has no labels",
    ),
    "out of range": (dataset(LABELS % 3 + 2), "from 2 to 4, but the networks know 3"),
    "one-hot": (dataset(np.eye(3)[LABELS % 3]), r"np.argmax\(labels, axis=1\)"),
    "all missing": (epoch(LABELS * 0 - 1), "Not one sample of The training data"),
    "too many classes": (
        keras_gan.datasets.few_labels(epoch(LABELS % 4 + 1)),
        "from 1 to 4, but the networks know 3",
    ),
    "labelled samples of another shape": (
        tf.data.Dataset.from_tensor_slices((ROWS, (ROWS[:, :5], LABELS))).batch(8),
        r"The labelled part of the training data .*\(None, 5\).*\(batch, 6\)",
    ),
    "labels of the labelled part": (beside(LABELS / 1), "float64"),
    "nan in the labelled part": (
        tf.data.Dataset.from_tensor_slices((ROWS, (ROWS * np.nan, LABELS))).batch(8),
        "The labelled part of the training data holds NaN",
    ),
    "not as many": (
        tf.data.Dataset.zip(
            tf.data.Dataset.from_tensor_slices(ROWS).batch(8), dataset(batch=4)
        ),
        "has 4 samples in a batch with 8 others",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_data_that_it_cannot_be_played_on(name):
    data, message = BAD[name]
    gan = game()
    with pytest.raises(ValueError, match=message):
        gan.fit(data, verbose=0)
    assert int(gan.step.numpy()) == 0


def network_with(*ends):
    inputs = keras.Input((6,))
    return keras.Model(inputs, [end(inputs) for end in ends])


DENSE = keras.layers.Dense
PARTS = {
    "one output": (
        keras_gan.networks.MLPDiscriminator((6,)),
        r"two outputs, class logits \(batch, K\).*shapes \[\(None, 1\)\]",
    ),
    "maps": (
        network_with(DENSE(3), keras.layers.Reshape((2, 3))),
        r"\(None, 3\), \(None, 2, 3\)",
    ),
    "softmax": (
        network_with(DENSE(3, "softmax"), DENSE(3)),
        "logits of the discriminator end in softmax",
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_networks_that_do_not_fit(name):
    network, message = PARTS[name]
    generator = keras_gan.networks.MLPGenerator((6,), latent_dim=4)
    with pytest.raises(ValueError, match=message):
        SemiSupervisedGAN(generator, network, keras_gan.priors.Normal(4))


def test_rules_and_arguments():
    with pytest.raises(ValueError, match="generator_cost is one of.*'features'"):
        game(generator_cost="features")
    with pytest.raises(ValueError, match="class_weight=0"):
        game(class_weight=0)
    gan = game(generator_cost="loss", class_weight=2.0)
    rules = gan.get_compile_config()
    assert (rules["generator_cost"], rules["class_weight"]) == ("loss", 2.0)
    with pytest.raises(ValueError, match=r"\(2, 5\).*\(batch, 6\)"):
        gan.classify(np.zeros((2, 5), "float32"))
    with pytest.raises(ValueError, match="uint8"):
        gan.classify(np.zeros((2, 6), "uint8"))
