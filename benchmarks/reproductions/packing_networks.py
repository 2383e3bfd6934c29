"""The networks of PacGAN's experiments on mixtures (Lin et al., 2018), by its code.

G: 2 -> 400 four times (no bias, batch normalization, ReLU) -> 2. D: 2 m -> 200 maxout
units of 5 pieces, three times -> 1 logit. Weights start from N(0, 0.02^2).
"""

import keras
from keras import layers

import keras_gan

LATENT_DIM = DIM = 2
SPREAD = 0.02  # of the first weights


@keras.saving.register_keras_serializable("modes")
class Maxout(layers.Layer):
    """(batch, units * pieces) -> (batch, units): the largest of each unit's pieces."""

    def __init__(self, pieces, **kwargs):
        super().__init__(**kwargs)
        self.pieces = pieces

    def call(self, inputs):
        units = inputs.shape[-1] // self.pieces
        return keras.ops.max(
            keras.ops.reshape(inputs, (-1, units, self.pieces)), axis=-1
        )

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[1] // self.pieces)

    def get_config(self):
        return {**super().get_config(), "pieces": self.pieces}


def generator(seeds, units=400, depth=4):
    """Latents (batch, 2) -> samples (batch, 2).

    Args:
        seeds: iterator of ints, one for each layer's first weights.
        units, depth: of the hidden layers.
    """
    x = latents = keras.Input((LATENT_DIM,))
    for _ in range(depth):
        x = layers.Dense(units, use_bias=False, kernel_initializer=_normal(seeds))(x)
        x = layers.BatchNormalization(momentum=0.95, epsilon=1e-4)(x)
        x = layers.ReLU()(x)
    return keras.Model(latents, layers.Dense(DIM, kernel_initializer=_normal(seeds))(x))


def discriminator(pack_size, seeds, units=200, pieces=5, depth=3):
    """Samples (batch, 2) -> logits (batch / pack_size, 1).

    Args:
        pack_size: int >= 1, the samples that one logit judges.
        seeds: iterator of ints, one for each layer's first weights.
        units, pieces, depth: of the hidden layers.
    """
    x = samples = keras.Input((DIM * pack_size,))
    for _ in range(depth):
        x = layers.Dense(units * pieces, kernel_initializer=_normal(seeds))(x)
        x = Maxout(pieces)(x)
    network = keras.Model(
        samples, layers.Dense(1, kernel_initializer=_normal(seeds))(x)
    )
    if pack_size == 1:
        return network
    return keras_gan.networks.Packed(network, pack_size)


def _normal(seeds):
    return keras.initializers.RandomNormal(stddev=SPREAD, seed=next(seeds))
