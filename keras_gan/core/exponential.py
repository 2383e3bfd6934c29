"""An exponential that stays finite, in value and in gradient."""

import math

import tensorflow as tf
from keras import ops

LINEAR_ABOVE = 20.0


def tangent_exp(x: tf.Tensor) -> tf.Tensor:
    """exp(x), continued by its tangent above 20: convex, with a continuous slope.

    Args:
        x: float tensor.

    Example:

    >>> import keras
    >>> float(tangent_exp(keras.ops.zeros(()))), float(tangent_exp(keras.ops.ones(())))
    (1.0, 2.7182817...)
    """
    exponential = ops.exp(ops.minimum(x, LINEAR_ABOVE))
    return exponential + math.exp(LINEAR_ABOVE) * ops.maximum(x - LINEAR_ABOVE, 0.0)
