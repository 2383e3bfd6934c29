"""SNGAN's networks in games, held to every family's checks."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.family_checks import FamilyChecks, assert_same, state
from helpers.pace import only

from keras_gan import models, networks, priors
from keras_gan.networks import residual

SHAPE, CLASSES = (8, 8, 1), 3
RANDOM = np.random.default_rng(6)
IMAGES = RANDOM.uniform(-1, 1, (21, *SHAPE)).astype("float32")
LABELS = np.arange(21) % CLASSES


@pytest.fixture(scope="module", autouse=True)
def small_layout():
    """Networks of 8 pixels: one block of each kind, where the authors have more."""
    with pytest.MonkeyPatch.context() as patch:
        layout = residual.Layout((2, 1), (1, 2), 1, (4, 4))
        patch.setitem(residual.LAYOUTS, SHAPE[0], layout)
        yield


def compiled(game, optimizer, rules):
    made = {"sgd": lambda: keras.optimizers.SGD(0.01), "adam": keras.optimizers.Adam}
    optimizers = [made[optimizer]() for _ in range(2)]
    game.compile(
        generator_optimizer=optimizers[0],
        discriminator_optimizer=optimizers[1],
        **rules,
    )
    for network in [*game.networks().values(), *(copy for copy, _ in game.averages())]:
        for layer in network.layers:
            if layer.name == "attention":  # so that what it looks at counts at once
                layer.gamma.assign(2.0)
    return game


class Checks(FamilyChecks):
    """Batch normalization takes away what the biases in the generator's block add."""

    at_rest = ("up_1_1", "up_1_2", "up_1_shortcut")
    rules = {}

    def make(self, strategy=None, optimizer="sgd", dropout=None, **options):
        keras.utils.set_random_seed(11)
        with strategy.scope() if strategy else contextlib.nullcontext():
            return compiled(self.game(), optimizer, {**self.rules, **options})


@pytest.mark.slow
class TestSNGANWithAttention(Checks):
    """By the authors' loss."""

    rules = {"loss": "hinge"}
    at_rest = ("up_1_1",)  # attention sees the others: a query's product with a bias

    def game(self):
        return models.GAN(
            networks.SNGANGenerator(
                SHAPE, 5, filters=8, attention=8, synchronized=True
            ),
            networks.SNGANDiscriminator(SHAPE, filters=8, attention=4),
            priors.Normal(5),
            ema_decay=0.9,
            seed=5,
        )

    def data(self):
        return tf.data.Dataset.from_tensor_slices(IMAGES).batch(8)


@pytest.mark.slow
class TestConditionalSNGAN(Checks):
    def game(self):
        return models.ConditionalGAN(
            networks.ConditionalSNGANGenerator(
                SHAPE, 5, CLASSES, filters=4, synchronized=True
            ),
            networks.ConditionalSNGANDiscriminator(SHAPE, CLASSES, filters=4),
            priors.Normal(5),
            num_classes=CLASSES,
            ema_decay=0.9,
            seed=5,
        )

    def data(self):
        return tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).batch(8)


GAMES = [TestSNGANWithAttention, TestConditionalSNGAN]


@pytest.mark.parametrize("game", only([TestConditionalSNGAN], GAMES))
def test_eager_mode_is_the_graph(game):
    """The least of the checks, quick enough for every day."""
    eager, graph = (
        game().play(game().make(run_eagerly=way), epochs=1) for way in (True, False)
    )
    assert_same(graph[0], eager[0])
    assert_same(graph[1], eager[1])


@pytest.mark.slow
def test_penalties_go_through_a_network_with_attention():
    """A second derivative by way of attention, pooling, and the spectral norm."""
    game = TestSNGANWithAttention()
    results = []
    for way in ({}, {"jit_compile": True}):
        gan = game.make(penalties=["r1"], **way)
        history = gan.fit(game.data(), epochs=1, verbose=0).history
        assert history["r1"][0] > 0
        results.append([*state(gan), np.array(history["r1"])])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(
            one, other, rtol=0, atol=1e-5 * max(1, abs(one).max())
        )


@pytest.mark.parametrize("game", GAMES)
def test_evaluate_reads_its_logits_as_density_ratios(game, recwarn):
    found = game().make().evaluate(game().data(), verbose=0, return_dict=True)
    assert "real_accuracy" in found
    assert not [w for w in recwarn if "accuracy" in str(w.message)]


@pytest.mark.slow
def test_the_authors_layout_of_32_pixels(two_replicas):
    """Three blocks up, four down, hinge, two moves: one trajectory in every way."""
    images = RANDOM.uniform(-1, 1, (20, 32, 32, 3)).astype("float32")

    def played(strategy=None, **way):
        keras.utils.set_random_seed(11)
        with strategy.scope() if strategy else contextlib.nullcontext():
            game = models.GAN(
                networks.SNGANGenerator((32, 32, 3), 5, filters=4, synchronized=True),
                networks.SNGANDiscriminator((32, 32, 3), filters=4),
                priors.Normal(5),
                ema_decay=0.9,
                seed=5,
            )
            rules = {"loss": "hinge", "discriminator_steps": 2, **way}
            compiled(game, "sgd", rules)
        dataset = tf.data.Dataset.from_tensor_slices(images).batch(5)
        history = game.fit(dataset, epochs=2, verbose=0).history
        assert int(game.step.numpy()) == 4
        return state(game), [np.array(values) for values in history.values()]

    expected = played()
    for way in (
        {"run_eagerly": True},
        {"jit_compile": True},
        {"steps_per_execution": 2},
        {"strategy": two_replicas},
    ):
        for one, other in zip(expected, played(**way), strict=True):
            assert_same(one, other)
