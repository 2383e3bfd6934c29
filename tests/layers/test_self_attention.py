"""Self-attention against loops over positions, and its derivatives by differences."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan.divergences.batch_dependence import depends_on_batch
from keras_gan.layers import SelfAttention, SpectralNormalization

SHAPE = (4, 6, 16)
MAPS = np.random.default_rng(0).normal(size=(2, *SHAPE))
NAMES = ("query", "key", "value", "output_map")
EXAMPLES = [SelfAttention("spectral", name="attention")]


def built(normalization=None, gamma=0.7, dtype="float64"):
    """A layer with weights of order 1, so that attention is far from even."""
    layer = SelfAttention(normalization, dtype=dtype)
    layer.build((None, *SHAPE))
    random = np.random.default_rng(1)
    for variable in layer.trainable_variables:
        variable.assign(random.normal(0.0, 0.4, variable.shape))
    layer.gamma.assign(gamma)
    return layer


def kernels(layer):
    return [getattr(layer, name).kernel.numpy()[0, 0] for name in NAMES]


def by_loops(maps, weights, gamma):
    """y_j = x_j + gamma W_v sum_i softmax_i(f(x_i) . g(x_j)) h(x_i), i over squares."""
    w_query, w_key, w_value, w_out = weights
    outputs = np.array(maps)
    height, width = maps.shape[1:3]
    for row, x in enumerate(maps):
        keys, values = [], []
        for top, left in itertools.product(range(0, height, 2), range(0, width, 2)):
            square = x[top : top + 2, left : left + 2].reshape(4, -1)
            keys.append((square @ w_key).max(axis=0))
            values.append((square @ w_value).max(axis=0))
        for place in itertools.product(range(height), range(width)):
            scores = np.exp([key @ (x[place] @ w_query) for key in keys])
            seen = (scores / scores.sum()) @ np.array(values)
            outputs[row][place] += gamma * seen @ w_out
    return outputs


def test_it_equals_the_loops():
    layer = built()
    shapes = [kernel.shape for kernel in kernels(layer)]
    assert shapes == [(16, 2), (16, 2), (16, 8), (8, 16)]  # C/8, C/8, C/2
    expected = by_loops(MAPS, kernels(layer), 0.7)
    np.testing.assert_allclose(layer(MAPS), expected, rtol=0, atol=1e-12)
    assert abs(expected - MAPS).max() > 0.5  # it does look
    assert layer.compute_output_shape((None, *SHAPE)) == (None, *SHAPE)


def test_it_begins_as_the_identity():
    layer = SelfAttention()
    maps = MAPS.astype("float32")
    np.testing.assert_array_equal(layer(maps, training=True), maps)
    assert layer.gamma.shape == () and float(layer.gamma) == 0
    assert all(abs(kernel).max() > 0 for kernel in kernels(layer))  # gamma can move


WAYS = {
    "eager": lambda function: function,
    "graph": tf.function,
    "xla": lambda function: tf.function(function, jit_compile=True),
}
WEIGHTS = np.random.default_rng(2).normal(size=MAPS.shape)  # of a sum of the outputs


@pytest.mark.parametrize("way", WAYS)
def test_first_derivatives(way):
    """By inputs and by every weight, along random directions, of the loops."""
    layer = built()
    before = kernels(layer), float(layer.gamma)

    def gradients(maps):
        with tf.GradientTape() as tape:
            tape.watch(maps)
            total = tf.reduce_sum(WEIGHTS * layer(maps))
        variables = [getattr(layer, name).kernel.value for name in NAMES]
        return tape.gradient(total, [maps, *variables, layer.gamma.value])

    found = [tf.convert_to_tensor(g).numpy() for g in WAYS[way](gradients)(_tensor())]
    random = np.random.default_rng(3)
    points = [MAPS, *before[0], np.array(before[1])]
    for place, point in enumerate(points):
        way_there = random.normal(size=point.shape)

        def total(step, place=place, way_there=way_there):
            moved = list(points)
            moved[place] = moved[place] + step * way_there
            return (WEIGHTS * by_loops(moved[0], moved[1:-1], moved[-1])).sum()

        slope = (total(1e-6) - total(-1e-6)) / 2e-6  # its error: 1e-12, rounding 1e-8
        along = (found[place].reshape(point.shape) * way_there).sum()
        assert along == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("way", WAYS)
def test_second_derivatives(way):
    """Of |grad|^2, as in a gradient penalty, against differences of the gradient."""
    layer = built()

    def slope(maps):
        with tf.GradientTape() as tape:
            tape.watch(maps)
            total = tf.reduce_sum(WEIGHTS * layer(maps))
        return tf.reduce_sum(tf.square(tape.gradient(total, maps)))

    def by_maps(maps):
        with tf.GradientTape() as tape:
            tape.watch(maps)
            penalty = slope(maps)
        return tape.gradient(penalty, [maps, layer.key.kernel.value])

    found = [tf.convert_to_tensor(g).numpy() for g in WAYS[way](by_maps)(_tensor())]
    direction = np.random.default_rng(4).normal(size=MAPS.shape)
    ends = [float(slope(_tensor(MAPS + step * direction))) for step in (1e-6, -1e-6)]
    along = (found[0] * direction).sum()
    assert along == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6)
    kernel = layer.key.kernel.numpy()
    direction = np.random.default_rng(5).normal(size=kernel.shape)
    ends = []
    for step in (1e-6, -1e-6):
        layer.key.kernel.assign(kernel + step * direction)
        ends.append(float(slope(_tensor())))
    along = (found[1] * direction).sum()
    assert along == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6)


def _tensor(maps=MAPS):
    return tf.constant(maps)


def test_spectral_weights_are_divided_by_their_norms():
    layer = built("spectral", dtype="float32")
    inside = [getattr(layer, name) for name in NAMES]
    assert all(isinstance(one, SpectralNormalization) for one in inside)
    maps = MAPS.astype("float32")
    train = tf.function(lambda: layer(maps, training=True))
    for _ in range(200):  # of the power iteration
        train()
    weights = [kernel / np.linalg.norm(kernel, 2) for kernel in kernels(layer)]
    expected = by_loops(maps, weights, 0.7)
    np.testing.assert_allclose(layer(maps, training=False), expected, atol=1e-5)
    before = [one.u.numpy() for one in inside]
    layer(maps, training=False)  # inference forgets its iteration
    for one, u in zip(inside, before, strict=True):
        np.testing.assert_array_equal(one.u, u)


def test_half_precision():
    layer = built(dtype="mixed_float16")
    found = layer(MAPS.astype("float16"))
    assert found.dtype == "float16" and layer.gamma.dtype == "float32"
    expected = by_loops(MAPS, kernels(layer), 0.7)
    assert abs(np.asarray(found) - expected).max() < 0.02  # eps 1e-3 of scores of 10


@pytest.mark.parametrize("normalization", [None, "spectral"])
def test_a_sample_looks_at_itself_only(normalization):
    layer = built(normalization, dtype="float32")
    assert not depends_on_batch(lambda x: layer(x, training=True), SHAPE)


def test_a_file_keeps_what_was_learned(tmp_path):
    inputs = keras.Input(SHAPE)
    model = keras.Model(inputs, SelfAttention("spectral", name="attention")(inputs))
    layer = model.get_layer("attention")
    layer.gamma.assign(0.5)
    maps = MAPS.astype("float32")
    model(maps, training=True)  # u moves
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(maps), model(maps))
    assert float(loaded.get_layer("attention").gamma) == 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SelfAttention("batch"), "'spectral' or None.*'batch'"),
        (lambda: SelfAttention()(np.ones((2, 7, 8, 4))), r"even sides.*\(2, 7, 8, 4\)"),
        (lambda: SelfAttention()(np.ones((2, 8))), r"even sides.*\(2, 8\)"),
        (lambda: SelfAttention()(keras.Input((None, 8, 4))), "known when it is built"),
    ],
    ids=["normalization", "odd side", "vectors", "unknown side"],
)
def test_what_it_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
