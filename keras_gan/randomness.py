"""Stateless random draws: every number is a function of (run seed, purpose, counters).

A stateful generator makes a run depend on what happened before it: on the batch size
of an evaluation, on a resume, on the number of replicas. Here a draw depends on nothing
but its seed, and eager, graph, XLA and SavedModel execution draw the same numbers
(`keras.random` draws other ones under XLA).
"""

import math
import operator
import zlib

import tensorflow as tf

MAX_SEED = 2**31 - 1


def check_seed(seed):
    """Return a public seed as an int, or raise if it does not fit an int32.

    Raises:
        ValueError: if `seed` is not an integer in [0, 2**31 - 1].
    """
    try:
        value = operator.index(seed)
    except TypeError:
        value = -1
    if isinstance(seed, bool) or not 0 <= value <= MAX_SEED:
        raise ValueError(
            f"A seed is an integer from 0 to {MAX_SEED}. Received: seed={seed!r}."
        )
    return value


def seed_of(run_seed, purpose, *counters):
    """The seed of one draw: an int32 tensor of shape (2,).

    Args:
        run_seed: int or int32 scalar tensor, the seed of the whole run.
        purpose: str, what the draw is for ("latents", "sample", ...). Two purposes
            never share numbers.
        counters: ints or integer scalar tensors, such as the step and the move.

    Example:

    >>> seed = seed_of(0, "latents", 12)
    >>> tuple(seed.shape)
    (2,)
    """
    tag = zlib.crc32(purpose.encode()) & MAX_SEED
    seed = tf.stack([tf.cast(run_seed, tf.int32), tf.constant(tag, tf.int32)])
    for counter in (0, *counters):
        seed = derived(seed, counter)
    return seed


def derived(seed, counter):
    """Another seed, one for each `counter`, of the same shape (2,)."""
    return tf.random.fold_in(seed, tf.cast(counter, tf.int32), alg="philox")


def _bits(shape, seed):
    """Uniform uint32 numbers, as float64: the one draw that all else is made from.

    Philox's integers agree in eager, graph and XLA execution. TensorFlow's own
    `stateless_normal` and `stateless_uniform` do not: XLA turns the same bits into
    other floats, which shows only where the seed is not a constant that is folded away.
    """
    bits = tf.random.stateless_uniform(
        shape, seed, minval=None, maxval=None, dtype=tf.uint32, alg="philox"
    )
    return tf.cast(bits, tf.float64)


def uniform(shape, seed, minval=0.0, maxval=1.0):
    """Uniform float32 numbers of `shape` in [minval, maxval].

    The first rows do not depend on how many rows are drawn.
    """
    share = _bits(shape, seed) * 2.0**-32  # in [0, 1)
    return tf.cast(minval + (maxval - minval) * share, tf.float32)


def normal(shape, seed):
    """Standard normal float32 numbers of `shape`, by the method of Box and Muller.

    The first rows do not depend on how many rows are drawn. Computed in float64, so
    that the last bit of a logarithm, in which eager and XLA execution differ, is lost
    in the rounding to float32.
    """
    bits = _bits(tf.concat([shape, [2]], 0), seed)
    radius = tf.sqrt(-2.0 * tf.math.log((bits[..., 0] + 1.0) * 2.0**-32))
    angle = (2.0**-31 * math.pi) * bits[..., 1]
    return tf.cast(radius * tf.cos(angle), tf.float32)
