"""Instance noise: noise on what the discriminator looks at."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from keras_gan.core import distribution
from keras_gan.core.randomness import check_seed, noise
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor


@register
class InstanceNoise(keras.layers.Layer):
    """Instance noise: x + stddev * e, e ~ N(0, I), in training mode.

    As the first layer of a discriminator it blurs data and model alike, so that their
    densities overlap and the log-ratio is finite everywhere (Sonderby et al., 2017;
    Arjovsky and Bottou, 2017). Real and fake samples each get noise of their own.

    The noise is a function of (seed, number of the call), whose state moves, is
    captured and is saved as a Dropout's is. Eager, graph and XLA execution draw the
    same numbers, and replicas draw the global batch's, each its own rows. (Keras'
    `GaussianNoise` draws other numbers under XLA, and on each replica the same.)

    Args:
        stddev: float >= 0, in the unit of the samples: 0.1 is 5 % of the range [-1, 1].
        seed: int in [0, 2**31), or None for one that `keras.utils.set_random_seed`
            sets.
        **kwargs: `name`, `dtype`, `trainable`.

    Raises:
        ValueError: for a negative `stddev` or a seed out of range.

    Example:

    >>> x = keras.ops.zeros((1000, 3))
    >>> noisy = InstanceNoise(0.5, seed=1)(x, training=True)
    >>> round(float(keras.ops.std(noisy)), 1)
    0.5
    """

    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        if not stddev >= 0:
            raise ValueError(
                "stddev is the standard deviation of the noise and at least 0. "
                f"Received: stddev={stddev!r}."
            )
        self.stddev = float(stddev)
        self.seed = None if seed is None else check_seed(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training:
            return inputs
        seed = tf.cast(self.seed_generator.next(), tf.int32)
        rows, *sample = ops.shape(inputs)
        drawn = distribution.own_rows(lambda n: noise((n, *sample), seed), rows)
        return inputs + self.stddev * ops.cast(drawn, inputs.dtype)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return input_shape

    def get_config(self) -> Config:
        return {**super().get_config(), "stddev": self.stddev, "seed": self.seed}
