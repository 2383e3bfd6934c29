"""SNGAN's networks: the published sizes, and the authors' order of layers by NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import layers, networks
from keras_gan.divergences.batch_dependence import depends_on_batch
from keras_gan.networks import residual
from keras_gan.saving.keys import of_network
from keras_gan.training.backbone import discriminator_with_features

SIDES = (32, 48, 64, 128)
RANDOM = np.random.default_rng(0)
CLASSES = 3
EXAMPLES = [
    networks.SNGANGenerator((32, 32, 1), 3, 2, attention=16, synchronized=True),
    networks.SNGANDiscriminator((48, 48, 6), filters=2, attention=12),
    networks.ConditionalSNGANGenerator((32, 32, 1), 3, CLASSES, 2, 8, True),
    networks.ConditionalSNGANDiscriminator((32, 32, 1), CLASSES, 2, attention=8),
]


def count(network):
    return sum(v.numpy().size for v in network.trainable_variables)


def test_published_sizes():
    """4.28 and 1.05 million; a class adds scales and shifts, and a vector to D."""
    generator = networks.SNGANGenerator((32, 32, 3))
    discriminator = networks.SNGANDiscriminator((32, 32, 3))
    start, end = 128 * 4096 + 4096, 512 + 27 * 256 + 3
    convolutions = 2 * (9 * 256 * 256 + 256) + 256 * 256 + 256
    assert count(generator) == start + 3 * (convolutions + 2 * 512) + end == 4276739
    wide = 9 * 128 * 128 + 128
    first, halving = 27 * 128 + 128 + wide + 3 * 128 + 128, 2 * wide + 129 * 128
    assert count(discriminator) == first + halving + 4 * wide + 129 == 1053825
    assert [f"{count(net) / 1e6:.2f}" for net in (generator, discriminator)] == [
        "4.28",
        "1.05",
    ]
    told = networks.ConditionalSNGANGenerator((32, 32, 3), 128, 10)
    assert count(told) == count(generator) + 9 * 6 * 512
    told = networks.ConditionalSNGANDiscriminator((32, 32, 3), 10)
    assert count(told) == count(discriminator) + 10 * 128


@pytest.mark.parametrize("side", SIDES)
def test_it_makes_and_takes_the_size(side):
    shape = (side, side, 3)
    attention = {48: 12}.get(side, 8)
    latents, labels = np.ones((2, 3), "float32"), np.array([0, 2])
    generator = networks.SNGANGenerator(shape, 3, filters=2)
    images = generator(latents, training=False)
    assert images.shape == (2, *shape) and abs(np.asarray(images)).max() <= 1
    discriminator = networks.SNGANDiscriminator(shape, 2, attention)
    assert discriminator(images, training=False).shape == (2, 1)
    generator = networks.ConditionalSNGANGenerator(shape, 3, CLASSES, 2, attention)
    images = np.asarray(generator([latents, labels], training=False))
    assert images.shape == (2, *shape)
    discriminator = networks.ConditionalSNGANDiscriminator(shape, CLASSES, 2)
    assert discriminator([images, labels], training=False).shape == (2, 1)


@pytest.mark.parametrize(
    ("side", "up", "down"),
    [
        (32, [(4, 256), (8, 256), (16, 256), (32, 256)], [16, 8, 8, 8]),
        (48, [(6, 512), (12, 256), (24, 128), (48, 64)], [24, 12, 6, 3, 3]),
        (64, [(4, 1024), (8, 512), (16, 256), (32, 128), (64, 64)], [32, 16, 8, 4, 2]),
        (
            128,
            [(4, 1024), (8, 1024), (16, 512), (32, 256), (64, 128), (128, 64)],
            [64, 32, 16, 8, 4, 4],
        ),
    ],
    ids=map(str, SIDES),
)
def test_the_authors_widths(side, up, down):
    """As in the tables of the paper, and the authors' code of their models."""
    layout = residual.LAYOUTS[side]
    small = networks.SNGANGenerator((side, side, 1), 1, filters=1)
    names = ["start_shaped", *(f"up_{block}" for block in range(1, len(up)))]
    found = [small.get_layer(name).output.shape for name in names]
    assert [(shape[1], shape[-1] * layout.filters[0]) for shape in found] == up
    assert len(layout.generator) == len(up)
    small = networks.SNGANDiscriminator((side, side, 1), filters=1)
    blocks = len(layout.discriminator)
    found = [small.get_layer(f"down_{i}").output.shape for i in range(1, blocks + 1)]
    assert [shape[1] for shape in found] == down
    assert [shape[-1] for shape in found] == list(layout.discriminator)
    widest = {32: 128, 48: 1024, 64: 1024, 128: 1024}[side]
    assert layout.filters[1] * layout.discriminator[-1] == widest


# The authors' order by NumPy ---------------------------------------------------------


def spread(network):
    """Weights and statistics of order 1, so that no part is without effect."""
    random = np.random.default_rng(1)
    for variable in network.variables:
        if variable.name in ("u", "moving_variance"):
            continue
        scale = 1 / np.sqrt(max(1, np.prod(tuple(variable.shape)[:-1])))
        variable.assign(random.normal(0.0, scale, variable.shape))
    for variable in network.variables:
        if variable.name == "moving_variance":
            variable.assign(random.uniform(0.5, 2.0, variable.shape))


def relu(x):
    return np.maximum(x, 0)


def convolved(x, kernel, bias):
    """A convolution with zeros around, one product for each place of the kernel."""
    reach = kernel.shape[0] // 2
    padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach), (0, 0)))
    height, width = x.shape[1:3]
    return bias + sum(
        padded[:, i : i + height, j : j + width] @ kernel[i, j]
        for i in range(kernel.shape[0])
        for j in range(kernel.shape[1])
    )


def doubled(x):
    return x.repeat(2, axis=1).repeat(2, axis=2)


def halved(x):
    rows, height, width, channels = x.shape
    return x.reshape(rows, height // 2, 2, width // 2, 2, channels).mean(axis=(2, 4))


def weights(network, name):
    """The kernel and bias, divided by the norm of one iteration where it is spectral"""
    layer = network.get_layer(name)
    if not isinstance(layer, layers.SpectralNormalization):
        return [w.astype("float64") for w in layer.get_weights()]
    kernel = layer.kernel.numpy().astype("float64")
    matrix = kernel.reshape(-1, kernel.shape[-1]).T
    v = matrix.T @ layer.u.numpy()
    u = matrix @ v / np.linalg.norm(v)
    others = [w.numpy() for w in layer.layer.trainable_variables[1:]]
    return [kernel / np.linalg.norm(u), *others]


def normal(network, name, x, labels=None):
    layer = network.get_layer(f"{name}_normalized")
    inner = layer if labels is None else layer.normalization
    gamma, beta = layer.gamma.numpy(), layer.beta.numpy()
    if labels is not None:
        gamma, beta = (w[labels][:, None, None] for w in (gamma, beta))
    mean, variance = inner.moving_mean.numpy(), inner.moving_variance.numpy()
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


def generated(network, latents, labels=None):
    kernel, bias = weights(network, "start")
    x = (latents @ kernel + bias).reshape(len(latents), 4, 4, -1)
    for block in ("up_1", "up_2", "up_3"):
        h = doubled(relu(normal(network, f"{block}_1", x, labels)))
        h = convolved(h, *weights(network, f"{block}_1"))
        h = relu(normal(network, f"{block}_2", h, labels))
        h = convolved(h, *weights(network, f"{block}_2"))
        x = convolved(doubled(x), *weights(network, f"{block}_shortcut")) + h
    x = relu(normal(network, "last", x))
    return np.tanh(convolved(x, *weights(network, "last")))


def features(network, x, halving):
    """The authors' shortcut convolves, then takes the mean, but in the first block."""
    last = residual.LAYOUTS[x.shape[1]].discriminator
    for number in range(1, len(last) + 1):
        block = f"down_{number}"
        h = convolved(x if number == 1 else relu(x), *weights(network, f"{block}_1"))
        h = convolved(relu(h), *weights(network, f"{block}_2"))
        if number <= halving:
            h = halved(h)
            x = convolved(x, *weights(network, f"{block}_shortcut"))
            x = halved(x)
        elif f"{block}_shortcut" in {layer.name for layer in network.layers}:
            x = convolved(x, *weights(network, f"{block}_shortcut"))
        x = x + h
    return relu(x).sum(axis=(1, 2))


LATENTS = RANDOM.normal(size=(3, 5))
LABELS = np.array([0, 2, 1])


def test_the_generator_by_numpy():
    network = networks.SNGANGenerator((32, 32, 2), 5, filters=4)
    spread(network)
    expected = generated(network, LATENTS)
    assert 0.2 < expected.std() < 0.95  # neither flat nor saturated
    np.testing.assert_allclose(network(LATENTS, training=False), expected, atol=1e-5)


def test_the_conditional_generator_by_numpy():
    network = networks.ConditionalSNGANGenerator((32, 32, 2), 5, CLASSES, filters=4)
    spread(network)
    expected = generated(network, LATENTS, LABELS)
    found = network([LATENTS, LABELS], training=False)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    other = np.asarray(network([LATENTS, (LABELS + 1) % CLASSES], training=False))
    assert abs(other - expected).max(axis=(1, 2, 3)).min() > 0.1


@pytest.mark.parametrize(("side", "halving"), [(32, 2), (48, 4)], ids=["32", "48"])
def test_the_discriminator_by_numpy(side, halving):
    """Of 48 pixels the last block is plain, and its shortcut has weights."""
    network = networks.SNGANDiscriminator((side, side, 2), filters=2)
    spread(network)
    images = RANDOM.uniform(-1, 1, (3, side, side, 2))
    kernel, bias = weights(network, "logits")
    expected = features(network, images, halving) @ kernel + bias
    assert np.ptp(expected) > 1e-3
    found = network(images, training=False)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)  # float32 sums


def test_the_projection_by_numpy():
    network = networks.ConditionalSNGANDiscriminator((32, 32, 2), CLASSES, filters=4)
    spread(network)
    images = RANDOM.uniform(-1, 1, (3, 32, 32, 2))
    phi = features(network, images, 2)
    kernel, bias = weights(network, "logits")
    [vectors] = weights(network, "projections")
    own = (phi * vectors.T[LABELS]).sum(axis=1, keepdims=True)
    assert abs(own).min() > 1e-3
    found = network([images, LABELS], training=False)
    expected = phi @ kernel + bias + own
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_first_weights():
    """Glorot's uniform ones, of twice the variance within blocks and 1 elsewhere."""
    network = networks.SNGANGenerator((32, 32, 3), 64, filters=32)
    gains = {"start": 1, "up_1_1": 2, "up_2_2": 2, "up_2_shortcut": 1, "last": 1}
    for name, gain in gains.items():
        kernel, bias = network.get_layer(name).get_weights()
        fans = np.prod(kernel.shape[:-2]) * sum(kernel.shape[-2:])
        edge = np.sqrt(6 * gain / fans)
        assert 0.97 * edge < abs(kernel).max() <= edge * (1 + 1e-6)  # of 800 or more
        # The standard error of a uniform variance is sqrt(4/5 / n) of it.
        spread_of = kernel.var() / (edge**2 / 3)
        assert abs(spread_of - 1) < 4 * np.sqrt(0.8 / kernel.size)
        assert not bias.any()
    one, other = (network.get_layer(f"up_{i}_1").kernel.numpy() for i in (1, 2))
    assert abs(one - other).max() > 0  # no two layers share their numbers


def test_every_layer_with_weights_is_spectral_and_none_looks_at_the_batch():
    network = networks.ConditionalSNGANDiscriminator((32, 32, 3), CLASSES, 8, 8)
    with_weights = [layer for layer in network.layers if layer.weights]
    kinds = {type(layer) for layer in with_weights}
    assert kinds == {layers.SpectralNormalization, layers.SelfAttention}
    assert len(with_weights) == 10 + 1 + 2  # convolutions, attention, last layers
    names = {v.name for v in network.trainable_variables}
    assert names == {"kernel", "bias", "gamma"}


@pytest.mark.parametrize("attention", [None, 16], ids=str)
def test_a_logit_is_its_samples_own(attention):
    network = networks.SNGANDiscriminator((32, 32, 3), 8, attention)
    if attention:
        network.get_layer("attention").gamma.assign(0.8)
    assert not depends_on_batch(lambda x: network(x, training=True), (32, 32, 3))


def test_attention_begins_as_the_network_without_it():
    with_it, without = (
        networks.SNGANGenerator((32, 32, 3), 5, 8, attention)
        for attention in (16, None)
    )
    weights = of_network(with_it)
    assert with_it.get_layer("attention").output.shape == (None, 16, 16, 8)
    assert with_it.get_layer("attention").normalization is None
    for key, variable in of_network(without).items():
        variable.assign(weights[key])
    np.testing.assert_array_equal(with_it(LATENTS), without(LATENTS))
    with_it.get_layer("attention").gamma.assign(1.0)
    moved = np.asarray(with_it(LATENTS)) - np.asarray(without(LATENTS))
    assert abs(moved).max() > 1e-2


def test_attention_in_the_discriminator_stands_behind_the_block_of_its_side():
    network = networks.SNGANDiscriminator((64, 64, 3), 8, attention=16)
    layer = network.get_layer("attention")
    assert (
        layer.output.shape == (None, 16, 16, 16) and layer.normalization == "spectral"
    )
    assert layer.input is network.get_layer("down_2").output
    # 8 is the side of three blocks of 32 pixels: it stands behind the first of them.
    network = networks.SNGANDiscriminator((32, 32, 3), 8, attention=8)
    layer = network.get_layer("attention")
    assert layer.input is network.get_layer("down_2").output
    assert sum(isinstance(x, layers.SelfAttention) for x in network.layers) == 1


def test_a_head_looks_at_the_sum_over_positions():
    network = networks.SNGANDiscriminator((32, 32, 3), 8)
    images = tf.constant(RANDOM.uniform(-1, 1, (2, 32, 32, 3)), "float32")
    _, phi = discriminator_with_features(network)(images)
    expected = features(network, np.asarray(images, "float64"), 2)
    np.testing.assert_allclose(phi, expected, rtol=1e-4, atol=1e-5)


def test_sums_and_images_are_float32_in_half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        generator = networks.SNGANGenerator((32, 32, 3), 5, 8, 16)
        discriminator = networks.SNGANDiscriminator((32, 32, 3), 8, 16)
    finally:
        keras.config.set_dtype_policy("float32")
    images = generator(LATENTS)
    assert generator.get_layer("up_1_1").output.dtype == "float16"
    assert images.dtype == "float32" and discriminator(images).dtype == "float32"
    assert discriminator.get_layer("features_relu").output.dtype == "float32"


# What they refuse ---------------------------------------------------------------------

WITH_CLASSES = {"num_classes": CLASSES}
NETWORKS = {
    networks.SNGANGenerator: {"latent_dim": 2},
    networks.SNGANDiscriminator: {},
    networks.ConditionalSNGANGenerator: {"latent_dim": 2, **WITH_CLASSES},
    networks.ConditionalSNGANDiscriminator: WITH_CLASSES,
}


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    ("size", "message", "suggested"),
    [
        ((28, 28), "32 is the nearest size", 32),
        ((40, 40), "32 and 48 are the nearest sizes", 32),
        ((100, 100), "64 and 128 are the nearest sizes", 64),
        ((256, 256), "128 is the nearest size", 128),
        ((32, 64), "48 is the nearest size", 48),
    ],
    ids=str,
)
def test_a_size_that_does_not_fit_names_the_nearest(network, size, message, suggested):
    with pytest.raises(ValueError, match=message) as error:
        network((*size, 3), **NETWORKS[network])
    assert network.__name__ in str(error.value)
    assert f"image_size={suggested} to datasets.load" in str(error.value)
    assert error.value.argument == "image_shape"
    networks.SNGANDiscriminator((suggested, suggested, 3), filters=1)  # it does fit


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("attention", [3, 10, 64, "16", 16.5, True], ids=repr)
def test_attention_at_a_side_that_is_none(network, attention):
    with pytest.raises(ValueError, match=r"attention=None or .*Received: attention="):
        network((48, 48, 3), filters=1, attention=attention, **NETWORKS[network])


def test_the_error_names_the_sides_of_this_network():
    with pytest.raises(ValueError, match="8, 16 or 32 here"):
        networks.SNGANGenerator((32, 32, 3), attention=4)
    with pytest.raises(ValueError, match="16 or 8 here"):
        networks.SNGANDiscriminator((32, 32, 3), attention=32)


def test_a_generator_of_many_channels():
    with pytest.raises(ValueError, match="1 to 4 channels"):
        networks.SNGANGenerator((32, 32, 6))
    packed = networks.SNGANDiscriminator((32, 32, 6), filters=1)
    assert packed.output_shape == (None, 1)
