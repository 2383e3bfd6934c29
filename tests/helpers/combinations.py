"""Losses, penalties, orders of play and modes of running, to be combined.

Each combination plays a few steps of a game in two dimensions by SGD and must end where
the game ends that `by_hand` plays, with its logs: a loop in this file that shares the
losses, the penalties and the random numbers with the package, but neither its networks
and its optimizer, nor its order of play, nor `fit`.

As a script, all combinations of one loss: a process keeps what TensorFlow has compiled,
a gigabyte for each loss.
"""

import contextlib
import functools
import itertools
import sys
import traceback

import keras
import numpy as np
import tensorflow as tf

import keras_gan
from keras_gan import losses, penalties
from keras_gan.core.randomness import derived, seed_of

LOSSES = {
    **{cls.__name__: cls for cls in losses.ALL},
    # By default it plays the trajectory of Minimax
    "FDivergence": lambda: losses.FDivergence("pearson"),
}
KINDS = {
    "R1": penalties.R1,
    "R2": penalties.R2,
    "GradientPenalty": penalties.GradientPenalty,
    "DRAGAN": penalties.DRAGAN,
    # By steps that are large: differences over 0.01 round a hundred times as much.
    "ApproximateR1": functools.partial(penalties.ApproximateR1, sigma=0.5),
    "ApproximateR2": functools.partial(penalties.ApproximateR2, sigma=0.5),
}
PENALTIES = ("no", *KINDS, *(f"lazy {name}" for name in KINDS))
ORDERS = {
    "alternating, shared": {"updates": "alternating", "latents": "shared"},
    "alternating, fresh": {"updates": "alternating", "latents": "fresh"},
    "simultaneous": {"updates": "simultaneous"},
}
TWO = "two replicas"
WAYS = {  # the cheapest first
    "eager": {"run_eagerly": True},
    "graph": {},
    "steps_per_execution": {"steps_per_execution": 2},
    TWO: {},
    "XLA": {"jit_compile": True},
}

SEED, STEPS, ROWS, RATE = 5, 3, 5, 0.05  # two replicas take 3 rows and 2
REAL = np.random.default_rng(2).normal(size=(STEPS, ROWS, 2)).astype("float32")
# float32 has 1.2e-7; sums of some terms in another order, over three steps
TOLERANCE = 1e-6


def networks():
    """G is affine, D has a hidden layer of three units; the same weights each time."""
    keras.utils.set_random_seed(11)
    latents, samples = keras.Input((2,)), keras.Input((2,))
    generator = keras.Model(latents, keras.layers.Dense(2)(latents))
    hidden = keras.layers.Dense(3, activation="tanh")(samples)
    return generator, keras.Model(samples, keras.layers.Dense(1)(hidden))


def penalties_of(name):
    if name == "no":
        return []
    every = 2 if name.startswith("lazy") else 1
    return [KINDS[name.split()[-1]](0.5, every=every)]


@functools.cache
def first_weights():
    """The kernels and biases of `networks`: two of G, four of D."""
    return [[v.numpy() for v in network.weights] for network in networks()]


@functools.cache
def by_hand(loss, penalty, order):
    """The game written out: (weights, logs) after three steps."""
    rules, terms = ORDERS[order], penalties_of(penalty)
    loss = LOSSES[loss]()
    g_weights, d_weights = [[tf.Variable(v) for v in vs] for vs in first_weights()]
    prior = keras_gan.priors.Normal(2)
    logs = []

    def generator(latents):
        kernel, bias = g_weights
        return latents @ kernel + bias

    def discriminator(samples):
        kernel, bias, last_kernel, last_bias = d_weights
        return tf.tanh(samples @ kernel + bias) @ last_kernel + last_bias

    def pay_of_discriminator(step, real, latents):
        fake = generator(latents)
        logits = discriminator(real), discriminator(fake)
        log = loss.scores(*logits)
        pay = loss.discriminator_loss(*logits)
        seed = derived(seed_of(SEED, "discriminator", step, 0), 0)
        for term in terms:
            log[term.name] = tf.zeros(())
            if step % term.every == 0:
                log[term.name] = term.every * term(discriminator, real, fake, seed)
            pay += log[term.name]
        return pay, {**log, "d_loss": pay}

    def pay_of_generator(real, latents):
        pay = loss.generator_loss(
            discriminator(real), discriminator(generator(latents))
        )
        return pay, {"g_loss": pay}

    def slope(weights, pay, *arguments):
        with tf.GradientTape() as tape:
            value, log = pay(*arguments)
        return tape.gradient(value, weights, unconnected_gradients="zero"), log

    def descend(weights, slopes):
        for weight, slope in zip(weights, slopes, strict=True):
            weight.assign_sub(RATE * slope)

    for step, real in enumerate(tf.constant(REAL)):
        latents = prior(ROWS, seed_of(SEED, "latents", step, 0))
        d_slope, d_log = slope(d_weights, pay_of_discriminator, step, real, latents)
        if rules["updates"] == "alternating":
            descend(d_weights, d_slope)
            if rules["latents"] == "fresh":
                latents = prior(ROWS, seed_of(SEED, "latents", step, 1))
        g_slope, g_log = slope(g_weights, pay_of_generator, real, latents)
        if rules["updates"] == "simultaneous":
            descend(d_weights, d_slope)
        descend(g_weights, g_slope)
        logs.append({**d_log, **g_log})
    weights = [weight.numpy() for weight in (*g_weights, *d_weights)]
    return weights, {key: np.mean([log[key] for log in logs]) for key in logs[0]}


def play(loss, penalty, order, way, strategy=None):
    """The same by `fit`: (weights, logs)."""
    with strategy.scope() if strategy else contextlib.nullcontext():
        gan = keras_gan.models.GAN(*networks(), keras_gan.priors.Normal(2), seed=SEED)
        gan.compile(
            loss=LOSSES[loss](),
            penalties=penalties_of(penalty),
            generator_optimizer=keras.optimizers.SGD(RATE),
            discriminator_optimizer=keras.optimizers.SGD(RATE),
            **ORDERS[order],
            **WAYS[way],
        )
    data = tf.data.Dataset.from_tensor_slices(REAL.reshape(-1, 2))
    data = data.batch(ROWS, drop_remainder=True)
    history = gan.fit(data, epochs=1, verbose=0).history
    assert int(gan.step.numpy()) == STEPS
    weights = [v.numpy() for v in (*gan.generator.weights, *gan.discriminator.weights)]
    return weights, {key: values[0] for key, values in history.items()}


def check(loss, penalty, order, way, strategy=None):
    """Play a combination; raise an AssertionError where it differs from `by_hand`."""
    weights, logs = by_hand(loss, penalty, order)
    played, history = play(loss, penalty, order, way, strategy)
    for expected, found in zip(weights, played, strict=True):
        assert_close(found, expected)
    assert set(history) == set(logs)
    for name, expected in logs.items():
        assert_close(history[name], expected, name)


def assert_close(found, expected, name=""):
    np.testing.assert_allclose(
        found,
        expected,
        rtol=0,
        atol=TOLERANCE * max(1, abs(expected).max()),
        equal_nan=False,
        err_msg=name,
    )


def product(loss):
    """All combinations of a loss with no penalty or a lazy one.

    A lazy penalty plays both kinds of moves, those where it is due and those where it
    is not. Without the others the product has 105 combinations of each loss, not 195.
    """
    lazy = [name for name in PENALTIES if name == "no" or name.startswith("lazy")]
    return list(itertools.product([loss], lazy, ORDERS, WAYS))


def main(loss):
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    two = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    failed = []
    for combination in product(loss):
        try:
            check(*combination, two if combination[-1] == TWO else None)
        except Exception:
            failed.append(" - ".join(combination))
            print(failed[-1], traceback.format_exc(), sep="\n")
    print(f"{len(product(loss))} combinations, failed: {failed}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(sys.argv[1])
