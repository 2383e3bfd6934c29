"""Probes: gradient norms and logits as they are now, and nothing is changed by it."""

import keras
import numpy as np
import pytest
from helpers import toys
from helpers.pace import only
from helpers.trajectory import data, game

import keras_gan
from keras_gan import losses
from keras_gan.core.randomness import seed_of

ROWS = np.random.default_rng(2).normal(size=(5, 6)).astype("float32")
TOLERANCE = 1e-6  # float32 sums of some tens of terms, in another order


def line(**rules):
    """G(z) = a z + b and D(x) = w x + c, on numbers."""
    gan = keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator((1,), latent_dim=1, widths=()),
        keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]),
        keras_gan.priors.Normal(1),
        seed=4,
    )
    gan.generator.set_weights([np.array([[2.0]]), np.array([0.5])])
    gan.discriminator.set_weights([np.array([[-3.0]]), np.array([1.0])])
    gan.compile(loss=losses.Wasserstein(), **rules)
    return gan


REAL = np.array([[1.0], [2.0], [6.0]], "float32")


def latents_of(gan, step=0):
    return gan.prior(3, seed_of(4, "latents", step, 0)).numpy()


def test_the_norms_are_those_of_the_formulas():
    """L_D = E D(G(z)) - E D(x), so dL/dw = E G(z) - E x, dL/dc = 0; L_G = -E D(G(z)),
    so dL/da = -w E z, dL/db = -w."""
    gan = line(updates="simultaneous")
    z = latents_of(gan)
    expected = {
        "discriminator_optimizer": abs((2.0 * z + 0.5).mean() - 3.0),
        "generator_optimizer": 3.0 * np.hypot(z.mean(), 1.0),
    }
    found = gan.gradient_norms(REAL)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-6)


def test_the_logits_are_those_of_both_players():
    gan = line()
    gan.step.assign(7)  # the latents are those of the step to come
    found = gan.logits_now(REAL)
    np.testing.assert_allclose(found["real"], [-2.0, -5.0, -17.0], rtol=1e-6)
    fake = 2.0 * latents_of(gan, step=7)[:, 0] + 0.5
    np.testing.assert_allclose(found["fake"], 1.0 - 3.0 * fake, rtol=1e-5)


def test_the_scale_of_half_precision_is_no_part_of_the_norm():
    whole = line().gradient_norms(REAL)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        gan = line()
    finally:
        keras.config.set_dtype_policy("float32")
    for optimizer in gan.optimizers().values():
        optimizer.dynamic_scale.assign(1024.0)  # as after some steps: no overflow
    for name, value in gan.gradient_norms(REAL).items():
        # Samples of up to 6 are rounded to 2**-11 of themselves, and so are products.
        np.testing.assert_allclose(value, whole[name], rtol=0, atol=6 * 2**-10)


class Looking(keras.callbacks.Callback):
    """Looks at the same data after each epoch."""

    def __init__(self, rows):
        super().__init__()
        self.rows, self.seen = rows, []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(self.model.gradient_norms(self.rows))
        if isinstance(self.model, keras_gan.models.Game):
            self.model.logits_now(self.rows)


WAYS = {
    "graph": {},
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 4},
}


# By Dropout, with three updates a step; quick in callbacks/test_tensor_board.py.
@pytest.mark.parametrize("way", only([], WAYS))
def test_a_run_that_is_looked_at_has_the_bits_of_one_that_is_not(way):
    states = []
    group = next(iter(data().regrouped(3)))
    for callbacks in ([], [Looking(group)]):
        gan = game(dropout=0.25, **WAYS[way])
        history = gan.fit(data(), epochs=3, verbose=0, callbacks=callbacks).history
        states.append([*(v.numpy() for v in gan.variables), *history.values()])
    assert len(states[0]) == len(states[1])
    for one, other in zip(*states, strict=True):
        np.testing.assert_array_equal(one, other)
    seen = [list(norms.values()) for norms in callbacks[0].seen]
    assert np.all(np.array(seen) > 0) and len({tuple(one) for one in seen}) == 3


@pytest.mark.parametrize("name", only(["VAE"], toys.TOYS))
def test_other_kinds_of_models_are_left_as_they_are(name):
    """Of batch statistics, two networks a player, and models of one player."""
    model = toys.make(name)
    before = [v.numpy() for v in model.variables]
    dataset = toys.data(name)
    if model.minibatches_per_step > 1:
        dataset = keras_gan.datasets.regroup(dataset, model.minibatches_per_step)
    found = model.gradient_norms(next(iter(dataset)))
    assert found.keys() == model.players().keys()
    assert all(0 < value < np.inf for value in found.values())
    for one, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(one, variable.numpy())


@pytest.mark.parametrize("rows", only([5], [5, 1]))  # 2 and 3 rows; 0 and 1
def test_two_replicas_find_what_one_device_finds(two_replicas, rows):
    rules = {"discriminator_steps": 1}
    one, two = (game(where, **rules) for where in (None, two_replicas))
    expected, found = (gan.gradient_norms(ROWS[:rows]) for gan in (one, two))
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=TOLERANCE)
    if rows > 1:
        for name, logits in one.logits_now(ROWS).items():
            np.testing.assert_allclose(two.logits_now(ROWS)[name], logits, atol=1e-6)
