"""The networks for 100 labels: what is in them, and what the data choose."""

import itertools

import numpy as np
import pytest

from keras_gan.core import effects
from keras_gan.networks import SemiSupervisedDiscriminator, SemiSupervisedGenerator

IMAGES = np.random.default_rng(0).uniform(-1, 1, (300, 6, 6, 1)).astype("float32")


def small(**options):
    return SemiSupervisedDiscriminator((6, 6, 1), 3, widths=(20, 8), **options)


def test_the_papers_sizes():
    generator, discriminator = SemiSupervisedGenerator(), SemiSupervisedDiscriminator()
    assert generator.input_shape == (None, 100)
    assert generator.output_shape == (None, 28, 28, 1)
    assert discriminator.output_shape == [(None, 10), (None, 250)]
    kernels = [v.shape for v in discriminator.variables if v.name == "kernel"]
    sides = (784, 1000, 500, 250, 250, 250, 10)
    assert kernels == list(itertools.pairwise(sides))
    deviations = [getattr(layer, "stddev", None) for layer in discriminator.layers]
    assert [d for d in deviations if d is not None] == [0.3] + [0.5] * 5
    lengths = [v for v in discriminator.trainable_variables if v.name == "length"]
    assert [v.shape for v in lengths] == [(10,)]  # the last layer's alone
    names = [v.name for v in generator.trainable_variables]
    assert names == [*["kernel", "beta"] * 2, "length", "kernel", "bias"]


def test_the_features_are_those_before_the_last_noise():
    discriminator = small(input_noise=0.0)
    logits, features = discriminator(IMAGES, training=True)
    _, still = discriminator(IMAGES, training=False)
    assert abs(logits - discriminator(IMAGES)[0]).numpy().max() > 0.1
    assert features.numpy().min() == 0  # after the ReLU
    one_hidden = SemiSupervisedDiscriminator(
        (6, 6, 1), 3, widths=(8,), input_noise=0.0, noise=9.0
    )
    np.testing.assert_array_equal(
        one_hidden(IMAGES, training=True)[1], one_hidden(IMAGES, training=False)[1]
    )
    assert abs(features - still).numpy().max() > 0.1  # of the noise between the layers


def test_pixels_are_brought_to_0_to_1_and_back():
    """One unit that looks at one pixel, and one that draws one: 2 sigmoid(a) - 1."""
    discriminator = SemiSupervisedDiscriminator((1, 1, 1), 2, (1,), 0.0, 0.0)
    hidden, last = discriminator.layers[4], discriminator.layers[6]
    assert np.isclose(hidden.length, np.sqrt(2)).all()
    assert np.isclose(last.length, np.sqrt(2)).all()
    hidden.layer.kernel.assign([[1.0]])
    for pixel, seen in ((-1.0, 0.0), (0.5, 0.75), (1.0, 1.0)):
        _, features = discriminator(np.full((1, 1, 1, 1), pixel))
        assert float(features[0, 0]) == pytest.approx(np.sqrt(2) * seen, abs=1e-6)
    generator = SemiSupervisedGenerator((1, 1, 1), 1, widths=())
    [last] = [layer for layer in generator.layers if hasattr(layer, "adapt")]
    last.layer.kernel.assign([[3.0]])
    last.length.assign([0.5])
    drawn = generator(np.ones((1, 1))).numpy().ravel()
    assert drawn == pytest.approx([np.tanh(0.25)], abs=1e-6)  # 2 sigmoid(0.5) - 1


def test_adapted_on_data():
    """Logits on the data have mean 0 and deviation 1 without noise after `adapt`."""
    discriminator = small(input_noise=0.0, noise=0.0)
    discriminator.adapt(IMAGES * 0.1 + 0.5)
    logits, features = discriminator(IMAGES * 0.1 + 0.5)
    np.testing.assert_allclose(logits.numpy().mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(logits.numpy().std(0), 1, atol=1e-5)
    # E relu(a) with a of mean 0 and deviation 1, near 0.4 where a is nearly normal
    assert features.numpy().mean() == pytest.approx(0.4, abs=0.05)


def test_the_noise_counts_when_it_is_adapted():
    plain, noisy = small(input_noise=0.0, noise=0.0), small(input_noise=1.0, noise=0.0)
    noisy.set_weights(plain.get_weights())
    for network in (plain, noisy):
        network.adapt(IMAGES)
    lengths = [n.layers[4].length.numpy() for n in (plain, noisy)]
    # Pixels have deviation 1/sqrt(12), with the noise sqrt(1/12 + 1): sqrt(13) times it
    ratio = (lengths[0] / lengths[1]).mean()
    assert ratio == pytest.approx(np.sqrt(13), rel=0.05)


def test_a_copy_has_the_adapted_lengths():
    discriminator = small()
    discriminator.adapt(IMAGES)
    copy = SemiSupervisedDiscriminator.from_config(discriminator.get_config())
    copy.set_weights(discriminator.get_weights())
    for a, b in zip(discriminator(IMAGES), copy(IMAGES), strict=True):
        np.testing.assert_array_equal(a, b)
    assert len(effects.seed_states(discriminator)) == 3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SemiSupervisedGenerator((28, 28)), r"image_shape=\(28, 28\)"),
        (lambda: SemiSupervisedGenerator(latent_dim=0), "latent_dim=0"),
        (lambda: SemiSupervisedDiscriminator(widths=()), "features.*not empty"),
        (lambda: SemiSupervisedDiscriminator(num_classes=0), "num_classes=0"),
        (lambda: SemiSupervisedDiscriminator(noise=-1.0), "stddev=-1.0"),
    ],
    ids=["shape", "latents", "widths", "classes", "noise"],
)
def test_what_they_refuse(make, message):
    with pytest.raises(ValueError, match=message):
        make()
