"""R3GAN's networks under a relativistic loss with R1 and R2, as every game."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.family_checks import FamilyChecks, assert_same, moved_by_optimizers

from keras_gan import models, networks, penalties, priors

SHAPE, WIDTHS, GAMMA, CLASSES = (8, 8, 1), (8, 8), 0.1, 3
ROWS = np.random.default_rng(3).uniform(-1, 1, (22, *SHAPE)).astype("float32")
LABELS = np.arange(len(ROWS)) % CLASSES
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05),
    "adam": lambda: keras.optimizers.Adam(2e-3, beta_1=0.0, beta_2=0.9),
}


def make(family, strategy=None, optimizer="sgd", dropout=0.0, **options):
    """A game with the same first weights every time; there is no dropout to leave out.

    The last weights of the blocks, which are 0 at the start, are drawn too: all others
    of a block move from the first step then.
    """
    keras.utils.set_random_seed(4)
    classes = {"num_classes": CLASSES} if family is models.ConditionalGAN else {}
    sizes = {"widths": WIDTHS, "blocks": 1, "group_size": 4, **classes}
    with strategy.scope() if strategy else contextlib.nullcontext():
        game = family(
            networks.R3GANGenerator(SHAPE, 6, **sizes),
            networks.R3GANDiscriminator(SHAPE, **sizes),
            priors.Normal(6),
            ema_decay=0.9,
            seed=5,
            **classes,
        )
        random = np.random.default_rng(6)
        for network in (game.generator, game.discriminator):
            for layer in network.layers:
                if layer.name.endswith("contract"):
                    layer.kernel.assign(random.normal(0, 0.3, layer.kernel.shape))
        game.compile(
            loss="relativistic",
            penalties=[penalties.R1(GAMMA), penalties.R2(GAMMA)],
            latents="fresh",
            generator_optimizer=OPTIMIZERS[optimizer](),
            discriminator_optimizer=OPTIMIZERS[optimizer](),
            **options,
        )
    return game


class R3GANChecks(FamilyChecks):
    """The checks; float16 is refused, so bfloat16 stands for half precision."""

    family = models.GAN

    def make(self, strategy=None, **options):
        return make(self.family, strategy, **options)

    def test_half_precision_reaches_every_network(self):
        keras.config.set_dtype_policy("mixed_bfloat16")
        try:
            model = self.make()
        finally:
            keras.config.set_dtype_policy("float32")
        before = [v.numpy() for v in moved_by_optimizers(model)]
        history = model.fit(self.data(), epochs=2, verbose=0).history
        assert all(np.isfinite(values).all() for values in history.values())
        for old, variable in zip(before, moved_by_optimizers(model), strict=True):
            assert variable.dtype == "float32" and np.isfinite(variable.numpy()).all()
            assert abs(variable.numpy() - old).max() > 0


@pytest.mark.slow
class TestR3GAN(R3GANChecks):
    def data(self):
        return tf.data.Dataset.from_tensor_slices(ROWS).batch(8)


@pytest.mark.slow
class TestR3GANOfClasses(R3GANChecks):
    family = models.ConditionalGAN

    def data(self):
        return tf.data.Dataset.from_tensor_slices((ROWS, LABELS)).batch(8)


@pytest.mark.parametrize("game", [TestR3GAN, TestR3GANOfClasses])
def test_eager_mode_is_the_graph(game):
    """The least of the checks, quick enough for every day."""
    eager, graph = (
        game().play(game().make(run_eagerly=way), epochs=1) for way in (True, False)
    )
    assert_same(graph[0], eager[0])
    assert_same(graph[1], eager[1])


def test_both_penalties_are_those_of_one_slope_at_the_start():
    """D is linear then: gamma/2 |grad D|^2 is the same on real and on fake images."""
    game = models.GAN(
        networks.R3GANGenerator(SHAPE, 6, widths=WIDTHS, group_size=4),
        networks.R3GANDiscriminator(SHAPE, widths=WIDTHS, group_size=4),
        priors.Normal(6),
    )
    game.compile(
        loss="relativistic",
        penalties=[penalties.R1(GAMMA), penalties.R2(GAMMA)],
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.SGD(0.0),
    )
    image = tf.convert_to_tensor(ROWS[:1])
    with tf.GradientTape() as tape:
        tape.watch(image)
        logit = game.discriminator(image)
    expected = GAMMA / 2 * np.sum(tape.gradient(logit, image).numpy() ** 2)
    history = game.fit(ROWS, batch_size=8, epochs=1, verbose=0).history
    assert expected > 1e-4
    assert history["r1"] == pytest.approx([expected], rel=1e-4)
    assert history["r2"] == pytest.approx([expected], rel=1e-4)


@pytest.mark.filterwarnings("error")
def test_a_linear_end_plays_on_images_and_samples_beyond_them():
    """A generator without tanh learns standardised images too, but no bytes."""
    game = make(models.GAN)
    standardised = tf.data.Dataset.from_tensor_slices(2 * ROWS).batch(8)
    game.fit(standardised, epochs=1, verbose=0)
    assert game.sample(4, seed=0).shape == (4, *SHAPE)
    with pytest.raises(ValueError, match="0 to 255.*value_range"):
        game.fit(np.round(127.5 * (ROWS + 1)), batch_size=8, verbose=0)
