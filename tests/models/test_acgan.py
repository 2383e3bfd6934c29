"""The game in which the discriminator tells the class."""

import keras
import numpy as np
import pytest
import scipy.special
import tensorflow as tf
from helpers.classes import CLASSES, data
from helpers.families import make_gan

import keras_gan
from keras_gan import models, networks
from keras_gan.training import Round


def game(own=None, **rules):
    return make_gan(models.ACGAN, shape=(2,), width=32, own=own, **rules)


def cross_entropy(gan, samples, labels):
    """The mean of -log p(y|x) by NumPy and SciPy."""
    kernel, bias = gan.discriminator.layers[-3].get_weights()
    hidden = samples @ kernel + bias
    hidden = np.where(hidden > 0, hidden, 0.2 * hidden)
    weights, offset = gan.head.get_weights()
    logits = scipy.special.log_softmax(hidden @ weights + offset, axis=1)
    return -logits[np.arange(len(labels)), labels].mean()


@pytest.mark.parametrize("of_fakes", [1.0, 0.0], ids=["paper", "of the data"])
def test_both_objectives_are_the_plain_ones_and_the_cross_entropies(of_fakes):
    gan = game(class_weight=3.0, fake_class_weight=of_fakes)
    samples, labels = data(12)
    latents = gan.prior(12, keras_gan.core.randomness.seed_of(0, "test"))
    classes = tf.constant(labels)
    fake = gan.generate(latents, classes, training=True)
    seed = keras_gan.core.randomness.seed_of(0, "objective")
    real_logits = gan.discriminator(samples)
    fake_logits = gan.discriminator(fake)
    real_cost = cross_entropy(gan, samples, labels)
    fake_cost = cross_entropy(gan, fake.numpy(), labels)
    round = Round(tf.constant(samples), fake, latents, classes, seed)
    found, _ = gan.discriminator_objective(round)
    plain = gan.loss.discriminator_loss(real_logits, fake_logits)
    expected = float(plain) + 3 * (real_cost + of_fakes * fake_cost)
    assert float(found) == pytest.approx(expected, rel=1e-5)  # float32 sums
    found, _ = gan.generator_objective(round)
    expected = float(gan.loss.generator_loss(real_logits, fake_logits)) + 3 * fake_cost
    assert float(found) == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
def test_classes_are_learnt_and_told():
    gan = game(
        penalties=[keras_gan.penalties.R1(0.1)],
        generator_optimizer=keras.optimizers.Adam(5e-3, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(5e-3, beta_1=0.5),
        jit_compile=True,
    )
    samples, labels = data()
    gan.fit(samples, labels, batch_size=60, epochs=15, verbose=0)
    told = gan.classify(samples)
    np.testing.assert_allclose(told.sum(axis=1), 1, rtol=1e-5)
    # Classes are 2.8 apart, 9 standard deviations.
    assert (told.argmax(axis=1) == labels).mean() > 0.98
    for label in range(CLASSES):
        drawn = gan.sample(300, seed=0, condition=label)
        assert (gan.classify(drawn).argmax(axis=1) == label).mean() > 0.9
    logs = gan.evaluate(samples, labels, batch_size=60, verbose=0, return_dict=True)
    right = (told.argmax(axis=1) == labels).mean()
    assert logs["class_accuracy"] == pytest.approx(right, abs=1e-6)
    assert logs["fake_class_accuracy"] > 0.9


def test_logits_far_out_are_finite():
    gan = game({"head": _head_of(1e4)})
    samples, labels = data(12)
    logs = gan.train_on_batch(samples, labels, return_dict=True)
    assert all(np.isfinite(value) for value in logs.values())


def _head_of(scale):
    head = networks.ClassHead(32, CLASSES)
    head.set_weights([scale * weight for weight in head.get_weights()])
    return head


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (networks.ClassHead(16, CLASSES), r"shape \(32,\) here, but it takes \(16,\)"),
        (networks.ClassHead(32, 4), "num_classes=3 classes. Received: head with"),
        ("head", "head is a head on the discriminator's backbone"),
    ],
    ids=["features", "classes", "text"],
)
def test_a_head_that_does_not_fit(head, message):
    with pytest.raises(ValueError, match=message):
        game({"head": head})


def test_a_discriminator_that_is_told_the_class():
    told = networks.ConditionalMLPDiscriminator((2,), CLASSES, widths=(32,))
    with pytest.raises(ValueError, match="The discriminator of ACGAN takes samples"):
        game({"discriminator": told})


def test_weights_that_are_none():
    with pytest.raises(ValueError, match="class_weight is positive"):
        game(class_weight=0.0)
    with pytest.raises(ValueError, match="fake_class_weight is at least 0"):
        game(fake_class_weight=-1.0)


def test_it_comes_back(tmp_path):
    gan = game(class_weight=2.0, fake_class_weight=0.5)
    gan.fit(*data(120), batch_size=60, verbose=0)
    gan.save_to_preset(tmp_path / "preset", state="networks")
    loaded = models.GAN.from_preset(tmp_path / "preset")
    assert (loaded.class_weight, loaded.fake_class_weight) == (2.0, 0.5)
    samples, _ = data(6)
    np.testing.assert_array_equal(loaded.classify(samples), gan.classify(samples))
    np.testing.assert_array_equal(
        loaded.sample(4, seed=0, condition=1), gan.sample(4, seed=0, condition=1)
    )
