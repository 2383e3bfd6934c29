"""Adam by one kernel: Keras' numbers, in every way of running and with every option."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras.optimizers import Adam, AdamW

from keras_gan.core import adam

SHAPES = ((3, 4), (4,), ())


def gradients(steps, scale=1.0):
    rng = np.random.default_rng(0)
    return [
        [np.float32(scale * rng.normal(size=shape)) for shape in SHAPES]
        for _ in range(steps)
    ]


def trained(optimizer, given_gradients, fused, run="eager"):
    """Weights and moments after the steps."""
    rng = np.random.default_rng(1)
    weights = [
        keras.Variable(rng.normal(size=shape), dtype="float32") for shape in SHAPES
    ]
    optimizer.build(weights)
    if fused:
        adam.fuse(optimizer)

    def step(*slopes):
        optimizer.apply(list(slopes), weights)

    if run != "eager":
        step = tf.function(step, jit_compile=run == "xla")
    for slopes in given_gradients:
        step(*map(tf.constant, slopes))
    return [np.asarray(v) for v in (*weights, *optimizer.variables)]


# 1 - float32(0.999) is 1.3e-5 less than 0.001, which second moments are taken with; of
# the steps it is half. Beside it a dozen operations round: 8 units in the last place.
MOMENTS, STEPS, ROUNDED = 1.5e-5, 7.5e-6, 1e-6


def assert_near(found, expected, path=0.0):
    """Weights that have moved by `path` at most, and moments, within the roundings."""
    number = len(SHAPES)
    for place, (one, other) in enumerate(zip(found, expected, strict=True)):
        size = np.abs(other).max(initial=0.0)
        of_weight = ROUNDED * size + STEPS * path
        tolerance = of_weight if place < number else MOMENTS * size
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance + 1e-37)


@settings(max_examples=30, deadline=None)
@given(
    rate=st.sampled_from([1e-4, 2e-4, 0.01, 0.3]),
    beta_1=st.sampled_from([0.0, 0.5, 0.9]),
    beta_2=st.sampled_from([0.9, 0.99, 0.999]),
    epsilon=st.sampled_from([1e-8, 1e-7, 1e-3]),
    scale=st.sampled_from([1e-8, 1e-3, 1.0, 1e4]),
    steps=st.integers(1, 20),
)
def test_its_numbers_are_keras(rate, beta_1, beta_2, epsilon, scale, steps):
    def optimizer():
        return Adam(rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)

    slopes = gradients(steps, scale)
    expected = trained(optimizer(), slopes, fused=False)
    # A step is at most rate / (1 - beta_1) long (Kingma and Ba, Section 2.1, twice).
    path = steps * rate / (1 - beta_1)
    assert_near(trained(optimizer(), slopes, fused=True), expected, path)


def test_the_first_step_by_hand():
    """m = 0.5 g, v = 0.001 g^2, corrected g and g^2: a step of the rate."""
    [slopes] = gradients(1)
    start = trained(Adam(0.1, beta_1=0.5), [], fused=True)
    found = trained(Adam(0.1, beta_1=0.5, epsilon=0.0), [slopes], fused=True)
    for before, after, slope in zip(start, found, slopes, strict=False):
        np.testing.assert_allclose(after, before - 0.1 * np.sign(slope), atol=1e-5)


@pytest.mark.parametrize("run", ["graph", "xla"])
def test_every_way_of_running(run):
    eager = trained(Adam(0.01), gradients(5), fused=True)
    assert_near(trained(Adam(0.01), gradients(5), fused=True, run=run), eager)


@pytest.mark.parametrize(
    "make",
    [
        lambda: AdamW(0.01, weight_decay=0.1),
        lambda: Adam(0.01, clipnorm=0.5),
        lambda: Adam(0.01, global_clipnorm=0.5),
        lambda: Adam(0.01, clipvalue=0.1, weight_decay=0.01),
        lambda: Adam(0.01, use_ema=True, ema_momentum=0.5),
        lambda: Adam(keras.optimizers.schedules.CosineDecay(0.01, 5)),
        lambda: Adam(0.01, amsgrad=True),
        lambda: Adam(0.01, gradient_accumulation_steps=2),
        lambda: keras.optimizers.LossScaleOptimizer(Adam(0.01), initial_scale=8.0),
        lambda: keras.optimizers.RMSprop(0.01),
    ],
)
def test_with_every_option(make):
    expected = trained(make(), gradients(6), fused=False)
    assert_near(trained(make(), gradients(6), fused=True), expected, path=6 * 0.02)


def test_a_rate_that_is_set_is_taken():
    def after(fused):
        optimizer = Adam(0.01)
        weights = [keras.Variable(np.ones(3))]
        optimizer.build(weights)
        if fused:
            adam.fuse(optimizer)
        for rate in (0.01, 0.5):
            optimizer.learning_rate = rate
            optimizer.apply([tf.constant([1.0, -2.0, 3.0])], weights)
        return [np.asarray(weights[0])]

    assert_near(after(True), after(False), path=0.51)
    assert after(True)[0][0] == pytest.approx(1 - 0.51, abs=1e-3)


def test_a_class_derived_from_adam_keeps_its_own_step():
    class Still(Adam):
        def update_step(self, gradient, variable, learning_rate):
            pass

    start = trained(Still(0.01), [], fused=True)
    found = trained(Still(0.01), gradients(3), fused=True)
    for one, other in zip(found[:3], start[:3], strict=True):
        np.testing.assert_array_equal(one, other)


def test_rows_of_an_embedding_and_half_floats_are_keras():
    table = np.ones((5, 2), "float32")

    def after(dtype, fused):
        optimizer = Adam(0.1)
        weights = [keras.Variable(table, dtype=dtype)]
        optimizer.build(weights)
        if fused:
            adam.fuse(optimizer)
        for _ in range(3):
            with tf.GradientTape() as tape:
                rows = tf.gather(weights[0].value, [1, 3, 3])
                loss = tf.reduce_sum(rows * rows)
            slope = tape.gradient(loss, weights[0].value)
            assert isinstance(slope, tf.IndexedSlices)
            slope = slope if dtype == "float32" else tf.convert_to_tensor(slope)
            optimizer.apply([slope], weights)
        return np.asarray(tf.cast(weights[0].value, tf.float32))

    for dtype in ("float32", "bfloat16"):
        np.testing.assert_array_equal(after(dtype, True), after(dtype, False))


def test_on_two_replicas(two_replicas):
    """Each adds its gradient; the step is that of the sum."""
    [one, other] = gradients(2)
    rng = np.random.default_rng(1)
    start = [rng.normal(size=shape) for shape in SHAPES]
    with two_replicas.scope():
        weights = [keras.Variable(value) for value in start]
        optimizer = Adam(0.01)
        optimizer.build(weights)
    adam.fuse(optimizer)

    @tf.function
    def step():
        def update():
            replica = tf.distribute.get_replica_context().replica_id_in_sync_group
            slopes = [
                tf.where(replica == 0, a, b) for a, b in zip(one, other, strict=True)
            ]
            optimizer.apply(slopes, weights)

        two_replicas.run(update)

    for _ in range(3):
        step()
    summed = [[a + b for a, b in zip(one, other, strict=True)]] * 3
    expected = trained(Adam(0.01), summed, fused=False)[:3]
    for variable, right in zip(weights, expected, strict=True):
        for own in two_replicas.experimental_local_results(variable.value):
            assert_near([np.asarray(own)], [right], path=3 * 0.02)
