"""In the graph that TensorFlow really runs, every read of a variable has its place.

`one trajectory` would notice a penalty that saw moved weights only once in thousands of
steps: which comes first is then a matter of threads. So this looks at the graph itself.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.pace import only
from tensorflow.python.eager import context

import keras_gan
from keras_gan import losses, penalties
from keras_gan.core import effects, randomness

IMAGES = np.random.default_rng(0).uniform(-1, 1, (20, 16, 16, 1)).astype("float32")
READS = {"ReadVariableOp"}
WRITES = {"AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp"}
KERNELS = {"ResourceApplyAdam": 3}  # which write so many variables, their first inputs


def game(kind="mlp", family=keras_gan.models.GAN, normalization="batch", **rules):
    networks = keras_gan.networks
    if kind == "mlp":
        generator = networks.MLPGenerator((16, 16, 1), 4, widths=(8, 8))
        discriminator = networks.MLPDiscriminator((16, 16, 1), widths=(8, 8))
    else:
        generator = networks.DCGANGenerator((16, 16, 1), 4, filters=2)
        discriminator = networks.DCGANDiscriminator(
            (16, 16, 1), filters=2, normalization=normalization
        )
    gan = family(generator, discriminator, keras_gan.priors.Normal(4), ema_decay=0.9)
    gan.compile(jit_compile=False, **rules)
    return gan


def graphs_of(run):
    """The optimized graphs of all functions that `run` traces."""
    context.enable_run_metadata()
    try:
        run()
        metadata = context.export_run_metadata()
    finally:
        context.disable_run_metadata()
    return [functions.post_optimization_graph for functions in metadata.function_graphs]


def unordered(graph):
    """Pairs of nodes (write, read or write) of one variable that may run in any order.

    Also how many pairs there are at all.
    """
    nodes = {node.name: node for node in graph.node}
    touching = {}
    for node in graph.node:
        if node.op in READS | WRITES | set(KERNELS):
            for handle in node.input[: KERNELS.get(node.op, 1)]:
                touching.setdefault(handle.split(":")[0], []).append(node)

    def ancestors(node):
        seen, waiting = set(), [node.name]
        while waiting:
            for edge in nodes[waiting.pop()].input:
                name = edge.lstrip("^").split(":")[0]
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        return seen

    pairs, loose = 0, []
    for users in touching.values():
        before = {node.name: ancestors(node) for node in users}
        writes = [node for node in users if node.op not in READS]
        for write in writes:
            for other in users:
                if other is write or (other in writes and other.name < write.name):
                    continue
                pairs += 1
                related = other.name in before[write.name]
                if not related and write.name not in before[other.name]:
                    loose.append((write.name, other.name))
    return pairs, loose


def assert_in_order(gan):
    graphs = graphs_of(lambda: gan.fit(IMAGES, batch_size=4, epochs=1, verbose=0))
    counted = [unordered(graph) for graph in graphs]
    assert max(pairs for pairs, _ in counted) > 20  # the step is among them
    assert [loose for _, loose in counted if loose] == []


LOSSES = [c.__name__ for c in losses.ALL]


@pytest.mark.parametrize("loss", only(["NonSaturating", "RelativisticAverage"], LOSSES))
@pytest.mark.parametrize("penalised", [False, True], ids=["plain", "R1"])
def test_every_loss(loss, penalised):
    assert_in_order(game(loss=loss, penalties=[penalties.R1()] * penalised))


PENALTIES = {
    "GradientPenalty": [penalties.GradientPenalty()],
    "DRAGAN": [penalties.DRAGAN()],
    "R2": [penalties.R2()],
    "lazy-GradientPenalty": [penalties.GradientPenalty(every=2)],
    "lazy-DRAGAN": [penalties.DRAGAN(every=2)],
    "lazy-R1-and-R2": [penalties.R1(every=2), penalties.R2(every=3)],
}


@pytest.mark.parametrize("name", only(["DRAGAN", "lazy-R1-and-R2"], PENALTIES))
def test_every_penalty(name):
    assert_in_order(game(penalties=PENALTIES[name]))


@pytest.mark.parametrize("family", only(["WGANGP"], ["WGAN", "WGANGP"]))
def test_every_family(family):
    assert_in_order(game(family=getattr(keras_gan.models, family)))


@pytest.mark.parametrize(
    "rules",
    [
        {"kind": "dcgan"},
        {"normalization": "spectral", "kind": "dcgan"},
        {"family": keras_gan.models.ConsensusGAN},
        {"updates": "simultaneous"},
        {"latents": "fresh"},
        {"discriminator_steps": 2},
        {"discriminator_optimizer": keras.optimizers.SGD(0.01)},
        {"discriminator_constraint": keras.constraints.MaxNorm(1.0)},
    ],
    ids=lambda rules: next(iter(rules)),
)
def test_every_order_of_play(rules):
    assert_in_order(game(penalties=[penalties.R1()], **rules))


def test_the_check_sees_what_the_graph_optimizer_does():
    """Without the package's care a bias is read, and moved, in any order."""
    gan = game(penalties=[penalties.GradientPenalty()])
    step = tf.function(gan.train_step)
    loose = [pair for g in graphs_of(lambda: step(IMAGES)) for pair in unordered(g)[1]]
    assert any("bias" in read.lower() for _, read in loose)


OPTIONS = ("dependency_optimization", "arithmetic_optimization")


def test_the_setting_is_the_users_again_afterwards():
    def settings():
        options = tf.config.optimizer.get_experimental_options()
        return [options[option] for option in OPTIONS]

    tf.config.optimizer.set_experimental_options(dict.fromkeys(OPTIONS, True))
    with effects.in_order():
        assert settings() == [False, False]
    assert settings() == [True, True]


def total(x):
    """The sum of three columns, the last two first."""
    return x[:, 0:1] + (x[:, 1:2] + x[:, 2:3])


class Totals(keras_gan.models.GAN):
    """Whose discriminator pays, and is judged by, a total of the data."""

    def discriminator_objective(self, round):
        objective, logs = super().discriminator_objective(round)
        paid = total(tf.reduce_mean(round.real, 0, keepdims=True))[0, 0]
        return paid + 0.0 * objective, logs

    def evaluation_logs(self, round):
        logs = super().evaluation_logs(round)
        paid = total(tf.reduce_mean(round.real, 0, keepdims=True))[0, 0]
        return {**logs, "d_loss": paid}


# 1 + (e + e) is the number after 1, and (1 + e) + e is 1: e is half of a rounding.
TOTAL = [[1.0, 2.0**-24, 2.0**-24]]


def test_a_graph_adds_in_the_order_of_the_code():
    """In any other order, sums differ by a rounding from one process to the next."""
    gan = Totals(
        keras_gan.networks.MLPGenerator((3,), 3, widths=()),
        keras_gan.networks.MLPDiscriminator((3,), widths=()),
        keras_gan.priors.Normal(3),
    )
    gan.compile(jit_compile=False)
    rows = np.repeat(np.float32(TOTAL), 4, axis=0)
    history = gan.fit(rows, batch_size=4, verbose=0).history
    found = gan.evaluate(rows, batch_size=4, verbose=0, return_dict=True)
    assert history["d_loss"] == [found["d_loss"]] == [1 + 2.0**-23]
    graph = tf.function(total)
    assert graph(rows).numpy().max() == 1.0  # what the graph optimizer does by itself


def test_samples_are_added_in_the_order_of_the_code():
    latents, samples = keras.Input((3,)), keras.Input((1,))
    gan = keras_gan.models.GAN(
        keras.Model(latents, keras.layers.Lambda(total)(latents)),
        keras.Model(samples, keras.layers.Dense(1)(samples)),
        keras_gan.priors.Normal(3),
    )
    x = gan.prior(1000, randomness.seed_of(0, "sample")).numpy()
    drawn = gan.sample(1000, seed=0)
    np.testing.assert_array_equal(drawn, total(x))
    assert np.mean(drawn != x[:, 0:1] + x[:, 1:2] + x[:, 2:3]) > 0.1
