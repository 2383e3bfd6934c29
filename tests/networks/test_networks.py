"""Networks: shapes, layers, what they start from, and what they refuse."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from keras_gan import networks
from keras_gan.core.randomness import seed_of
from keras_gan.networks import mlp
from keras_gan.networks.shapes import fits, halvings
from keras_gan.priors import Normal

SIZES = [(8, 8), (28, 28), (32, 32), (48, 48), (64, 64), (128, 128), (32, 64), (12, 40)]


@pytest.mark.parametrize(
    "shape", [(*size, 3) for size in SIZES] + [(8, 8, c) for c in (1, 2, 4)]
)
def test_dcgan_makes_and_takes_the_size(shape):
    generator = networks.DCGANGenerator(shape, latent_dim=3, filters=2)
    discriminator = networks.DCGANDiscriminator(shape, filters=2)
    images = generator(np.ones((2, 3), "float32"), training=False)
    assert images.shape == (2, *shape)
    assert discriminator(images, training=False).shape == (2, 1)


@pytest.mark.parametrize(
    ("side", "depth"), [(8, 1), (28, 2), (32, 3), (48, 3), (64, 4), (128, 5)]
)
def test_the_start_side_is_4_to_7(side, depth):
    assert halvings(side, side) == depth
    generator = networks.DCGANGenerator((side, side, 1), latent_dim=2, filters=2)
    start = next(x for x in generator.layers if isinstance(x, keras.layers.Reshape))
    assert start.target_shape[:2] == (side >> depth, side >> depth)
    assert 4 <= side >> depth <= 7


@given(st.integers(1, 300), st.integers(1, 300))
def test_every_size_fits_or_names_sizes_that_fit(height, width):
    shape = (height, width, 1)
    if fits(height, width):
        assert 4 <= min(height, width) >> halvings(height, width) <= 7
        return
    with pytest.raises(ValueError, match="nearest") as error:
        networks.shapes.check_depth(shape, "Network")
    suggested = str(error.value).split("image_size=")[-1].split(" to datasets")[0]
    sides = [int(side) for side in suggested.strip("()").split(",")]
    assert fits(sides[0], sides[-1])


def test_a_size_that_does_not_fit_names_the_nearest():
    with pytest.raises(ValueError, match="so 28 and 32 are the nearest sizes") as error:
        networks.DCGANGenerator((30, 30, 1), latent_dim=2)
    assert "image_size=28 to datasets.load" in str(error.value)


def test_dcgan_layers():
    generator = networks.DCGANGenerator((32, 32, 3), latent_dim=4, filters=4)
    discriminator = networks.DCGANDiscriminator((32, 32, 3), filters=4)
    kinds = [type(layer).__name__ for layer in generator.layers]
    assert kinds.count("Conv2DTranspose") == 3
    assert kinds.count("BatchNormalization") == 3  # all but the output
    assert kinds[-2:] == ["Conv2DTranspose", "Activation"]
    kinds = [type(layer).__name__ for layer in discriminator.layers]
    assert kinds[1:3] == ["Conv2D", "LeakyReLU"]  # none at the input
    assert kinds.count("Conv2D") == 3 and kinds.count("BatchNormalization") == 2
    assert not any("Pool" in kind for kind in kinds)
    momenta = {x.momentum for x in generator.layers if hasattr(x, "momentum")}
    assert momenta == {0.9}


@pytest.mark.parametrize(
    ("depth", "field"), [(1, 4), (None, 10), (4, 27)], ids=["1", "mirror", "4"]
)
def test_what_a_feature_of_the_discriminator_has_seen(depth, field):
    """3 * 2^n - 2 pixels of a side after n convolutions; at last all but an edge."""
    discriminator = networks.DCGANDiscriminator(
        (28, 28, 1), filters=2, normalization=None, depth=depth
    )
    convolutions = depth or 2
    side = 28
    for _ in range(convolutions):
        side = -(-side // 2)
    features = keras.Model(discriminator.inputs, discriminator.layers[-2].input)
    assert features.output_shape == (None, side, side, 2 << (convolutions - 1))
    image = tf.Variable(np.random.default_rng(0).normal(size=(1, 28, 28, 1)))
    with tf.GradientTape() as tape:
        middle = tf.reduce_sum(features(image)[0, side // 2, side // 2])
    seen = np.abs(tape.gradient(middle, image)).max(axis=(0, 2, 3)) > 0
    assert seen.sum() == field


def test_dcgan_starts_from_a_narrow_normal():
    generator = networks.DCGANGenerator((32, 32, 3), latent_dim=64, filters=32)
    kernels = [v.numpy() for v in generator.trainable_variables if v.name == "kernel"]
    assert len(kernels) == 4
    for kernel in kernels:  # 4 standard errors of a deviation, 0.02 / sqrt(2 n)
        assert abs(kernel.std() - 0.02) < 4 * 0.02 / np.sqrt(2 * kernel.size)
        assert abs(kernel.mean()) < 4 * 0.02 / np.sqrt(kernel.size)
    starts = [kernel.ravel()[:50] for kernel in kernels]
    assert not np.allclose(starts[1], starts[2])  # no two layers share their numbers


@pytest.mark.parametrize(
    ("normalization", "layer"),
    [("batch", "BatchNormalization"), ("layer", "GroupNormalization"), (None, None)],
)
def test_normalizations(normalization, layer):
    for make in (
        lambda n: networks.DCGANGenerator((16, 16, 1), 2, filters=2, normalization=n),
        lambda n: networks.DCGANDiscriminator((16, 16, 1), filters=2, normalization=n),
    ):
        kinds = {type(x).__name__ for x in make(normalization).layers}
        found = kinds & {"BatchNormalization", "GroupNormalization"}
        assert found == ({layer} if layer else set())


def test_a_spectral_discriminator_keeps_its_biases():
    network = networks.DCGANDiscriminator((16, 16, 1), 2, normalization="spectral")
    kinds = [type(x).__name__ for x in network.layers]
    assert kinds.count("SpectralNormalization") == 3  # every layer with weights
    assert not {"Conv2D", "Dense", "BatchNormalization"} & set(kinds)
    names = [v.name for v in network.trainable_variables]
    assert names == ["kernel", "bias"] * 3
    assert [v.name for v in network.non_trainable_variables] == ["u"] * 3


def test_a_generator_has_no_spectral_normalization():
    with pytest.raises(ValueError, match="'batch', 'layer' or None.*'spectral'"):
        networks.DCGANGenerator((8, 8, 1), 4, normalization="spectral")


def test_mlp_of_vectors_is_linear_at_its_end():
    generator = networks.MLPGenerator((2,), latent_dim=3, widths=())
    kernel, bias = generator.get_weights()
    latents = np.random.default_rng(0).normal(size=(5, 3)).astype("float32") * 9
    np.testing.assert_allclose(generator(latents), latents @ kernel + bias, rtol=1e-5)
    assert networks.MLPDiscriminator((2,), widths=(4,)).output_shape == (None, 1)


@pytest.mark.parametrize(
    ("activation", "function"),
    [
        ("linear", lambda x: x),
        ("tanh", np.tanh),
        ("sigmoid", lambda x: 1 / (1 + np.exp(-x))),
        ("softplus", lambda x: np.logaddexp(0, x)),
    ],
)
def test_the_affine_generator_is_f_of_w_z_plus_b(activation, function):
    generator = networks.MLPGenerator(
        (2,), latent_dim=3, widths=(), activation=activation
    )
    generator.set_weights([*generator.get_weights()[:1], np.array([0.5, -2.0])])
    kernel, bias = generator.get_weights()
    latents = np.random.default_rng(0).normal(size=(50, 3)).astype("float32")
    found = np.asarray(generator(latents))
    np.testing.assert_allclose(found, function(latents @ kernel + bias), atol=1e-6)
    low, high = (float(end) for end in mlp.RANGES[activation].strip("()").split(","))
    assert low < found.min() and found.max() < high


def test_a_linear_affine_generator_draws_a_normal_distribution():
    """N(0, I) becomes N(b, W W^T): rank 1 here, since the latent has one number."""
    generator = networks.MLPGenerator((2,), latent_dim=1, widths=())
    kernel = np.array([[3.0, -4.0]])
    generator.set_weights([kernel, np.array([1.0, 2.0])])
    rows = 20_000
    samples = np.asarray(generator(Normal(1)(rows, seed_of(0, "test"))))
    covariance = kernel.T @ kernel
    variances = np.diag(covariance)  # 4 standard errors, as of any normal sample
    assert (abs(samples.mean(axis=0) - [1, 2]) < 4 * np.sqrt(variances / rows)).all()
    errors = np.sqrt((np.outer(variances, variances) + covariance**2) / rows)
    assert (abs(np.cov(samples.T) - covariance) < 4 * errors).all()
    along = (samples - [1, 2]) @ [4.0, 3.0]  # at right angles to the line
    assert abs(along).max() < 1e-4  # float32 rounding of numbers below 100


def test_mlp_images_lie_in_the_tanh_range():
    generator = networks.MLPGenerator((4, 4, 3), latent_dim=3)
    images = np.asarray(generator(np.full((2, 3), 100.0, "float32")))
    assert images.shape == (2, 4, 4, 3) and np.abs(images).max() <= 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: networks.MLPGenerator((4, 4), 2), "height, width, channels"),
        (lambda: networks.MLPGenerator((4, 4, 5), 2), "1 to 4 channels"),
        (lambda: networks.MLPGenerator((4, 4, 1), 0), "latent_dim"),
        (lambda: networks.MLPGenerator((4, 4, 1), 2, widths=(0,)), "widths"),
        (lambda: networks.MLPGenerator((4, 4, 1), 2, widths=5), "widths is a tuple"),
        (
            lambda: networks.MLPGenerator((4,), 2, activation="relu"),
            r"'softplus' \(0, inf",
        ),
        (lambda: networks.MLPGenerator((4,), 2, activation=abs), "activation is None"),
        (
            lambda: networks.MLPGenerator((4, 4, 1), 2, activation="sigmoid"),
            "end.*tanh",
        ),
        (lambda: networks.MLPDiscriminator(8), "sample_shape=8"),
        (lambda: networks.MLPDiscriminator((4,), dropout=1.0), r"\[0, 1\)"),
        (lambda: networks.DCGANDiscriminator((8, 8, 1), normalization="x"), "'batch'"),
        (lambda: networks.DCGANDiscriminator((8, 8, 1), filters=0), "filters"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("network", [networks.DCGANGenerator, networks.MLPGenerator])
def test_a_misspelt_argument_is_no_silent_default(network):
    with pytest.raises(TypeError, match="filter_"):
        network((8, 8, 1), 4, filter_=32)
