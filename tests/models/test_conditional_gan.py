"""The game in which both players are told the class."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.classes import CLASSES, MEANS, data
from helpers.families import make_gan

import keras_gan
from keras_gan import models, networks, priors
from keras_gan.core.randomness import seed_of


def game(class_probabilities=None, seed=0, shape=(2,), **rules):
    own = {"class_probabilities": class_probabilities, "seed": seed}
    return make_gan(models.ConditionalGAN, shape=shape, width=32, own=own, **rules)


@pytest.mark.slow
def test_each_class_is_learnt_as_its_own():
    gan = game(
        penalties=[keras_gan.penalties.R1(0.1)],
        generator_optimizer=keras.optimizers.Adam(5e-3, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(5e-3, beta_1=0.5),
        jit_compile=True,
    )
    gan.fit(*data(), batch_size=60, epochs=15, verbose=0)
    for label, mean in enumerate(MEANS):
        drawn = gan.sample(500, seed=0, condition=label)
        # Means are 2.8 apart or more: nearer than half of that to the right one.
        assert np.linalg.norm(drawn.mean(axis=0) - mean) < 0.7
        assert 0.1 < drawn.std(axis=0).mean() < 0.7  # 0.3, and no point


def test_a_sample_is_the_generators_of_its_class():
    gan = game()
    drawn = gan.sample(4, seed=7, condition=[2, 0, 0, 1], batch_size=3)
    latents = gan.prior(4, seed_of(7, "sample"))
    np.testing.assert_allclose(
        drawn, gan([latents, tf.constant([2, 0, 0, 1])]), rtol=1e-6
    )
    one = gan.sample(4, seed=7, condition=0)
    np.testing.assert_array_equal(one[1:3], drawn[1:3])


def test_without_a_condition_classes_come_by_the_stored_shares():
    shares = [0.5, 0.2, 0.3]
    gan = game(shares)
    labels = gan.labels_of_samples(20_000, seed=3)
    found = np.bincount(labels, minlength=3) / 20_000
    error = np.sqrt(np.array(shares) * (1 - np.array(shares)) / 20_000)
    assert (abs(found - shares) < 4.5 * error).all()
    np.testing.assert_array_equal(gan.labels_of_samples(100, seed=3), labels[:100])
    np.testing.assert_array_equal(
        gan.sample(50, seed=3), gan.sample(50, seed=3, condition=labels[:50])
    )
    assert set(game().labels_of_samples(100, seed=0)) == {0, 1, 2}  # equal shares
    assert set(game([0, 1, 0]).labels_of_samples(100, seed=0)) == {1}


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ([0, 1], "one for each of num_samples=4"),
        (3, "the networks know 3: 0 to 2. Choose from these"),
        (-1, "Choose from these"),
        (0.5, "integers"),
        (np.eye(4, 3), "one-hot"),
    ],
    ids=["too few", "too large", "missing", "no integer", "one-hot"],
)
def test_a_condition_that_is_none(condition, message):
    with pytest.raises(ValueError, match=message):
        game().sample(4, condition=condition)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "has no labels"),
        (np.arange(1200) % 4, "0 to 3, but the networks know 3"),
        (np.arange(1200) % 3 + 1, "Pass labels - 1"),
        (np.eye(3)[np.arange(1200) % 3], "label"),
        (np.full(1200, 0.5), "integer labels .*1200,..$"),  # no hint
        (np.arange(1200) % 3.0, "Pass labels.astype"),
        (np.array(list("abc") * 400), "Pass np.unique"),
    ],
    ids=["none", "a fourth", "from 1", "one-hot", "no integers", "floats", "names"],
)
def test_labels_that_do_not_fit(labels, message):
    samples, _ = data()
    with pytest.raises(ValueError, match=message):
        game().fit(samples, labels, batch_size=60, verbose=0)


def test_a_data_set_of_tf_is_checked_too():
    samples, labels = data()
    dataset = tf.data.Dataset.from_tensor_slices((samples, labels + 1)).batch(60)
    with pytest.raises(ValueError, match="Pass labels - 1"):
        game().fit(dataset, verbose=0)


@pytest.mark.parametrize(
    "shares",
    [[0.5, 0.5], [0.5, 0.5, 0.5], [1.5, -0.5, 0.0]],
    ids=["of two classes", "of more than all", "negative"],
)
def test_shares_that_are_none(shares):
    with pytest.raises(ValueError, match="class_probabilities are 3 numbers"):
        game(shares)


def test_networks_that_do_not_fit():
    told = networks.ConditionalMLPGenerator((2,), 3, CLASSES, widths=())
    plain = networks.MLPDiscriminator((2,), widths=())
    knowing = networks.ConditionalMLPDiscriminator((2,), 4, widths=())
    with pytest.raises(ValueError, match=r"takes \[samples, condition\]"):
        models.ConditionalGAN(told, plain, priors.Normal(3), CLASSES)
    with pytest.raises(ValueError, match="The discriminator knows 4 classes"):
        models.ConditionalGAN(told, knowing, priors.Normal(3), CLASSES)
    with pytest.raises(ValueError, match="A game with classes is models.Condit"):
        models.GAN(told, plain, priors.Normal(3))


def test_evaluate_judges_fakes_under_the_classes_of_the_reals():
    gan = game()
    samples, labels = data(60)
    logs = gan.evaluate(samples, labels, batch_size=60, verbose=0, return_dict=True)
    latents = gan.prior(60, seed_of(gan.seed, "evaluate", 0))
    order = labels  # `evaluate` keeps the order
    fake = gan.draw(latents, tf.constant(order))
    expected = gan.loss.generator_loss(
        None, gan.discriminate(fake, tf.constant(order), training=False)
    )
    assert logs["g_loss"] == pytest.approx(float(expected), rel=1e-5)
    assert {"real_accuracy", "fake_accuracy"} <= set(logs)


def test_export(tmp_path):
    gan = game(shape=(4, 4, 1))
    gan.export(tmp_path / "1")
    signatures = tf.saved_model.load(str(tmp_path / "1")).signatures
    labels = tf.constant([2, 0, 1])
    [images] = signatures["sample"](labels=labels, seed=tf.constant(5)).values()
    drawn = keras_gan.pixels.to_uint8(gan.sample(3, seed=5, condition=[2, 0, 1]))
    assert abs(images.numpy().astype(int) - np.asarray(drawn)).max() <= 1  # rounding
    latents = tf.ones((3, 4))
    [images] = signatures["serving_default"](latents=latents, labels=labels).values()
    np.testing.assert_allclose(images, gan([latents, labels]), rtol=1e-5, atol=1e-6)
