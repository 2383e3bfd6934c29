"""Steps a call, chosen where the user leaves it open: the same run, by tens."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.small import SHAPE, assert_equal, images, mlp, weights

from keras_gan import callbacks, models, networks, penalties, priors
from keras_gan.training import executions

X = images(23 * 4)


def fitted(steps_per_execution="auto", rows=X, watching=(), gan=None, **options):
    keras.utils.set_random_seed(0)
    gan = gan or mlp(steps_per_execution=steps_per_execution, **options)
    history = gan.fit(rows, batch_size=4, epochs=2, verbose=0, callbacks=[*watching])
    return gan, history.history


def test_small_games_take_ten_steps_a_call_and_end_with_the_same_bits():
    """23 steps an epoch: two calls of ten, and one of three."""
    rules = {"ema_decay": 0.9, "penalties": [penalties.R1(0.1, every=2)]}
    one, logged = fitted(1, **rules)
    ten, same = fitted("auto", **rules)
    assert (one.steps_per_execution, ten.steps_per_execution) == (1, 10)
    assert int(ten.step.numpy()) == 46
    assert_equal(weights(one), weights(ten))
    assert logged == same


class EachStep(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.steps = []

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append(int(self.model.step.numpy()))


def test_a_callback_that_looks_at_steps_sees_each():
    seen = EachStep()
    gan, _ = fitted(watching=[seen])
    assert gan.steps_per_execution == 1 and seen.steps == list(range(1, 47))
    seen = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None)
    assert fitted(watching=[seen])[0].steps_per_execution == 1


@pytest.mark.parametrize(
    ("make", "steps"),
    [
        (lambda folder: callbacks.HealthMonitor(), 10),
        (lambda folder: callbacks.BackupAndRestore(folder), 10),
        (lambda folder: callbacks.BackupAndRestore(folder, save_freq=3), 1),
        (lambda folder: callbacks.SampleGrid(folder), 10),
        (lambda folder: keras.callbacks.CSVLogger(folder / "log.csv"), 10),
        (lambda folder: keras.callbacks.EarlyStopping("d_loss"), 10),
        (lambda folder: keras.callbacks.TerminateOnNaN(), 10),
        (lambda folder: keras.callbacks.TensorBoard(folder), 10),
        (lambda folder: keras.callbacks.TensorBoard(folder, update_freq=2), 1),
        (lambda folder: keras.callbacks.ModelCheckpoint(folder / "a.keras"), 10),
        (
            lambda folder: keras.callbacks.ModelCheckpoint(
                folder / "a.keras", save_freq=4
            ),
            1,
        ),
    ],
)
def test_which_callbacks_want_each_step(tmp_path, make, steps):
    gan = mlp()
    found = executions.chosen(gan, batches(), [make(tmp_path)], 23)
    assert found == steps


def batches():
    return tf.data.Dataset.from_tensor_slices(X).batch(4, drop_remainder=True)


def test_what_else_decides(two_replicas_without_collectives):
    gan = mlp()
    for steps, expected in ((None, 1), (-2, 1), (19, 1), (20, 10)):
        assert executions.chosen(gan, batches(), (), steps) == expected
    assert executions.chosen(mlp(run_eagerly=True), batches(), (), 23) == 1
    with two_replicas_without_collectives.scope():
        replicated = mlp()
    assert executions.chosen(replicated, batches(), (), 23) == 1


def test_large_games_and_those_that_say_nothing_take_one(monkeypatch):
    gan = mlp()
    work = 4 * 4 * sum(map(executions.multiplications, gan.networks().values()))
    for largest, expected in ((work, 10), (work - 1, 1)):
        monkeypatch.setattr(executions, "LARGEST", largest)
        assert executions.chosen(gan, batches(), (), 23) == expected
    monkeypatch.undo()

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = keras.Sequential(
                [keras.layers.Flatten(), keras.layers.Dense(1)]
            )
            self.head = keras.layers.Dense(1)

        def call(self, inputs):
            return self.head(self.inner(inputs))

    own = Own()
    own(X[:1])
    assert chosen_with(own) == 1


def chosen_with(discriminator):
    generator = networks.MLPGenerator(SHAPE, latent_dim=2)
    gan = models.GAN(generator, discriminator, priors.Normal(2))
    gan.compile()
    return executions.chosen(gan, batches(), (), 23)


def test_multiplications_of_networks():
    """Counted by hand: kernels times positions."""
    dense = networks.MLPDiscriminator((4, 4, 1), widths=(8, 5))
    assert executions.multiplications(dense) == 16 * 8 + 8 * 5 + 5
    layers = keras.layers
    stack = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, strides=2, padding="same"),  # 4 x 4
            layers.BatchNormalization(),
            keras.Sequential([layers.Conv2DTranspose(2, 5, 2, padding="same")]),
            layers.SpectralNormalization(layers.Conv2D(1, 1)),  # 8 x 8
        ]
    )
    by_hand = 16 * 9 * 3 * 4 + 16 * 25 * 4 * 2 + 64 * 2 * 1
    found = executions.multiplications(stack)
    power = stack.layers[-1].non_trainable_weights  # its vector, (1, 1)
    assert found == by_hand + 64 * sum(np.prod(w.shape) for w in power)


def test_the_setting_is_kept_and_others_are_refused(tmp_path):
    gan, _ = fitted()
    assert gan.get_compile_config()["steps_per_execution"] == "auto"
    gan.save_to_preset(tmp_path / "preset")
    again = models.GAN.from_preset(tmp_path / "preset")
    assert again.get_compile_config()["steps_per_execution"] == "auto"
    for wrong in ("often", 0, 2.5, True):
        with pytest.raises(ValueError, match=r"steps_per_execution.*Received: "):
            mlp(steps_per_execution=wrong)


def test_evaluation_after_training_by_tens():
    gan, _ = fitted()
    ten = gan.evaluate(X, batch_size=4, verbose=0, return_dict=True)
    other, _ = fitted(1)
    assert ten == other.evaluate(X, batch_size=4, verbose=0, return_dict=True)
