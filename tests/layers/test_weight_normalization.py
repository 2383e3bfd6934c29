"""w = g v / |v|: the layer, its gradients, and what the data choose."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan.layers import WeightNormalization

DRAW = np.random.default_rng(0)
KINDS = {
    "dense": (lambda **o: keras.layers.Dense(5, **o), DRAW.normal(size=(90, 4))),
    "conv2d": (
        lambda **o: keras.layers.Conv2D(5, 3, strides=2, **o),
        DRAW.normal(size=(40, 7, 7, 2)),
    ),
}
KINDS = {name: (make, x.astype("float32")) for name, (make, x) in KINDS.items()}


def made(kind, scale="trainable", **options):
    make, inputs = KINDS[kind]
    layer = WeightNormalization(make(**options), scale)
    layer.build(inputs.shape)
    return layer, inputs


def plain(kind, kernel, bias, inputs, **options):
    layer = KINDS[kind][0](**options)
    layer.build(inputs.shape)
    layer.set_weights([kernel, bias])
    return layer(inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_output_is_that_of_g_v_over_its_norm(kind):
    layer, inputs = made(kind)
    kernel, bias = (np.asarray(v) for v in layer.layer.weights)
    # It starts as the layer that it wraps
    np.testing.assert_allclose(
        layer(inputs), plain(kind, kernel, bias, inputs), atol=1e-6
    )
    lengths = np.arange(1, 6, dtype="float32")
    layer.length.assign(lengths)
    norms = np.sqrt((kernel.reshape(-1, 5) ** 2).sum(0))
    expected = plain(kind, kernel * (lengths / norms), bias, inputs)
    np.testing.assert_allclose(layer(inputs), expected, rtol=1e-5, atol=1e-5)
    # |v| does not matter, for each unit by itself
    layer.layer.kernel.assign(kernel * np.array([0.1, 2, 30, 1, 7]))
    np.testing.assert_allclose(layer(inputs), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(bias, layer.layer.bias)


def test_the_gradients_are_the_papers():
    """By g: dL/dw . v / |v|. By v: g/|v| (dL/dw - (dL/dw . v) v / |v|^2)."""
    layer = WeightNormalization(keras.layers.Dense(5, dtype="float64"))
    inputs = KINDS["dense"][1].astype("float64")
    layer.build(inputs.shape)
    layer.length.assign(np.array([0.5, 1, 2, 3, 4]))
    v, g = layer.layer.kernel.numpy(), layer.length.numpy()
    norm = np.linalg.norm(v, axis=0)
    slope = inputs.T @ (3 * np.cos(3 * inputs @ (g * v / norm)))
    by_g = (slope * v).sum(0) / norm
    by_v = g / norm * (slope - (slope * v).sum(0) * v / norm**2)
    variables = [layer.length.value, layer.layer.kernel.value]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(3 * layer(inputs)))
    found = tape.gradient(loss, variables)
    np.testing.assert_allclose(found[0], by_g, rtol=1e-9)
    np.testing.assert_allclose(found[1], by_v, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("activation", [None, "relu"])
@pytest.mark.parametrize("kind", KINDS)
def test_adapted_units_have_mean_0_and_deviation_1(kind, activation):
    layer, inputs = made(kind, "fixed", activation=activation)
    layer.layer.bias.assign(np.arange(5.0))
    inputs = 3 * inputs + 1
    returned = layer.adapt(inputs)
    np.testing.assert_array_equal(returned, layer(inputs))
    assert keras.activations.serialize(layer.layer.activation) == (
        activation or "linear"
    )
    layer.layer.activation = None
    before = np.asarray(layer(inputs)).reshape(-1, 5)
    np.testing.assert_allclose(before.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(before.std(0), 1, atol=1e-5)


def test_adapting_without_a_bias_and_on_equal_inputs():
    layer, inputs = made("dense", use_bias=False)
    made_before = np.asarray(layer(inputs))
    layer.adapt(inputs)
    np.testing.assert_allclose(
        layer(inputs), made_before / made_before.std(0), rtol=1e-5, atol=1e-6
    )
    lengths = layer.length.numpy()
    layer.adapt(np.repeat(inputs[:1], 8, axis=0))  # no deviation: nothing to divide by
    np.testing.assert_array_equal(lengths, layer.length)


def test_a_fixed_scale_does_not_move():
    for scale, names in (
        ("trainable", ["kernel", "bias", "length"]),
        ("fixed", ["kernel", "bias"]),
    ):
        layer, _ = made("dense", scale)
        assert sorted(v.name for v in layer.trainable_variables) == sorted(names)


def test_a_vector_of_zeros_gives_a_finite_output_and_slope():
    layer, inputs = made("dense")
    layer.layer.kernel.assign(layer.layer.kernel * np.array([0.0, 1, 1, 1, 1]))
    with tf.GradientTape() as tape:
        outputs = layer(inputs)
    np.testing.assert_array_equal(outputs[:, 0], 0)
    assert np.isfinite(tape.gradient(outputs, layer.layer.kernel.value)).all()


@pytest.mark.parametrize("xla", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_way_of_running_agrees(kind, xla):
    layer, inputs = made(kind)
    call = tf.function(layer.__call__, jit_compile=xla)
    np.testing.assert_allclose(layer(inputs), call(inputs), atol=1e-6)


def test_half_precision_keeps_the_length_in_single():
    layer = WeightNormalization(keras.layers.Dense(5, dtype="mixed_float16"))
    inputs = KINDS["dense"][1]
    outputs = layer(inputs)
    assert outputs.dtype == "float16" and layer.length.value.dtype == "float32"
    kernel, bias = (np.asarray(v) for v in layer.layer.weights)
    np.testing.assert_allclose(
        outputs, plain("dense", kernel, bias, inputs), rtol=5e-3, atol=5e-3
    )


def test_loading_keeps_the_length(tmp_path):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, WeightNormalization(keras.layers.Dense(5))(inputs))
    model.layers[-1].adapt(KINDS["dense"][1])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    rows = KINDS["dense"][1]
    np.testing.assert_array_equal(model(rows), loaded(rows))


def test_a_first_length():
    """Each unit's vector is as long, whatever the kernel's own length is."""
    layer = WeightNormalization(keras.layers.Dense(3, use_bias=False), length=2.0)
    made = layer(np.eye(5, dtype="float32")).numpy()  # the rows of w
    np.testing.assert_allclose(np.linalg.norm(made, axis=0), 2.0, rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: WeightNormalization(keras.layers.ReLU()), "Received: <ReLU"),
        (lambda: WeightNormalization(keras.layers.Dense(1), "free"), "scale='free'"),
        (lambda: WeightNormalization(keras.layers.Dense(1), length=0.0), "length=0.0"),
    ],
    ids=["no weight", "scale", "length"],
)
def test_what_it_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
