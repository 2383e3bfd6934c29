"""Two replicas end where one device ends, with SGD: 1e-6, weights and logs."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.pace import only
from helpers.processes import finish, free_ports, start
from helpers.trajectory import game, state

import keras_gan
from keras_gan import losses, penalties
from keras_gan.core import distribution

ROWS = np.random.default_rng(2).normal(size=(37, 6)).astype("float32")
TOLERANCE = 1e-6  # float32 sums of some tens of terms, in another order


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=TOLERANCE * max(1, abs(a).max()))


def uneven(batch=8):
    """Batches of 8, 8, 8, 8 and 5, in order; of 1 where 9 rows come by 4."""
    return tf.data.Dataset.from_tensor_slices(ROWS).batch(batch)


def both(strategy, data, **rules):
    """(weights, logs) of one device and of two replicas."""
    results = []
    for where in (None, strategy):
        gan = game(where, **rules)
        logs = gan.fit(data, epochs=2, verbose=0).history
        judged = gan.evaluate(data, return_dict=True, verbose=0)
        results.append((state(gan), [np.array([*d.values()]) for d in (logs, judged)]))
    return results


ONE_MOVE = {"discriminator_steps": 1}


# One that compares rows; the others, most of them sums over rows, in the slow run (and
# with 3 rows and 2 in test_combinations.py).
QUICK = ("RelativisticAverage",)


@pytest.mark.slow
@pytest.mark.parametrize("loss", only(QUICK, [cls.__name__ for cls in losses.ALL]))
def test_every_loss_with_an_uneven_last_batch(two_replicas, loss):
    one, two = both(two_replicas, uneven(), loss=loss, **ONE_MOVE)
    assert_same(one[0], two[0])
    assert_same(one[1], two[1])


@pytest.mark.parametrize(
    "rules",
    [
        {"updates": "simultaneous"},
        {"latents": "shared"},
    ],
    ids=["simultaneous", "shared-latents"],
)
def test_every_order_of_play(two_replicas, rules):
    one, two = both(two_replicas, uneven(), **{**ONE_MOVE, **rules})
    assert_same(one[0], two[0])
    assert_same(one[1], two[1])


PENALTIES = {
    "GradientPenalty": penalties.GradientPenalty,
    "DRAGAN": penalties.DRAGAN,
    "R1": penalties.R1,
    "R2": penalties.R2,
}


@pytest.mark.parametrize("every", only([2], [1, 2]))
@pytest.mark.parametrize("name", only(["GradientPenalty"], PENALTIES))
def test_every_penalty(two_replicas, name, every):
    rules = {"penalties": [PENALTIES[name](0.5, every=every)], **ONE_MOVE}
    one, two = both(two_replicas, uneven(), **rules)
    assert_same(one[0], two[0])
    assert_same(one[1], two[1])


@pytest.mark.parametrize(
    "endless", only([True], [False, True]), ids=["finite", "endless"]
)
def test_every_batch_is_uneven(two_replicas, endless):
    """8 rows and 7, from the first batch on."""
    data = uneven(batch=15)
    options = {"epochs": 2, "verbose": 0}
    if endless:
        data, options["steps_per_epoch"] = data.take(2).repeat(), 3
    weights = []
    for where in (None, two_replicas):
        gan = game(where, **ONE_MOVE)
        gan.fit(data, **options)
        weights.append(state(gan))
    assert_same(*weights)


@pytest.mark.slow
def test_steps_per_execution(two_replicas_without_collectives):
    rules = {"steps_per_execution": 3, **ONE_MOVE}
    one, two = both(two_replicas_without_collectives, uneven(), **rules)
    assert_same(one[0], two[0])
    assert_same(one[1], two[1])


def test_steps_per_execution_with_collectives_is_refused(two_replicas):
    with pytest.raises(ValueError, match="ReductionToOneDevice"):
        game(two_replicas, steps_per_execution=3)


@pytest.mark.parametrize(
    "loss", only(["relativistic_average"], ["non_saturating", "relativistic_average"])
)
def test_an_empty_replica_contributes_nothing(two_replicas, loss):
    data = tf.data.Dataset.from_tensor_slices(ROWS[:9]).batch(4)  # 4, 4 and 1 + 0 rows
    around = [penalties.GradientPenalty(0.5), penalties.DRAGAN(0.5)]
    one, two = both(two_replicas, data, loss=loss, penalties=around, **ONE_MOVE)
    assert all(np.isfinite(w).all() for w in two[0])
    assert_same(one[0], two[0])
    assert_same(one[1], two[1])


def test_the_union_of_the_replicas_draws_is_the_single_draw(two_replicas):
    def draw(rows):
        return tf.reshape(tf.range(rows * 2), (rows, 2))

    def replica(batch):
        with distribution.sharing(batch) as share:
            return distribution.own_rows(draw, share.rows), share.weight

    data = two_replicas.experimental_distribute_dataset(
        tf.data.Dataset.range(7).batch(7)  # 4 rows and 3
    )
    run = tf.function(lambda batch: two_replicas.run(replica, args=(batch,)))
    drawn, weights = (two_replicas.experimental_local_results(r) for r in run(*data))
    np.testing.assert_array_equal(np.concatenate(drawn), draw(7))
    assert [float(w) for w in weights] == pytest.approx([4 / 7, 3 / 7])


def test_batch_statistics_are_the_same_on_every_replica(two_replicas):
    with two_replicas.scope():
        gan = keras_gan.models.GAN(
            keras_gan.networks.DCGANGenerator((16, 16, 1), 4, filters=2),
            keras_gan.networks.DCGANDiscriminator((16, 16, 1), filters=2),
            keras_gan.priors.Normal(4),
            ema_decay=0.9,
        )
        gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (20, 16, 16, 1)).astype("float32")
    gan.fit(tf.data.Dataset.from_tensor_slices(images).batch(8), verbose=0)
    for variable in gan.variables:
        copies = two_replicas.experimental_local_results(variable.value)
        np.testing.assert_array_equal(*[np.asarray(copy) for copy in copies])
    moving = [v for v in gan.generator.non_trainable_weights if "mean" in v.path]
    assert moving and all(abs(v.numpy()).max() > 0 for v in moving)


def photographs(strategy):
    """A DCGAN game whose batch normalization takes the global batch, under SGD."""
    keras.utils.set_random_seed(11)
    with strategy.scope() if strategy else contextlib.nullcontext():
        gan = keras_gan.models.GAN(
            keras_gan.networks.DCGANGenerator((8, 8, 1), 4, filters=4, **SYNCHRONIZED),
            keras_gan.networks.DCGANDiscriminator((8, 8, 1), filters=4, **SYNCHRONIZED),
            keras_gan.priors.Normal(4),
            ema_decay=0.9,
        )
        gan.compile(
            generator_optimizer=keras.optimizers.SGD(0.05),
            discriminator_optimizer=keras.optimizers.SGD(0.05),
        )
    return gan


SYNCHRONIZED = {"synchronized": True}


@pytest.mark.parametrize("samples", only([17], [20, 17]), ids=["uneven", "empty"])
def test_synchronized_batch_normalization(two_replicas, samples):
    """The last of the batches of 8 has 4 rows, or 1 and none."""
    images = np.random.default_rng(0).uniform(-1, 1, (samples, 8, 8, 1))
    data = tf.data.Dataset.from_tensor_slices(images.astype("float32")).batch(8)
    results = []
    for where in (None, two_replicas):
        gan = photographs(where)
        logs = gan.fit(data, epochs=2, verbose=0).history
        results.append((state(gan), [np.array(values) for values in logs.values()]))
    # Normalization divides by deviations of a few hundredths, and scales rounding up.
    for a, b in zip(results[0], results[1], strict=True):
        for one, other in zip(a, b, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5 * max(1, abs(one).max()))


def test_other_strategies_are_refused():
    strategy = tf.distribute.experimental.CentralStorageStrategy()
    with strategy.scope(), pytest.raises(ValueError, match="CentralStorageStrategy"):
        game()


PARAMETER_SERVERS = """
import tensorflow as tf
spec = tf.train.ClusterSpec({"worker": ["localhost:%d"], "ps": ["localhost:%d"]})
servers = [tf.distribute.Server(spec, job, 0, protocol="grpc") for job in spec.jobs]
resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(spec, rpc_layer="grpc")
strategy = tf.distribute.ParameterServerStrategy(resolver)
from helpers.trajectory import game
try:
    game(strategy)
except ValueError as error:
    print(error)
"""


def test_parameter_servers_are_refused():
    code = PARAMETER_SERVERS % tuple(free_ports(2))
    (output,) = finish(start("-c", code))
    assert "Games are trained under" in output
    assert "Received: ParameterServerStrategyV2" in output


def test_sample_and_saving_under_a_strategy(two_replicas, tmp_path):
    gan = game(two_replicas)
    alone = game()
    np.testing.assert_allclose(gan.sample(5, 1), alone.sample(5, 1), atol=1e-6)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(gan.sample(5, 1), loaded.sample(5, 1))
