"""Weights of penalties that change over a run, by its length."""

import keras
import numpy as np
import pytest
from helpers import trajectory
from helpers.families import make_gan
from helpers.pace import only

from keras_gan import callbacks, datasets, models, penalties, priors, schedules

RAMP = schedules.Linear(2.0, 0.0)
STILL = {
    "generator_optimizer": keras.optimizers.SGD,
    "discriminator_optimizer": keras.optimizers.SGD,
}


def linear_game(**rules):
    """A game that stands still, whose discriminator has the slope (3, 4) everywhere."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    discriminator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    discriminator.layers[0].kernel.assign([[3.0], [4.0]])
    gan = models.GAN(generator, discriminator, priors.Normal(2))
    gan.compile(**{name: kind(0.0) for name, kind in STILL.items()}, **rules)
    return gan


@pytest.mark.parametrize("kind", [penalties.R1, penalties.R2])
@pytest.mark.parametrize(("steps", "epochs"), [(4, 1), (4, 3)])
def test_the_weight_is_that_of_the_share_of_the_run(kind, steps, epochs):
    gan = linear_game(penalties=[kind(gamma=RAMP)])
    rows = np.random.default_rng(0).normal(size=(8 * steps, 2)).astype("float32")
    history = gan.fit(rows, batch_size=8, epochs=epochs, verbose=0).history
    shares = np.arange(steps * epochs) / (steps * epochs)
    terms = 0.5 * 2.0 * (1 - shares) * 5.0**2  # gamma/2 |grad|^2
    expected = terms.reshape(epochs, steps).mean(axis=1)
    np.testing.assert_allclose(history[kind().name], expected, rtol=1e-5)


@pytest.mark.parametrize(
    "kind",
    [
        penalties.R1,
        penalties.R2,
        penalties.ApproximateR1,
        penalties.ApproximateR2,
    ],
)
def test_it_is_kept_by_configs_and_refused_outside_of_a_run(kind):
    made = kind(gamma=RAMP)
    again = kind.from_config(made.get_config())
    assert again.gamma.get_config() == RAMP.get_config()
    whole = keras.saving.serialize_keras_object(made)
    other = keras.saving.deserialize_keras_object(whole)
    assert other.get_config() == made.get_config()
    x = np.ones((4, 2), "float32")
    with pytest.raises(ValueError, match="relative to the length of a run"):
        made(lambda x: x[:, :1] ** 2, x, x, [0, 1])
    with pytest.raises(ValueError, match="at least 0"):
        kind(gamma=schedules.Linear(1.0, -0.1))


def test_the_weights_of_gradient_penalties_change_too():
    for kind in (penalties.GradientPenalty, penalties.DRAGAN):
        gan = linear_game(penalties=[kind(weight=RAMP)])
        rows = np.random.default_rng(0).normal(size=(32, 2)).astype("float32")
        history = gan.fit(rows, batch_size=8, verbose=0).history
        weights = 2.0 * (1 - np.arange(4) / 4)
        # Slope 5, target 1: (5 - 1)^2.
        expected = np.mean(weights) * 16
        np.testing.assert_allclose(history[kind().name], [expected], rtol=1e-5)


WAYS = {
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "four at once": {"steps_per_execution": 4},
}


def rules():
    return {"penalties": [penalties.R1(gamma=schedules.Cosine(2.0, 0.1, until=0.5))]}


@pytest.mark.parametrize("way", only(["eager", "four at once"], WAYS))
def test_a_ramp_takes_one_trajectory(way):
    states = []
    for options in ({}, WAYS[way]):
        gan = trajectory.game(**rules(), **options)
        gan.fit(trajectory.data(), epochs=3, verbose=0)
        states.append(trajectory.state(gan))
    for one, other in zip(*states, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


@pytest.mark.slow
def test_replicas_take_it_too(two_replicas):
    states = []
    for strategy in (None, two_replicas):
        gan = trajectory.game(strategy=strategy, **rules())
        gan.fit(trajectory.data(), epochs=3, verbose=0)
        states.append(trajectory.state(gan))
    for one, other in zip(*states, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


@pytest.mark.slow
def test_a_run_that_is_resumed_goes_on_in_it(tmp_path):
    def run(steps, folder):
        gan = make_gan(**rules())
        backup = callbacks.BackupAndRestore(folder, save_freq=1, verbose=False)
        data = datasets.load(np.ones((64, 6), "float32"), 8, seed=1)

        class Stop(keras.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                if int(self.model.step.numpy()) == steps:
                    raise KeyboardInterrupt

        try:
            gan.fit(data, epochs=2, verbose=0, callbacks=[backup, Stop()])
        except KeyboardInterrupt:
            return None
        return gan

    assert run(5, tmp_path / "a") is None
    resumed, whole = run(99, tmp_path / "a"), run(99, tmp_path / "b")
    for one, other in zip(resumed.variables, whole.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy(), err_msg=one.path)
