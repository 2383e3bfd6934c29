"""Networks that are told the class, in each of the ways."""

import keras
import numpy as np
import pytest

from keras_gan import networks

SHAPE, CLASSES = (8, 8, 2), 3
GENERATORS = {
    "mlp, concatenation": networks.ConditionalMLPGenerator(
        SHAPE, 4, CLASSES, widths=(8,)
    ),
    "mlp, embedding": networks.ConditionalMLPGenerator(
        SHAPE, 4, CLASSES, widths=(8,), conditioning="embedding"
    ),
    **{
        f"dcgan, {way}": networks.ConditionalDCGANGenerator(
            SHAPE, 4, CLASSES, filters=4, conditioning=way
        )
        for way in ("concatenation", "embedding", "batch_normalization")
    },
}
DISCRIMINATORS = {
    **{
        f"mlp, {way}": networks.ConditionalMLPDiscriminator(
            SHAPE, CLASSES, widths=(8,), conditioning=way
        )
        for way in ("concatenation", "projection")
    },
    **{
        f"dcgan, {way}, {normalization}": networks.ConditionalDCGANDiscriminator(
            SHAPE, CLASSES, filters=4, conditioning=way, normalization=normalization
        )
        for way in ("concatenation", "projection")
        for normalization in (None, "layer", "spectral")
    },
}
RANDOM = np.random.default_rng(0)
LATENTS = RANDOM.normal(size=(5, 4)).astype("float32")
IMAGES = RANDOM.uniform(-1, 1, (5, *SHAPE)).astype("float32")


def _spread(network):
    """Weights of order 1, so that no part of a network is without effect."""
    random = np.random.default_rng(1)
    for variable in network.trainable_variables:
        variable.assign(random.normal(0.0, 0.3, variable.shape))


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_makes_each_row_of_its_class(name):
    generator = GENERATORS[name]
    _spread(generator)
    labels = np.array([0, 1, 2, 1, 0])
    images = np.asarray(generator([LATENTS, labels], training=False))
    assert images.shape == (5, *SHAPE) and abs(images).max() <= 1
    other = np.asarray(generator([LATENTS, (labels + 1) % 3], training=False))
    for row, another in zip(images, other, strict=True):
        assert abs(row - another).max() > 1e-3
    changed = np.array([0, 1, 2, 1, 1])  # a row is its own class's, and no other's
    again = np.asarray(generator([LATENTS, changed], training=False))
    np.testing.assert_allclose(again[:4], images[:4], atol=1e-5)


@pytest.mark.parametrize("name", DISCRIMINATORS)
def test_a_discriminator_judges_each_row_under_its_class(name):
    discriminator = DISCRIMINATORS[name]
    _spread(discriminator)
    labels = np.array([0, 1, 2, 1, 0])
    logits = np.asarray(discriminator([IMAGES, labels], training=False))
    assert logits.shape == (5, 1)
    other = np.asarray(discriminator([IMAGES, (labels + 1) % 3], training=False))
    assert abs(logits - other).min() > 1e-4
    changed = np.array([0, 1, 2, 1, 1])
    again = np.asarray(discriminator([IMAGES, changed], training=False))
    np.testing.assert_allclose(again[:4], logits[:4], rtol=1e-5, atol=1e-5)


def test_projection_by_hand():
    discriminator = networks.ConditionalMLPDiscriminator(
        (2,), CLASSES, widths=(3,), conditioning="projection"
    )
    _spread(discriminator)
    weights, bias = discriminator.get_layer(index=2).get_weights()
    last, offset = discriminator.get_layer("logits").get_weights()
    [vectors] = discriminator.get_layer("projections").get_weights()
    x, labels = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([2, 0])
    hidden = x @ weights + bias
    hidden = np.where(hidden > 0, hidden, 0.2 * hidden)
    expected = hidden @ last + offset
    expected += (hidden * vectors[:, labels].T).sum(axis=1, keepdims=True)
    found = discriminator([x, labels], training=False)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_spectral_projection_has_the_norm_of_one():
    """All of v_y together are one layer, and so is the logit's own: each of norm 1."""
    discriminator = networks.ConditionalDCGANDiscriminator(
        (8, 8, 1), CLASSES, filters=2, normalization="spectral"
    )
    for _ in range(50):  # of the power iteration
        discriminator([IMAGES[..., :1], np.zeros(5, int)], training=True)
    layer = discriminator.get_layer("projections")
    features = layer.layer.kernel.shape[0]
    kernel = layer(np.eye(features), training=False)
    assert np.linalg.norm(kernel, 2) == pytest.approx(1, rel=1e-3)  # 50 iterations


@pytest.mark.parametrize(
    ("network", "way"),
    [
        (networks.ConditionalMLPGenerator, "projection"),
        (networks.ConditionalDCGANGenerator, "projection"),
    ],
    ids=["mlp", "dcgan"],
)
def test_another_conditioning_of_a_generator(network, way):
    with pytest.raises(ValueError, match="'embedding'.*Received.*'projection'"):
        network(SHAPE, 4, CLASSES, conditioning=way)


@pytest.mark.parametrize(
    "network",
    [networks.ConditionalMLPDiscriminator, networks.ConditionalDCGANDiscriminator],
    ids=["mlp", "dcgan"],
)
def test_another_conditioning_of_a_discriminator(network):
    with pytest.raises(ValueError, match="'projection'.*Received.*'embedding'"):
        network(SHAPE, CLASSES, conditioning="embedding")


def test_labels_are_integers():
    generator = GENERATORS["mlp, concatenation"]
    assert keras.backend.is_int_dtype(generator.inputs[1].dtype)
