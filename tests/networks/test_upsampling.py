"""DCGANs whose sides are doubled by resize-convolutions, alone and in a game."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.family_checks import FamilyChecks, assert_same

from keras_gan import layers, models, networks, priors

SHAPE, CLASSES = (8, 8, 1), 3
RANDOM = np.random.default_rng(6)
IMAGES = RANDOM.uniform(-1, 1, (21, *SHAPE)).astype("float32")
LABELS = np.arange(21) % CLASSES


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 64, 3)])
def test_each_doubling_is_a_3_x_3_resize_convolution(shape):
    plain, resized = (
        networks.DCGANGenerator(shape, latent_dim=3, filters=2, upsampling=upsampling)
        for upsampling in ("transposed", "nearest")
    )
    names = [layer.name for layer in plain.layers]
    assert [layer.name for layer in resized.layers] == names
    for one, other in zip(plain.layers, resized.layers, strict=True):
        assert one.output.shape == other.output.shape
        if isinstance(one, keras.layers.Conv2DTranspose):
            assert type(other) is layers.UpsampledConv2D
            assert other.kernel_size == (3, 3) and other.use_bias == one.use_bias
    assert resized(np.ones((2, 3), "float32")).shape == (2, *shape)


@pytest.mark.parametrize(
    "network",
    [
        lambda **options: networks.DCGANGenerator(SHAPE, 3, **options),
        lambda **options: networks.ConditionalDCGANGenerator(SHAPE, 3, 2, **options),
    ],
)
def test_another_upsampling_is_refused(network):
    message = "DCGANGenerator takes upsampling='transposed' or 'nearest'.*'bilinear'"
    with pytest.raises(ValueError, match=message):
        network(upsampling="bilinear")


class Game(FamilyChecks):
    at_rest = ()

    def make(self, strategy=None, optimizer="sgd", dropout=None, **options):
        keras.utils.set_random_seed(11)
        made = {
            "sgd": lambda: keras.optimizers.SGD(0.01),
            "adam": keras.optimizers.Adam,
        }
        with strategy.scope() if strategy else contextlib.nullcontext():
            pair = (
                networks.ConditionalDCGANGenerator(
                    SHAPE, 5, CLASSES, 4, synchronized=True, upsampling="nearest"
                ),
                networks.ConditionalDCGANDiscriminator(
                    SHAPE, CLASSES, 4, normalization=None
                ),
            )
            for variable in [v for network in pair for v in network.variables]:
                if variable.path.endswith("kernel"):
                    variable.assign(10.0 * variable)  # N(0, 0.02) has small slopes
            game = models.ConditionalGAN(
                *pair,
                priors.Normal(5),
                num_classes=CLASSES,
                ema_decay=0.9,
                seed=5,
            )
            one, other = (made[optimizer]() for _ in range(2))
            optimizers = {"generator_optimizer": one, "discriminator_optimizer": other}
            game.compile(**optimizers, **options)
        return game

    def data(self):
        return tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).batch(8)


@pytest.mark.slow
class TestInAGame(Game):
    """Every family's checks."""


def test_eager_mode_is_the_graph():
    game = Game()
    eager, graph = (
        game.play(game.make(run_eagerly=way), epochs=1) for way in (True, False)
    )
    assert_same(graph[0], eager[0])
    assert_same(graph[1], eager[1])
