"""Dropout that drops the same numbers in every way of running."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from keras_gan.core import distribution
from keras_gan.layers import ReproducibleDropout

EXAMPLES = [ReproducibleDropout(0.3, seed=5)]
X = np.random.default_rng(0).normal(size=(4000, 5)).astype("float32")


def test_a_share_is_dropped_and_the_rest_grows():
    """The share of 20 000 numbers is within 5 standard errors of the rate."""
    dropped = ReproducibleDropout(0.3, seed=1)(X, training=True).numpy()
    zero = dropped == 0
    assert abs(zero.mean() - 0.3) < 5 * (0.3 * 0.7 / X.size) ** 0.5
    # 0.3 is 19661 of 65536 but for 1e-5 of it
    np.testing.assert_allclose(dropped[~zero], X[~zero] / 0.7, rtol=1e-5)
    expected = X[~zero] * (65536 / (65536 - 19661))
    np.testing.assert_allclose(dropped[~zero], expected, rtol=2e-7)


def test_neighbours_are_dropped_apart():
    """Both halves of a draw, and those of an odd number of values in a row."""
    for shape in ((20_000, 2), (7000, 3)):
        ones = np.ones(shape, "float32")
        kept = ReproducibleDropout(0.5, seed=1)(ones, training=True).numpy() > 0
        for one, other in itertools.combinations(kept.T, 2):
            # agreement by chance is one half, within 5 standard errors
            assert abs((one == other).mean() - 0.5) < 2.5 / shape[0] ** 0.5


def test_rates_at_the_ends():
    kept = ReproducibleDropout(1 - 1e-9, seed=1)(np.ones((500, 500)), training=True)
    assert set(np.unique(kept)) <= {0.0, 65536.0}  # one of 65536 is kept
    kept = ReproducibleDropout(1e-9, seed=1)(X, training=True)
    np.testing.assert_array_equal(kept, X)


def test_in_inference_and_at_rate_0_nothing_happens():
    layer = ReproducibleDropout(0.3, seed=1)
    np.testing.assert_array_equal(layer(X), X)
    np.testing.assert_array_equal(ReproducibleDropout(0.0)(X, training=True), X)
    assert int(layer.seed_generator.state.numpy()[1]) == 0


def test_each_call_drops_others_and_the_same_seed_the_same():
    one, other = ReproducibleDropout(0.5, seed=1), ReproducibleDropout(0.5, seed=1)
    first, second = one(X, training=True), one(X, training=True)
    assert np.mean((first.numpy() == 0) != (second.numpy() == 0)) > 0.4
    np.testing.assert_array_equal(first, other(X, training=True))


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])
def test_eager_graph_and_xla_drop_the_same(compiled):
    eager = ReproducibleDropout(0.5, seed=1)(X, training=True)
    layer = ReproducibleDropout(0.5, seed=1)
    run = tf.function(lambda x: layer(x, training=True), jit_compile=compiled)
    np.testing.assert_array_equal(eager, run(X))


def test_replicas_drop_the_rows_of_one_mask(two_replicas):
    whole = ReproducibleDropout(0.5, seed=1)(X[:7], training=True)
    with two_replicas.scope():
        layer = ReproducibleDropout(0.5, seed=1)

    def replica(batch):
        with distribution.sharing(batch):
            return layer(batch, training=True)

    data = tf.data.Dataset.from_tensor_slices(X[:7]).batch(7)  # 4 rows and 3
    run = tf.function(lambda batch: two_replicas.run(replica, args=(batch,)))
    parts = run(*two_replicas.experimental_distribute_dataset(data))
    parts = two_replicas.experimental_local_results(parts)
    np.testing.assert_array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_a_rate_that_is_none(rate):
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        ReproducibleDropout(rate)
