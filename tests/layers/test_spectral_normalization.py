"""W / sigma(W) without touching W, against NumPy's singular values."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan.core import effects
from keras_gan.layers import SpectralNormalization

DRAW = np.random.default_rng(0)
IMAGES = DRAW.normal(size=(3, 6, 6, 2)).astype("float32")
VECTORS = DRAW.normal(size=(3, 4)).astype("float32")

# A layer, its inputs, and its kernel as the paper's matrix (outputs, the rest).
KINDS = {
    "dense": (lambda: keras.layers.Dense(5), VECTORS, lambda w: w.T),
    "conv2d": (
        lambda: keras.layers.Conv2D(5, 3, strides=2),
        IMAGES,
        lambda w: w.reshape(-1, 5).T,
    ),
    "conv2d_transpose": (
        lambda: keras.layers.Conv2DTranspose(5, 3),
        IMAGES,
        lambda w: w.transpose(2, 0, 1, 3).reshape(5, -1),
    ),
    "embedding": (lambda: keras.layers.Embedding(7, 5), np.arange(3), lambda w: w.T),
}


def sigma(matrix):
    return np.linalg.svd(matrix, compute_uv=False)[0]


def made(kind, iterations=1, training_calls=0, **options):
    make, inputs, matrix = KINDS[kind]
    layer = SpectralNormalization(make(), iterations, **options)
    layer.build(inputs.shape)
    for _ in range(training_calls):
        layer(inputs, training=True)
    return layer, inputs, matrix


@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_output_is_that_of_the_kernel_with_norm_one(kind, training):
    layer, inputs, matrix = made(kind, training_calls=200)
    kernel = layer.kernel.numpy()
    plain = KINDS[kind][0]()
    plain.build(inputs.shape)
    weights = layer.layer.get_weights()
    plain.set_weights([kernel / sigma(matrix(kernel)), *weights[1:]])
    # sigma is found to the square of u's error, which is float32's here
    np.testing.assert_allclose(
        layer(inputs, training=training), plain(inputs), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_changes_u_only_and_only_in_training(kind):
    layer, inputs, _ = made(kind)
    before, u = layer.layer.get_weights(), layer.u.numpy()
    layer(inputs, training=False)
    np.testing.assert_array_equal(u, layer.u)
    layer(inputs, training=True)
    assert abs(u - layer.u.numpy()).max() > 1e-3
    for a, b in zip(before, layer.layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", KINDS)
def test_power_iteration_is_the_papers(kind):
    layer, inputs, matrix = made(kind, iterations=3)
    weight = matrix(layer.kernel.numpy()).astype("float64")
    u = layer.u.numpy()
    for _ in range(3):
        v = weight.T @ u / np.linalg.norm(weight.T @ u)
        u = weight @ v / np.linalg.norm(weight @ v)
    layer(inputs, training=True)
    np.testing.assert_allclose(layer.u, u, atol=1e-6)


@pytest.mark.parametrize("training_calls", [0, 200], ids=["first call", "converged"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_is_orthogonal_to_the_weight(kind, training_calls):
    """The output does not change with c > 0 in c W, so its slope along W is 0."""
    layer, inputs, _ = made(kind, training_calls=training_calls)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(3 * layer(inputs, training=True)))
    gradient = tape.gradient(loss, layer.kernel.value)
    gradient = tf.convert_to_tensor(gradient).numpy()
    kernel = layer.kernel.numpy()
    size = np.linalg.norm(kernel) * np.linalg.norm(gradient)
    assert size > 0.1
    assert abs(np.vdot(kernel, gradient)) < 1e-5 * size


def test_the_gradient_goes_through_sigma():
    """Against central differences of the singular value decomposition, in float64."""
    layer = SpectralNormalization(keras.layers.Dense(5, dtype="float64"))
    inputs = VECTORS.astype("float64")
    layer.build(inputs.shape)
    for _ in range(400):
        layer(inputs, training=True)
    kernel = layer.kernel.numpy()

    def loss(kernel):
        return np.sin(3 * inputs @ kernel / sigma(kernel)).sum()

    with tf.GradientTape() as tape:
        found = tf.reduce_sum(tf.sin(3 * layer(inputs, training=True)))
    gradient = tape.gradient(found, layer.kernel.value).numpy()
    assert float(found) == pytest.approx(loss(kernel), rel=1e-9)
    for index in np.ndindex(kernel.shape):
        step = np.zeros_like(kernel)
        step[index] = 1e-6
        slope = (loss(kernel + step) - loss(kernel - step)) / 2e-6
        assert gradient[index] == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_eager_graph_and_xla_agree(kind):
    results = []
    for way in ("eager", "graph", "xla"):
        keras.utils.set_random_seed(4)
        layer, inputs, _ = made(kind)
        call = layer.__call__
        if way != "eager":
            call = tf.function(call, jit_compile=way == "xla")
        outputs = [np.asarray(call(inputs, training=True)) for _ in range(3)]
        results.append([*outputs, layer.u.numpy()])
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-6)


def test_the_scope_around_a_call_holds_the_change_of_u_and_the_values():
    """As the game's objectives and `stateless_call` need it."""
    layer, inputs, _ = made("dense")
    u = layer.u.numpy()
    with effects.captured() as scope:
        layer(inputs, training=True)
        layer(inputs, training=True)  # goes on from the first call's u
    np.testing.assert_array_equal(u, layer.u)
    captured = np.asarray(scope.get_current_value(layer.u))
    for _ in range(2):
        layer(inputs, training=True)
    np.testing.assert_array_equal(captured, layer.u)
    kernel, bias = (v.numpy() for v in layer.trainable_variables)
    output, _ = layer.stateless_call(
        [2 * kernel, bias + 1], [v.value for v in layer.non_trainable_variables], inputs
    )
    np.testing.assert_allclose(output, np.asarray(layer(inputs)) + 1, atol=1e-6)


def test_a_kernel_of_zeros_has_a_gradient_and_keeps_u():
    plain = keras.layers.Dense(2, kernel_initializer="zeros", use_bias=False)
    layer = SpectralNormalization(plain)
    layer.build(VECTORS.shape)
    u = layer.u.numpy()
    with tf.GradientTape() as tape:
        outputs = layer(VECTORS, training=True)
    np.testing.assert_array_equal(outputs, np.zeros((3, 2)))
    np.testing.assert_array_equal(u, layer.u)
    gradient = tape.gradient(outputs, layer.kernel.value)  # of X W by W
    expected = np.repeat(VECTORS.sum(0)[:, None], 2, axis=1)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6)


def test_half_precision_keeps_u_and_sigma_in_single():
    layer = SpectralNormalization(keras.layers.Dense(5, dtype="mixed_float16"))
    for _ in range(100):
        outputs = layer(VECTORS, training=True)
    assert outputs.dtype == "float16" and layer.u.value.dtype == "float32"
    kernel = layer.kernel.numpy()
    expected = VECTORS @ kernel / sigma(kernel)
    np.testing.assert_allclose(outputs, expected, rtol=5e-3, atol=5e-3)


def test_loading_keeps_u(tmp_path):
    inputs = keras.Input((4,))
    hidden = SpectralNormalization(keras.layers.Dense(5), power_iterations=2)(inputs)
    model = keras.Model(inputs, hidden)
    for _ in range(2):
        model(VECTORS, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.layers[-1].power_iterations == 2
    np.testing.assert_array_equal(model.layers[-1].u, loaded.layers[-1].u)
    np.testing.assert_array_equal(
        model(VECTORS, training=True), loaded(VECTORS, training=True)
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SpectralNormalization(keras.layers.ReLU()), "Received: <ReLU"),
        (lambda: SpectralNormalization(keras.layers.DepthwiseConv2D(3)), "Conv2D"),
        (lambda: SpectralNormalization(keras.layers.Dense(1), 0), "power_iterations=0"),
    ],
    ids=["no weight", "another matrix", "no iteration"],
)
def test_what_it_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
