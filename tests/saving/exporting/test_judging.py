"""What a SavedModel says of samples is what the game says, where it can be asked."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.small import dcgan, images, mlp, semi_supervised
from keras import ops

from keras_gan import layers, losses, models, networks, priors
from keras_gan.saving.exporting import judging


def served(gan, folder):
    gan.export(folder)
    return tf.saved_model.load(str(folder)).signatures


def assert_close(one, other):
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)  # float32 sums


def test_logits_and_their_probability(tmp_path):
    gan = mlp()
    samples = images(3)
    found = served(gan, tmp_path / "1")["discriminate"](images=tf.constant(samples))
    logits = gan.discriminator(samples)
    assert_close(found["logits"], logits)
    assert_close(found["probability"], 1 / (1 + np.exp(-logits)))
    assert abs(np.asarray(logits)).min() > 1e-3  # 0 would be in many wrong ways


@pytest.mark.parametrize(
    ("loss", "calibrated"),
    [
        ("minimax", True),
        ("non_saturating", True),
        (losses.NonSaturating(label_smoothing=0.1), False),  # D = 0.9 p / (p + q)
        ("hinge", False),
        ("wasserstein", False),
        ("relativistic", False),
    ],
)
def test_a_probability_is_of_losses_that_mean_one(loss, calibrated):
    assert judging.is_calibrated(mlp(loss=loss)) is calibrated


def test_no_probability_without_rules_or_of_logits_of_batches():
    assert not judging.is_calibrated(mlp(compiled=False))
    assert not judging.is_calibrated(dcgan(normalization="batch"))
    assert judging.is_left_out(dcgan(normalization="batch")) is None
    assert judging.is_calibrated(dcgan(normalization=None))
    assert judging.is_calibrated(mlp(dropout=0.5))  # noise is no other sample


def game_of(discriminator):
    gan = models.GAN(
        networks.MLPGenerator((4, 4, 1), latent_dim=3, widths=(4,)),
        discriminator,
        priors.Normal(3),
    )
    gan.compile()
    return gan


def packed():
    inside = networks.MLPDiscriminator((4, 4, 2), widths=(4,))
    return game_of(networks.Packed(inside, pack_size=2))


def with_minibatch_discrimination():
    inputs = keras.Input((4, 4, 1))
    features = keras.layers.Dense(4)(keras.layers.Flatten()(inputs))
    features = layers.MinibatchDiscrimination(3, 2)(features)
    return game_of(keras.Model(inputs, keras.layers.Dense(1)(features)))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (packed, "sees 2 samples at once"),
        (with_minibatch_discrimination, "depends on the rest of its batch"),
    ],
)
def test_a_logit_of_several_samples_is_left_out(tmp_path, capsys, make, reason):
    gan = make()
    gan.export(tmp_path / "1", verbose=True)
    found = tf.saved_model.load(tmp_path / "1").signatures
    assert set(found) == {"serving_default", "generate", "sample", "png"}
    said = capsys.readouterr().out
    assert "no signature `discriminate`" in said and reason in said


def test_classes_told_and_told_apart(tmp_path):
    gan = make_gan(models.ACGAN, shape=(4, 4, 1))
    samples = images(3, (4, 4, 1))
    found = served(gan, tmp_path / "1")
    assert_close(
        found["discriminate"](images=tf.constant(samples))["logits"],
        gan.discriminator(samples),
    )
    classified = found["classify"](images=tf.constant(samples))
    expected = gan.classify(samples)
    assert_close(classified["probabilities"], expected)
    np.testing.assert_array_equal(classified["labels"], expected.argmax(axis=1))


def test_classes_by_the_averaged_discriminator(tmp_path):
    gan = semi_supervised()
    gan.discriminator.set_weights([w + 0.03 for w in gan.discriminator.get_weights()])
    samples = images(3)
    found = served(gan, tmp_path / "1")
    classified = found["classify"](images=tf.constant(samples))["probabilities"]
    assert_close(classified, gan.classify(samples))
    logits = found["discriminate"](images=tf.constant(samples))["logits"]
    own, _ = gan.discriminator(samples)
    assert_close(logits[:, 0], ops.logsumexp(own, axis=-1))  # log sum_k exp l_k


def test_a_discriminator_that_is_told_the_class(tmp_path):
    gan = make_gan(models.ConditionalGAN, shape=(4, 4, 1))
    samples, labels = images(3, (4, 4, 1)), np.array([2, 0, 1], np.int32)
    discriminate = served(gan, tmp_path / "1")["discriminate"]
    inputs = {"images": tf.constant(samples), "labels": tf.constant(labels)}
    assert_close(discriminate(**inputs)["logits"], gan.discriminator([samples, labels]))
    for wrong in ([2, 0, -1], [2, 0, 3], [2]):
        with pytest.raises(tf.errors.InvalidArgumentError, match="label"):
            discriminate(**{**inputs, "labels": tf.constant(wrong)})


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 255.0, -255.0])
def test_what_is_no_image_is_an_error(tmp_path, wrong):
    gan = mlp()
    samples = images(2)
    samples[1, 0, 0, 0] = wrong
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"images are in \[-1, 1"):
        served(gan, tmp_path / "1")["discriminate"](images=tf.constant(samples))
