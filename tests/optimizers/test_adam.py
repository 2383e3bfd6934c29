"""Adam with a moving beta_2: NumPy's numbers, Keras' where it rests, and in games."""

import contextlib
import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.pace import only
from helpers.trajectory import data, state

from keras_gan.callbacks import BackupAndRestore
from keras_gan.models import GAN
from keras_gan.optimizers import Adam
from keras_gan.saving import configs
from keras_gan.schedules import Cosine, HalfLife, Linear

EXAMPLES = [
    Adam(2e-4, 0.0, Cosine(0.9, 0.99, until=0.5), 1e-8, clipnorm=1.0, name="mine"),
    Adam(Cosine(2e-4, 5e-5), 0.5, 0.99, weight_decay=0.1, global_clipnorm=2.0),
]
SHAPES = ((3, 4), (4,), ())
STEPS = 25
# Each step rounds a dozen operations by 6e-8 of numbers of size 1, m / sqrt(v) among
# them; the steps of 0.01 add up.
TOLERANCE = 1e-6


class Run:
    """A run whose step a test sets."""

    def __init__(self):
        self.share = keras.Variable(0.0)

    def progress(self):
        return self.share.value

    def following(self, schedule):
        return schedule.of_run(self)


def slopes(seed=0):
    rng = np.random.default_rng(seed)
    return [
        [rng.normal(size=shape).astype("float32") for shape in SHAPES]
        for _ in range(STEPS)
    ]


def first_weights():
    rng = np.random.default_rng(1)
    return [rng.normal(size=shape).astype("float32") for shape in SHAPES]


def trained(optimizer, gradients, way="eager"):
    """The weights, and the second moments, after all steps."""
    weights = [keras.Variable(value) for value in first_weights()]
    optimizer.build(weights)
    run = Run()
    if isinstance(optimizer, Adam):
        optimizer.follow(run)

    def step(*given):
        optimizer.apply(list(given), weights)

    if way != "eager":
        step = tf.function(step, jit_compile=way == "xla")
    for number, given in enumerate(gradients):
        run.share.assign(number / STEPS)
        step(*map(tf.constant, given))
    return [np.asarray(weight) for weight in weights]


def by_numpy(gradients, beta_1, beta_2, rate=0.01, epsilon=1e-3):
    """The docstring's formulas in float64."""
    weights = [value.astype("float64") for value in first_weights()]
    m, v = ([np.zeros(shape) for shape in SHAPES] for _ in range(2))
    product = 1.0
    for number, given in enumerate(gradients):
        b = beta_2(number / STEPS)
        product *= b
        length = rate * math.sqrt(1 - product) / (1 - beta_1 ** (number + 1))
        for i, gradient in enumerate(given):
            m[i] = beta_1 * m[i] + (1 - beta_1) * gradient
            v[i] = b * v[i] + (1 - b) * gradient.astype("float64") ** 2
            weights[i] = weights[i] - length * m[i] / (np.sqrt(v[i]) + epsilon)
    return weights


@pytest.mark.parametrize("beta_1", [0.0, 0.5])
@pytest.mark.parametrize("way", ["eager", "graph", "xla"])
def test_a_beta_2_that_moves_has_the_numbers_of_numpy(way, beta_1):
    beta_2 = Cosine(0.6, 0.95, until=0.8)

    def value(share):
        way = (1 - math.cos(math.pi * min(1.0, share / 0.8))) / 2
        return 0.6 + 0.35 * way

    found = trained(Adam(0.01, beta_1, beta_2, 1e-3), slopes(), way)
    expected = by_numpy(slopes(), beta_1, value)
    others = by_numpy(slopes(), beta_1, lambda share: 0.95)
    for one, other, constant in zip(found, expected, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=TOLERANCE)
        assert np.abs(one - constant).max() > 100 * TOLERANCE  # it matters


def test_of_a_constant_gradient_each_step_is_the_rate():
    """v_t / (1 - P_t) = g^2 at each update: unbiased; by 1 - b_t^t it is not."""
    weights = [keras.Variable([1.0, -2.0])]
    optimizer = Adam(0.01, 0.0, Linear(0.5, 0.99), epsilon=0.0)
    optimizer.build(weights)
    run = Run()
    optimizer.follow(run)
    for number in range(STEPS):
        run.share.assign(number / STEPS)
        before = weights[0].numpy()
        optimizer.apply([tf.constant([3.0, -0.2])], weights)
        moved = weights[0].numpy() - before
        # A weight of 2 is rounded by 1.2e-7; 1 - P by as much of 0.5.
        np.testing.assert_allclose(moved, [-0.01, 0.01], rtol=0, atol=3e-7)


OPTIONS = {
    "plain": {},
    "beta_1": {"beta_1": 0.0, "beta_2": 0.9},
    "weight_decay": {"weight_decay": 0.1},
    "clipnorm": {"clipnorm": 0.5},
    "global_clipnorm": {"global_clipnorm": 0.5, "weight_decay": 0.1},
    "clipvalue": {"clipvalue": 0.1},
}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_beta_2_that_rests_is_keras_own(name):
    """Also a schedule from a number to itself; tests/core/test_adam.py's tolerance."""
    options = {"epsilon": 1e-7, **OPTIONS[name]}
    number = options.get("beta_2", 0.999)
    resting = {**options, "beta_2": Cosine(number, number)}
    expected = trained(keras.optimizers.Adam(0.01, **options), slopes())
    for own in (Adam(0.01, **options), Adam(0.01, **resting)):
        for one, other in zip(trained(own, slopes()), expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=4e-6)


def test_rows_of_an_embedding_and_half_floats():
    """As Keras' for the same gradient as a whole (of rows it adds repeated ones up in
    the moments, so that these move too far)."""

    def after(optimizer, dtype, whole):
        table = [keras.Variable(np.ones((5, 2)), dtype=dtype)]
        for _ in range(3):
            with tf.GradientTape() as tape:
                rows = tf.gather(table[0].value, [1, 3, 3])
                loss = tf.reduce_sum(rows * rows)
            slope = tape.gradient(loss, table[0].value)
            assert isinstance(slope, tf.IndexedSlices)
            slope = tf.convert_to_tensor(slope) if whole else slope
            optimizer.apply([slope], table)
        return np.asarray(tf.cast(table[0].value, "float32"))

    expected = after(keras.optimizers.Adam(0.1), "float32", True)
    # A bfloat16 from 0.5 to 1 is rounded by 2^-9 at each of three steps, and moments.
    for dtype, tolerance in (("float32", 2e-6), ("bfloat16", 6 * 2**-9)):
        for whole in (True, False):
            found = after(Adam(0.1), dtype, whole)
            np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance)
        assert abs(expected - 1).max() > 0.2  # three steps of 0.1


def test_an_update_that_is_left_out_does_not_count():
    """A `LossScaleOptimizer` leaves out what is not finite."""
    weights = [keras.Variable([1.0])]
    inner = Adam(0.01, 0.0, 0.5)
    optimizer = keras.optimizers.LossScaleOptimizer(inner, initial_scale=2.0)
    optimizer.build(weights)
    for slope in (3.0, np.inf, 1.5):  # the scale is 2.0, and 1.0 after it
        optimizer.apply([tf.constant([slope])], weights)
    assert float(inner.beta_2_power.numpy()) == 0.25
    optimizer.apply([], [])  # nothing to update is no update
    inner.apply([], [])
    assert float(inner.beta_2_power.numpy()) == 0.25
    assert float(weights[0].numpy()[0]) == pytest.approx(0.98, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"beta_1": 1.0}, "beta_1 is the part .* Received: beta_1=1.0"),
        ({"beta_2": -0.1}, "beta_2 is the part .* Received: beta_2=-0.1"),
        ({"beta_2": "high"}, "Received: beta_2='high'"),
        ({"beta_2": Cosine(0.9, 1.0)}, r"Received: beta_2=Cosine\(start=0.9, end=1"),
        ({"beta_2": HalfLife(3.0)}, r"Received: beta_2=HalfLife\(3\)"),
    ],
)
def test_numbers_that_are_none(arguments, message):
    with pytest.raises(ValueError, match=message):
        Adam(0.01, **arguments)


def test_outside_of_a_run_there_is_no_value():
    weights = [keras.Variable([1.0])]
    with pytest.raises(ValueError, match="relative to the length of a run"):
        Adam(0.01, beta_2=Cosine(0.9, 0.99)).apply([tf.constant([1.0])], weights)
    with pytest.raises(ValueError, match="must already be built"):
        Adam(0.01).apply([tf.constant([1.0])])


# In a game ---------------------------------------------------------------------------


def game(strategy=None, **rules):
    with strategy.scope() if strategy else contextlib.nullcontext():
        optimizers = (
            Adam(0.01, 0.0, Linear(0.9, 0.99)),
            Adam(0.01, 0.5, Cosine(0.5, 0.9, until=0.5), 1e-3),
        )
    return make_gan(
        strategy=strategy,
        generator_optimizer=optimizers[0],
        discriminator_optimizer=optimizers[1],
        discriminator_steps=2,
        **rules,
    )


class Watch(keras.callbacks.Callback):
    """What beta_2 was at each step, and the product of all so far."""

    def on_train_begin(self, logs=None):
        self.found = []

    def on_train_batch_end(self, batch, logs=None):
        optimizers = self.model.optimizers().values()
        kept = [(o.present_beta_2, o.beta_2_power) for o in optimizers]
        self.found.append([[float(v.numpy()) for v in pair] for pair in kept])


def test_it_changes_once_a_step_however_often_the_discriminator_moves():
    watch = Watch()
    game().fit(data(), epochs=2, verbose=0, callbacks=[watch])  # 6 steps each
    found = np.array(watch.found)  # (steps, players, value and product)
    share = np.arange(12) / 12
    generator = 0.9 + 0.09 * share
    discriminator = 0.7 - 0.2 * np.cos(np.pi * np.minimum(1, share / 0.5))
    np.testing.assert_allclose(found[:, 0, 0], generator, atol=1e-6)
    np.testing.assert_allclose(found[:, 0, 1], np.cumprod(generator), rtol=2e-6)
    np.testing.assert_allclose(found[:, 1, 0], discriminator, atol=1e-6)
    np.testing.assert_allclose(
        found[:, 1, 1], np.cumprod(discriminator**2), rtol=4e-6
    )  # of 24 factors, each rounded by 6e-8


@pytest.fixture(scope="module")
def graph():
    gan = game()
    gan.fit(data(), epochs=2, verbose=0)
    return state(gan)


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        # Adam divides by the size of a gradient, and with it rounding of 1e-7 of it
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-4 * max(1, abs(a).max()))


WAYS = {
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 4},
}


@pytest.mark.parametrize("way", only(["steps_per_execution"], WAYS))
def test_one_trajectory(graph, way):
    gan = game(**WAYS[way])
    gan.fit(data(), epochs=2, verbose=0)
    assert_same(graph, state(gan))


@pytest.mark.slow
def test_two_replicas(graph, two_replicas):
    gan = game(two_replicas)
    gan.fit(data(), epochs=2, verbose=0)
    assert_same(graph, state(gan))


def variables(gan):
    return [np.asarray(v) for v in gan.variables] + [
        np.asarray(v) for o in gan.optimizers().values() for v in o.variables
    ]


def test_resumed_has_the_same_bits(tmp_path):
    class Break(BackupAndRestore):
        def after_batch(self, batch, logs=None):
            super().after_batch(batch, logs)
            if int(self.model.step.numpy()) == 4:
                raise KeyboardInterrupt

    whole = game()
    whole.fit(data(), epochs=2, verbose=0)
    with pytest.raises(KeyboardInterrupt):
        backup = Break(tmp_path, save_freq=1)
        game().fit(data(), epochs=2, verbose=0, callbacks=[backup])
    again = game()
    backup = BackupAndRestore(tmp_path, save_freq=1)
    again.fit(data(), epochs=2, verbose=0, callbacks=[backup])
    for one, other in zip(variables(whole), variables(again), strict=True):
        np.testing.assert_array_equal(one, other)


FORMS = ["keras", "preset", "config"]


@pytest.mark.parametrize("form", only(["keras", "config"], FORMS))
def test_they_come_back(tmp_path, form):
    gan = game()
    if form == "config":
        written = configs.of_game(gan)
        loaded = configs.build(written, GAN)
        # Keras numbers optimizers by the process: of every one the config is the same.
        assert configs.of_game(loaded)["compile"] == written["compile"]
        assert "name" not in written["compile"]["generator_optimizer"]["config"]
    else:
        gan.fit(data(), epochs=1, verbose=0)
        if form == "keras":
            gan.save(tmp_path / "gan.keras")
            loaded = keras.saving.load_model(tmp_path / "gan.keras")
        else:
            gan.save_to_preset(tmp_path / "preset")
            loaded = GAN.from_preset(tmp_path / "preset")
        for model in (gan, loaded):
            model.fit(data(), epochs=1, verbose=0)
        for one, other in zip(variables(gan), variables(loaded), strict=True):
            np.testing.assert_array_equal(one, other)
    for name, optimizer in gan.optimizers().items():
        again = loaded.optimizers()[name]
        assert type(again) is Adam and repr(again.beta_2) == repr(optimizer.beta_2)
        ours, theirs = optimizer.get_config(), again.get_config()
        assert ours.pop("name") and theirs.pop("name") and ours == theirs
