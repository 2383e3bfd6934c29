"""Schedules: their values, and how they follow a run's length however it is run."""

import math
import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.pace import only
from helpers.trajectory import data, state
from hypothesis import given
from hypothesis import strategies as st

from keras_gan import schedules
from keras_gan.callbacks import BackupAndRestore
from keras_gan.models import GAN
from keras_gan.saving import configs

EXAMPLES = [
    schedules.Cosine(2e-4, 5e-5, until=0.25),
    schedules.Linear(2e-4, 5e-5, until=0.25),
]
SHARES = st.floats(0, 1)


@given(SHARES, st.floats(-10, 10), st.floats(-10, 10), st.floats(0.05, 1))
def test_values(progress, start, end, until):
    """By NumPy, in float64: float32 has 6e-8 of the largest number in the sum."""
    share = min(1, progress / until)
    for kind, way in (
        (schedules.Linear, share),
        (schedules.Cosine, (1 - math.cos(math.pi * share)) / 2),
    ):
        found = float(kind(start, end, until).at(progress))
        # a share that float32 rounds by 6e-8 moves the value by pi/2 of that
        tolerance = 1e-6 * (abs(start) + abs(end)) + 1e-37  # and float32 ends there
        assert found == pytest.approx(start + (end - start) * way, abs=tolerance)


@given(st.lists(SHARES, min_size=2, max_size=9), st.floats(0.05, 1))
def test_they_go_from_start_to_end_and_stay(shares, until):
    for kind in (schedules.Linear, schedules.Cosine):
        schedule = kind(1.0, 0.0, until)
        values = [float(schedule.at(share)) for share in sorted(shares)]
        assert values == sorted(values, reverse=True)
        assert float(schedule.at(0.0)) == 1.0 and float(schedule.at(1.0)) == 0.0


def test_the_cosine_is_keras_without_the_number_of_steps():
    ours = schedules.Cosine(1e-3, 5e-5)
    keras_own = keras.optimizers.schedules.CosineDecay(1e-3, 200, alpha=0.05)
    for step in (0, 1, 50, 137, 199, 200):
        assert float(ours.at(step / 200)) == pytest.approx(
            float(keras_own(step)), rel=1e-5
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((math.nan, 0.0), "start is a finite number"),
        (("fast", 0.0), "start is a finite number. Received: start='fast'"),
        ((1.0, math.inf), "end is a finite number"),
        ((1.0, 0.0, 0.0), "until is the share of the run"),
        ((1.0, 0.0, 1.5), "Received: until=1.5"),
        ((1.0, 0.0, True), "Received: until=True"),
    ],
)
def test_numbers_that_are_none(arguments, message):
    with pytest.raises(ValueError, match=message):
        schedules.Cosine(*arguments)


def test_outside_of_a_run_there_is_no_value():
    with pytest.raises(ValueError, match="relative to the length of a run"):
        schedules.Cosine(1.0, 0.0)(3)


# In a run ----------------------------------------------------------------------------


def game(strategy=None, steps=2, **rules):
    return make_gan(
        strategy=strategy,
        generator_optimizer=keras.optimizers.SGD(schedules.Cosine(0.05, 0.0)),
        discriminator_optimizer=keras.optimizers.SGD(schedules.Linear(0.1, 0.02)),
        discriminator_steps=steps,
        **rules,
    )


class Rates(keras.callbacks.Callback):
    """What the learning rates are before each step."""

    def on_train_begin(self, logs=None):
        self.found = []

    def on_train_batch_begin(self, batch, logs=None):
        optimizers = self.model.optimizers().values()
        self.now = [float(optimizer.learning_rate) for optimizer in optimizers]

    def on_train_batch_end(self, batch, logs=None):
        self.found.append(self.now)  # only of steps that had data


def rates_of(gan, epochs, dataset=None, callbacks=(), **options):
    rates = Rates()
    gan.fit(
        data() if dataset is None else dataset,
        epochs=epochs,
        verbose=0,
        callbacks=[*callbacks, rates],
        **options,
    )
    return np.array(rates.found)


def expected(begin, end, steps):
    share = np.arange(begin, end) / steps
    cosine = 0.05 * (1 + np.cos(np.pi * share)) / 2
    return np.stack([cosine, 0.1 - 0.08 * share], axis=1)


@pytest.mark.parametrize("epochs", only([3], [1, 3]))
@pytest.mark.parametrize("moves", only([2], [1, 2]))
def test_a_run_is_epochs_times_steps_however_often_the_discriminator_moves(
    epochs, moves
):
    steps = 13 // moves * epochs
    found = rates_of(game(steps=moves), epochs)
    np.testing.assert_allclose(found, expected(0, steps, steps), atol=1e-7)


def test_another_batch_size_leaves_them_in_tune():
    found = rates_of(game(steps=1), 2, data(batch_size=52))
    np.testing.assert_allclose(found, expected(0, 8, 8), atol=1e-7)


def test_a_second_fit_is_a_run_of_its_own():
    gan = game()
    rates_of(gan, 1)
    np.testing.assert_allclose(rates_of(gan, 2), expected(0, 12, 12), atol=1e-7)


def test_initial_epoch_goes_on():
    gan = game()
    rates_of(gan, 1)
    found = rates_of(gan, 3, initial_epoch=1)
    np.testing.assert_allclose(found, expected(6, 18, 18), atol=1e-7)


def test_an_endless_data_set():
    found = rates_of(game(steps=1), 2, data().repeat(), steps_per_epoch=5)
    np.testing.assert_allclose(found, expected(0, 10, 10), atol=1e-7)


def test_data_of_unknown_length_ask_for_it():
    unknown = data().filter(lambda rows: True)
    with pytest.raises(ValueError, match="pass steps_per_epoch=n to fit, or give"):
        rates_of(game(steps=1), 2, unknown)
    known = unknown.apply(tf.data.experimental.assert_cardinality(13))
    found = rates_of(game(steps=1), 2, known)
    np.testing.assert_allclose(found, expected(0, 26, 26), atol=1e-7)
    plain = game(steps=1)
    plain.compile()
    plain.fit(unknown, epochs=2, verbose=0)  # nothing is relative to its length
    assert int(plain.step.numpy()) == 26


def test_a_loop_of_ones_own_says_how_long_it_is():
    gan = game(steps=1)
    rows = next(iter(data()))
    with pytest.raises(ValueError, match=r"call begin_run\(steps\) before"):
        gan.train_on_batch(rows)
    gan.begin_run(4)
    found = []
    for _ in range(4):
        rates = [float(o.learning_rate) for o in gan.optimizers().values()]
        found.append(rates)
        gan.train_on_batch(rows)
    np.testing.assert_allclose(found, expected(0, 4, 4), atol=1e-7)


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6 * max(1, abs(a).max()))


@pytest.fixture(scope="module")
def graph():
    gan = game()
    gan.fit(data(), epochs=2, verbose=0)
    return state(gan)


EAGER, IN_LOOPS = {"run_eagerly": True}, {"steps_per_execution": 4}


@pytest.mark.parametrize(
    "way",
    only([EAGER, IN_LOOPS], [EAGER, {"jit_compile": True}, IN_LOOPS]),
    ids=lambda way: next(iter(way)),
)
def test_one_trajectory(graph, way):
    gan = game(**way)
    gan.fit(data(), epochs=2, verbose=0)
    assert_same(graph, state(gan))


def test_two_replicas(graph, two_replicas):
    gan = game(two_replicas)
    gan.fit(data(), epochs=2, verbose=0)
    assert_same(graph, state(gan))


class Break(BackupAndRestore):
    def after_batch(self, batch, logs=None):
        super().after_batch(batch, logs)
        if int(self.model.step.numpy()) == 8:
            raise KeyboardInterrupt


def interrupted(folder):
    with pytest.raises(KeyboardInterrupt):
        game().fit(data(), epochs=3, verbose=0, callbacks=[Break(folder, save_freq=1)])


def test_resumed_has_the_same_bits(tmp_path):
    whole = game()
    whole.fit(data(), epochs=3, verbose=0)
    interrupted(tmp_path)
    again = game()
    backup = BackupAndRestore(tmp_path, save_freq=1)
    found = rates_of(again, 3, callbacks=[backup])
    np.testing.assert_allclose(found, expected(8, 18, 18), atol=1e-7)
    for one, other in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_resume_with_other_epochs_says_what_becomes_of_them(tmp_path):
    interrupted(tmp_path)
    backup = BackupAndRestore(tmp_path, save_freq=1)
    then, now = expected(8, 9, 18)[0], expected(8, 9, 36)[0]
    message = (
        "was to have 18 steps, and now has 36.*At step 8, "
        rf"Cosine\(.*\) goes on from {now[0]:.4g}, not from {then[0]:.4g}; "
        rf"Linear\(.*\) goes on from {now[1]:.4g}, not from {then[1]:.4g}"
    )
    with pytest.warns(UserWarning, match=message):
        found = rates_of(game(), 6, callbacks=[backup])
    np.testing.assert_allclose(found, expected(8, 36, 36), atol=1e-7)


def test_without_schedules_nobody_is_told(tmp_path, recwarn):
    for epochs in (1, 2):
        gan = game()
        gan.compile()
        backup = BackupAndRestore(tmp_path)
        gan.fit(data(), epochs=epochs, verbose=0, callbacks=[backup])
    assert not [w for w in recwarn if "schedules" in str(w.message)]


@pytest.mark.parametrize("form", only(["preset"], ["keras", "preset", "config"]))
def test_they_come_back(tmp_path, form):
    gan = game()
    if form == "keras":
        gan.save(tmp_path / "gan.keras")
        loaded = keras.saving.load_model(tmp_path / "gan.keras")
    elif form == "preset":
        gan.save_to_preset(tmp_path / "preset")
        loaded = GAN.from_preset(tmp_path / "preset")
    else:
        loaded = configs.build(configs.of_game(gan), GAN)
    found = rates_of(loaded, 1)
    np.testing.assert_allclose(found, expected(0, 6, 6), atol=1e-7)


def test_half_precision_counts_steps_that_were_left_out_too():
    """Where a `LossScaleOptimizer` leaves out updates, the run goes on all the same."""
    keras.config.set_dtype_policy("mixed_float16")
    try:
        gan = game()
    finally:
        keras.config.set_dtype_policy("float32")
    found = rates_of(gan, 1)
    np.testing.assert_allclose(found, expected(0, 6, 6), atol=1e-7)


def test_no_config_of_the_zoo_counts_steps():
    zoo = pathlib.Path(__file__).parents[2] / "zoo"
    texts = [path.read_text() for path in zoo.glob("*/config.json")]
    assert len(texts) >= 15
    assert not any("decay_steps" in text for text in texts)
    assert sum("keras_gan>Cosine" in text for text in texts) >= 9
