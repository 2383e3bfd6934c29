"""R3GAN's networks: the published sizes, the first weights, and what they refuse."""

import functools
import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import networks
from keras_gan.networks import r3gan
from keras_gan.training import activations, backbone

# Of the authors' configurations: image side, widths, group size, classes, and the
# parameters of G and of D in millions, as printed.
STAGES = (768, 768, 768, 768)
PUBLISHED = {
    "StackedMNIST": (32, STAGES, 16, None, 20.73, 20.68),
    "CIFAR-10": (32, STAGES, 16, 10, 20.78, 21.28),
    "FFHQ-64": (64, (*STAGES, 384), 16, None, 22.43, 22.38),
    "FFHQ-256": (256, (*STAGES, 384, 192, 96), 16, None, 23.06, 23.01),
    "ImageNet-32": (32, (1536,) * 4, 32, 1000, 82.91, 86.55),
    "ImageNet-64": (64, (1536,) * 5, 32, 1000, 103.57, 107.21),
}
SHAPE, WIDTHS = (16, 16, 3), (16, 12, 8)
RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(-1, 1, (5, *SHAPE)).astype("float32")
LATENTS = RANDOM.normal(size=(5, 6)).astype("float32")


def pair(**options):
    options = {"widths": WIDTHS, "group_size": 4, **options}
    return (
        networks.R3GANGenerator(SHAPE, 6, **options),
        networks.R3GANDiscriminator(SHAPE, **options),
    )


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_the_published_numbers_of_parameters(name, player, monkeypatch):
    side, widths, group_size, num_classes, generator, discriminator = PUBLISHED[name]
    # Zeros cost nothing until they are written to.
    monkeypatch.setattr(r3gan, "RandomNormal", lambda mean, stddev: "zeros")
    make, millions = (
        (networks.R3GANGenerator, generator)
        if player == "generator"
        else (networks.R3GANDiscriminator, discriminator)
    )
    network = make(
        (side, side, 3), widths=widths, group_size=group_size, num_classes=num_classes
    )
    assert round(network.count_params() / 1e6, 2) == millions


@pytest.mark.parametrize(
    ("shape", "widths"),
    [
        ((8, 8, 1), (8, 4)),
        ((28, 28, 1), WIDTHS),
        ((20, 12, 3), (8, 4)),
        (SHAPE, WIDTHS),
    ],
    ids=str,
)
@pytest.mark.parametrize("num_classes", [None, 3])
def test_every_size_is_made_and_taken(shape, widths, num_classes):
    options = {"widths": widths, "group_size": 4, "num_classes": num_classes}
    generator = networks.R3GANGenerator(shape, 6, **options)
    discriminator = networks.R3GANDiscriminator(shape, **options)
    labels = tf.constant([0, 2])

    def given(rows):
        return rows if num_classes is None else [rows, labels]

    images = generator(given(tf.constant(LATENTS[:2])))
    assert images.shape == (2, *shape)
    assert discriminator(given(images)).shape == (2, 1)


def test_every_layer_has_a_name_of_its_own():
    """The same in two networks of one process: Keras numbers what has none."""
    for one, other in zip(pair(num_classes=3), pair(num_classes=3), strict=True):
        for a, b in zip(one.layers, other.layers, strict=True):
            assert a.name == b.name or not a.weights


@pytest.mark.parametrize("player", [0, 1], ids=["generator", "discriminator"])
def test_every_block_is_the_identity_at_the_start(player):
    network = pair()[player]
    blocks = [layer for layer in network.layers if isinstance(layer, keras.layers.Add)]
    assert len(blocks) == 2 * len(WIDTHS)
    ends = keras.Model(network.inputs[0], [(b.input[0], b.output) for b in blocks])
    for before, after in ends((LATENTS, IMAGES)[player]):
        np.testing.assert_array_equal(before, after)
        assert np.asarray(before).std() > 1e-2


def test_a_block_by_hand():
    """x + W3 f(W2 * f(W1 x + b1) + b2), where f is x, or 0.2 x below 0."""
    network = networks.R3GANDiscriminator(
        (8, 8, 1), widths=(6, 4), blocks=1, group_size=2
    )
    for variable in network.trainable_variables:
        variable.assign(RANDOM.normal(0.0, 0.5, variable.shape))
    block = network.get_layer("stage_2_block_1")
    images = IMAGES[:, :8, :8, :1]
    x, made = keras.Model(network.inputs[0], [block.input[0], block.output])(images)
    names = [f"stage_2_block_1_{part}" for part in ("expand", "grouped", "contract")]
    (w1, b1), (w2, b2), (w3,) = (network.get_layer(n).get_weights() for n in names)
    assert w2.shape == (3, 3, 2, 8)

    def f(x):
        return np.maximum(x, 0.2 * x)

    y = np.pad(f(x.numpy() @ w1[0, 0] + b1), ((0, 0), (1, 1), (1, 1), (0, 0)))
    parts = []
    for group in range(4):
        own = slice(2 * group, 2 * group + 2)
        taps = [
            y[:, i : i + 8, j : j + 8, own] @ w2[i, j, :, own]
            for i in range(3)
            for j in range(3)
        ]
        parts.append(sum(taps))
    y = f(np.concatenate(parts, axis=-1) + b2)
    np.testing.assert_allclose(made, x + y @ w3[0, 0], rtol=1e-4, atol=1e-4)


def slopes(discriminator, images):
    images = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = discriminator(images)
    return tape.gradient(logits, images).numpy()


def downsampling(side):
    """The matrix that halves a line of pixels: [1, 3, 3, 1] / 8, zeros beyond it."""
    matrix = np.zeros((side // 2, side))
    for row in range(side // 2):
        for tap, weight in enumerate((1, 3, 3, 1)):
            if 0 <= 2 * row + tap - 1 < side:
                matrix[row, 2 * row + tap - 1] = weight / 8
    return matrix


def test_the_slope_at_the_start_by_hand():
    """Without blocks D is linear: filters, 1 x 1 products, weights of positions."""
    _, discriminator = pair()
    [seen], [last], [middle], [positions], [logits] = (
        discriminator.get_layer(name).get_weights()
        for name in ("seen", "stage_3_width", "stage_2_width", "positions", "logits")
    )
    channels = seen[0, 0] @ last[0, 0] @ middle[0, 0]
    filters = downsampling(8) @ downsampling(16)
    weights = positions[..., 0] * logits[:, 0]  # of each position and channel
    expected = np.einsum("ih,jw,ijk,ck->hwc", filters, filters, weights, channels)
    found = slopes(discriminator, IMAGES)
    assert np.abs(expected).max() > 1e-3
    for slope in found:  # the same at each image; rounding of float32
        np.testing.assert_allclose(slope, expected, atol=1e-5 * np.abs(expected).max())
    np.testing.assert_allclose(
        discriminator(IMAGES)[:, 0],
        np.einsum("nhwc,hwc->n", IMAGES, expected),
        atol=1e-5,
    )


def _of_class_0(discriminator, images):
    return discriminator([images, tf.zeros(len(images), "int32")])


@pytest.mark.parametrize("num_classes", [None, 4])
def test_the_mean_square_slope_of_first_weights(num_classes):
    """E |grad D|^2 = |A|^4 / 16, A the filter of a side; 1/classes of it with classes.

    A logit's weight of a position and a colour has the variance 1/16 (positions) x 1/3
    (colours), for products of the others keep theirs, and there are 3 colours.
    """
    keras.utils.set_random_seed(0)
    draws = []
    for _ in range(25):
        discriminator = networks.R3GANDiscriminator(
            (8, 8, 3), (32, 32), blocks=1, group_size=8, num_classes=num_classes
        )
        if num_classes is None:
            slope = slopes(discriminator, IMAGES[:1, :8, :8])
        else:
            of_class = functools.partial(_of_class_0, discriminator)
            slope = slopes(of_class, IMAGES[:1, :8, :8])
        draws.append(np.sum(slope**2))
    expected = np.sum(downsampling(8) ** 2) ** 2 / 16 / (num_classes or 1)
    error = np.std(draws) / math.sqrt(len(draws))
    assert abs(np.mean(draws) - expected) < 4 * error
    assert error < 0.15 * expected


def test_first_weights():
    """N(0, gain/sqrt(fan_in)); in a block sqrt(2/1.04) L^(-1/4), of L = 6 blocks."""
    generator, discriminator = (
        make((16, 16, 3), widths=(64, 48, 32), num_classes=5)
        for make in (networks.R3GANGenerator, networks.R3GANDiscriminator)
    )
    gain = math.sqrt(2 / 1.04) * 6**-0.25
    deviations = {
        "start": 1 / math.sqrt(128),  # 64 latents beside 64 numbers of the class
        "start_maps": 1,
        "classes": 1 / math.sqrt(5),
        "images": 1 / math.sqrt(32),
        "stage_1_block_1_expand": gain / math.sqrt(64),
        "stage_3_block_2_expand": gain / math.sqrt(32),
        "stage_1_block_2_grouped": gain / math.sqrt(9 * 16),
        "stage_2_block_1_contract": 0,
        "stage_2_width": 1 / math.sqrt(64),
    }
    _assert_deviations(generator, deviations)
    del deviations["start"], deviations["start_maps"], deviations["images"]
    deviations |= {
        "classes": 1 / math.sqrt(5 * 64),
        "seen": 1 / math.sqrt(3),
        "stage_2_width": 1 / math.sqrt(48),
        "positions": 1 / 4,
        "projected": 1 / math.sqrt(64),
    }
    _assert_deviations(discriminator, deviations)
    with_bias = {  # and no other
        f"stage_{stage}_block_{block}_{part}"
        for stage in (1, 2, 3)
        for block in (1, 2)
        for part in ("expand", "grouped")
    }
    for network in (generator, discriminator):
        found = [x for x in network.layers if getattr(x, "bias", None) is not None]
        assert {layer.name for layer in found} == with_bias
        assert all(not layer.bias.numpy().any() for layer in found)


def _assert_deviations(network, deviations):
    for name, deviation in deviations.items():
        values = network.get_layer(name).get_weights()[0]
        # 5 standard errors of a deviation: the smallest layer has 96 numbers
        error = 5 * deviation / math.sqrt(2 * values.size)
        assert abs(np.sqrt(np.mean(values**2)) - deviation) <= error, name


def test_two_layers_share_no_first_weights():
    generator, _ = pair()
    one, other = (
        generator.get_layer(f"stage_1_block_{n}_expand").get_weights()[0]
        for n in (1, 2)
    )
    assert abs(one - other).max() > 0.1


def test_the_generator_ends_in_no_tanh():
    """At the start it is linear in the latents, and goes beyond [-1, 1]."""
    generator, discriminator = pair()
    assert activations.last_activation(generator) == "linear"
    assert activations.last_activation(discriminator) == "linear"
    one, ten = generator(LATENTS).numpy(), generator(10 * LATENTS).numpy()
    np.testing.assert_allclose(ten, 10 * one, rtol=1e-4, atol=1e-4)
    assert ten.min() < -1 and ten.max() > 1


def _spread(network):
    random = np.random.default_rng(1)
    for variable in network.trainable_variables:
        variable.assign(random.normal(0.0, 0.3, variable.shape))


def test_each_row_is_its_own_class_s():
    generator, discriminator = pair(num_classes=3)
    labels, changed = np.array([0, 1, 2, 1, 0]), np.array([0, 1, 2, 1, 1])
    for network, rows in ((generator, LATENTS), (discriminator, IMAGES)):
        _spread(network)
        made = np.asarray(network([rows, labels]))
        other = np.asarray(network([rows, changed]))
        scale = abs(made).max()
        np.testing.assert_allclose(made[:4], other[:4], atol=1e-5 * scale)
        assert abs(made[4] - other[4]).max() > 1e-3 * scale


def test_projection_by_hand():
    _, discriminator = pair(num_classes=3)
    _spread(discriminator)
    labels = np.array([0, 1, 2, 1, 0])
    features = keras.Model(
        discriminator.inputs[0], discriminator.get_layer("projected").output
    )(IMAGES)
    [vectors] = discriminator.get_layer("classes").get_weights()
    expected = np.sum(features.numpy() * vectors[labels], axis=1, keepdims=True)
    found = discriminator([IMAGES, labels])
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_a_class_head_fits_its_features():
    _, discriminator = pair()
    both = backbone.discriminator_with_features(discriminator)
    logits, features = both(IMAGES)
    assert networks.ClassHead(WIDTHS[0], 7)(features).shape == (5, 7)
    [kernel] = discriminator.get_layer("logits").get_weights()
    np.testing.assert_allclose(logits, features.numpy() @ kernel, atol=1e-5)


def test_bfloat16_but_at_the_smallest_side():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator, discriminator = pair()
    finally:
        keras.config.set_dtype_policy("float32")
    full = ("start", "stage_1", "images", "positions", "features", "logits")
    for network in (generator, discriminator):
        for layer in network.layers[1:]:
            exact = layer.name.startswith(full)
            assert layer.compute_dtype == ("float32" if exact else "bfloat16")
            assert layer.variable_dtype == "float32"
    assert generator(LATENTS).dtype == discriminator(IMAGES).dtype == "float32"


@pytest.mark.parametrize("make", [networks.R3GANGenerator, networks.R3GANDiscriminator])
def test_float16_is_refused(make):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        with pytest.raises(ValueError, match="float16.*'mixed_bfloat16' or 'float32'"):
            make((8, 8, 1), widths=(8, 8))
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("make", [networks.R3GANGenerator, networks.R3GANDiscriminator])
@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((30, 30, 3), {}, "so 28 and 32 are the nearest sizes"),
        ((20, 15, 3), {}, "nearest size"),
        ((64, 64, 3), {}, "4, 8, 16, 32, 64 pixels, so 5 of them.*4.*images of 32"),
        ((28, 28, 1), {"widths": (8,)}, r"7, 14, 28 pixels, so 3.*widths=\(8,\)"),
        ((8, 8, 1), {"widths": (8, 0)}, "widths"),
        ((8, 8, 1), {"widths": 8}, "widths is a tuple"),
        ((8, 8, 1), {"widths": (24, 12)}, r"group_size=16.* divide 2 \* 12. Use 24"),
        ((8, 8, 1), {"widths": (8, 8), "blocks": 0}, "blocks"),
        ((8, 8, 1), {"widths": (8, 8), "group_size": 0}, "group_size"),
        ((8, 8, 1), {"widths": (8, 8), "num_classes": 0}, "num_classes"),
    ],
)
def test_bad_arguments(make, shape, options, message):
    with pytest.raises(ValueError, match=message):
        make(shape, **options)


def test_a_generator_makes_no_images_of_five_channels():
    with pytest.raises(ValueError, match="1 to 4 channels"):
        networks.R3GANGenerator((8, 8, 5), widths=(8, 8))
    packed = networks.R3GANDiscriminator((8, 8, 6), widths=(8, 8))
    assert packed.input_shape == (None, 8, 8, 6)


@pytest.mark.parametrize("name", [None, "mine"])
def test_a_network_has_its_own_name(name):
    expected = name or "r3gan_generator"
    made = networks.R3GANGenerator((8, 8, 1), 2, (4, 4), 1, 4, name=name)
    assert made.name.startswith(expected)
    expected = name or "r3gan_discriminator"
    made = networks.R3GANDiscriminator((8, 8, 1), (4, 4), 1, 4, name=name)
    assert made.name.startswith(expected)
