"""Reproducible Dropout: it drops the same numbers in every way of running."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from keras_gan.core import distribution
from keras_gan.core.randomness import chances, check_seed
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor

CHANCES = 2**16


@register
class ReproducibleDropout(keras.layers.Layer):
    """Reproducible Dropout: each number is 0 with probability `rate`, in training mode.

    The others are divided by 1 - rate (Srivastava et al., 2014). As
    `keras.layers.Dropout`, but its mask is a function of (seed, number of the call):
    eager, graph and XLA execution drop the same numbers, and replicas draw the mask of
    the global batch, each its own rows. (Keras' draws other numbers under XLA, and on
    each replica the same.) It takes half the time of Keras', with 16 bits of chance for
    each number: the rate is the nearest multiple of 2^-16. The state advances, is
    captured and is saved as Keras' is.

    Args:
        rate: float in [0, 1).
        seed: int in [0, 2**31), or None for one that `keras.utils.set_random_seed`
            sets.
        **kwargs: `name`, `dtype`, `trainable`.

    Raises:
        ValueError: for another `rate`, or a seed out of range.

    Example:

    >>> x = keras.ops.ones((1000, 4))
    >>> dropped = ReproducibleDropout(0.25, seed=1)(x, training=True)
    >>> round(float(keras.ops.mean(dropped)), 1)
    1.0
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(
                "rate is the share of numbers that are dropped, at least 0 and below "
                f"1. Received: rate={rate!r}."
            )
        self.rate = float(rate)
        self.seed = None if seed is None else check_seed(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training or self.rate == 0:
            return inputs
        seed = tf.cast(self.seed_generator.next(), tf.int32)
        rows, *sample = ops.shape(inputs)
        dropped = min(round(self.rate * CHANCES), CHANCES - 1)
        # A graph would draw the masks of a whole step at once, and hold them.
        with tf.control_dependencies([inputs]):
            drawn = distribution.own_rows(lambda n: chances((n, *sample), seed), rows)
            kept = drawn >= tf.constant(dropped, tf.uint16)
        zero = tf.zeros((), inputs.dtype)
        return tf.where(kept, inputs, zero) * (CHANCES / (CHANCES - dropped))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return input_shape

    def get_config(self) -> Config:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
