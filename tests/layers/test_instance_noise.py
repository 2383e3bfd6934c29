"""Noise with a place in the run: its law, its bits, its rows."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan.core import distribution, effects
from keras_gan.layers import InstanceNoise, Pack

ZEROS = np.zeros((40_000, 3), "float32")


def test_the_law_of_the_noise():
    noise = np.asarray(InstanceNoise(0.7, seed=3)(ZEROS + 2, training=True)) - 2
    number = noise.size  # 5 standard errors of a mean, a deviation, a covariance
    assert abs(noise.mean()) < 5 * 0.7 / np.sqrt(number)
    assert abs(noise.std() - 0.7) < 5 * 0.7 / np.sqrt(2 * number)
    off_diagonal = np.cov(noise.T)[np.triu_indices(3, 1)]
    assert abs(off_diagonal).max() < 5 * 0.49 / np.sqrt(len(noise))


def test_none_in_inference():
    layer = InstanceNoise(0.7)
    np.testing.assert_array_equal(layer(ZEROS), ZEROS)
    assert int(layer.seed_generator.state.numpy()[1]) == 0


def test_every_call_draws_its_own_and_the_first_rows_are_the_same():
    first, second = InstanceNoise(1.0, seed=3), InstanceNoise(1.0, seed=3)
    drawn = [np.asarray(first(ZEROS[:8], training=True)) for _ in range(2)]
    assert abs(drawn[0] - drawn[1]).max() > 0.5
    np.testing.assert_array_equal(drawn[0][:5], second(ZEROS[:5], training=True))
    other = np.asarray(InstanceNoise(1.0, seed=4)(ZEROS[:8], training=True))
    assert abs(drawn[0] - other).max() > 0.5


@pytest.mark.parametrize("xla", [False, True], ids=["graph", "xla"])
def test_the_bits_do_not_depend_on_the_way_of_running(xla):
    eager, other = InstanceNoise(0.3, seed=3), InstanceNoise(0.3, seed=3)
    call = tf.function(lambda x: other(x, training=True), jit_compile=xla)
    for _ in range(3):
        expected = np.asarray(eager(ZEROS[:500], training=True))
        np.testing.assert_array_equal(expected, call(ZEROS[:500]))


def test_the_state_is_captured_and_committed_as_a_dropouts():
    inputs = keras.Input((3,))
    network = keras.Model(inputs, InstanceNoise(1.0, seed=3)(inputs))
    [state] = effects.seed_states(network)
    with effects.captured() as scope:
        network(ZEROS[:2], training=True)
        network(ZEROS[:2], training=True)
    assert state.numpy().tolist() == [3, 0]
    effects.commit_seeds(scope, network)
    assert state.numpy().tolist() == [3, 2]


@pytest.mark.parametrize("pack_size", [1, 2])
def test_replicas_draw_their_rows_of_one_draw(two_replicas, pack_size):
    def network():
        inputs = keras.Input((3,))
        noisy = InstanceNoise(1.0, seed=3)(Pack(pack_size)(inputs))
        return keras.Model(inputs, noisy)

    alone = np.asarray(network()(ZEROS[:14], training=True))
    with two_replicas.scope():
        spread = network()

    def replica(batch):
        with distribution.sharing(batch):
            return spread(batch, training=True)

    def rows_of(context):  # 8 and 6
        first = context.replica_id_in_sync_group == 0
        return tf.constant(ZEROS[:8] if first else ZEROS[8:14])

    data = two_replicas.experimental_distribute_values_from_function(rows_of)
    run = tf.function(lambda batch: two_replicas.run(replica, args=(batch,)))
    parts = two_replicas.experimental_local_results(run(data))
    np.testing.assert_array_equal(np.concatenate(parts), alone)


def test_half_precision():
    layer = InstanceNoise(0.5, seed=1, dtype="mixed_float16")
    assert layer(ZEROS[:4], training=True).dtype == "float16"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((-0.1,), "stddev=-0.1"), ((float("nan"),), "nan"), ((0.1, -1), "seed=-1")],
    ids=["negative", "nan", "seed"],
)
def test_what_it_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        InstanceNoise(*arguments)
