"""Stateless random draws: every number is a function of (run seed, purpose, counters).

A stateful generator makes a run depend on what happened before it: on the batch size
of an evaluation, on a resume, on the number of replicas. Here a draw depends on nothing
but its seed, and eager, graph, XLA and SavedModel execution draw the same numbers
(`keras.random` draws other ones under XLA).
"""

import functools
import math
import zlib
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from keras_gan.core.arguments import check_integer

MAX_SEED = 2**31 - 1

# sin(pi/4 t) as a polynomial in t: its Taylor series, to 1e-11 for |t| <= 1.
SINE = [
    (-1) ** k * (math.pi / 4) ** (2 * k + 1) / math.factorial(2 * k + 1)
    for k in range(6)
]


def check_seed(seed: Any) -> int:
    """Return a public seed as an int, or raise if it does not fit an int32.

    Raises:
        ValueError: if `seed` is not an integer in [0, 2**31 - 1].
    """
    return check_integer(seed, "seed", 0, MAX_SEED)


def seed_of(
    run_seed: int | tf.Tensor, purpose: str, *counters: int | tf.Tensor
) -> tf.Tensor:
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


def derived(seed: tf.Tensor, counter: int | tf.Tensor) -> tf.Tensor:
    """Another seed, one for each `counter`, of the same shape (2,)."""
    return tf.random.fold_in(seed, tf.cast(counter, tf.int32), alg="philox")


def _integers(shape, seed):
    """Uniform uint32 numbers: the one draw that all else is made from.

    Philox's integers agree in eager, graph and XLA execution. TensorFlow's own
    `stateless_normal` and `stateless_uniform` do not: XLA turns the same bits into
    other floats, which shows only where the seed is not a constant that is folded away.
    """
    return tf.random.stateless_uniform(
        shape, seed, minval=None, maxval=None, dtype=tf.uint32, alg="philox"
    )


def _bits(shape, seed):
    """The same as float64, which holds them exactly."""
    return tf.cast(_integers(shape, seed), tf.float64)


def uniform(
    shape: Sequence[int | tf.Tensor],
    seed: tf.Tensor,
    minval: float = 0.0,
    maxval: float = 1.0,
) -> tf.Tensor:
    """Uniform float32 numbers of `shape` in [minval, maxval].

    The first rows do not depend on how many rows are drawn.
    """
    share = _bits(shape, seed) * 2.0**-32  # in [0, 1)
    return tf.cast(minval + (maxval - minval) * share, tf.float32)


def chances(shape: Sequence[int | tf.Tensor], seed: tf.Tensor) -> tf.Tensor:
    """Uniform uint16 numbers (rows, ...), two of each draw: cheap chances, by 2^-16.

    The first rows do not depend on how many rows are drawn.

    Example:

    >>> drawn = chances((1000, 3), seed_of(0, "mask"))
    >>> share = tf.reduce_mean(tf.cast(drawn < 2**14, tf.float32))
    >>> drawn.dtype, tuple(drawn.shape), round(float(share), 1)  # of 1/4
    (tf.uint16, (1000, 3), 0.2)
    """
    rows, *row = shape
    size = math.prod(row)
    draws = (size + 1) // 2
    halves = tf.bitcast(_integers((rows, draws), seed), tf.uint16)
    if not (
        isinstance(size, int) and size % 2 == 0
    ):  # there is one too many in each row, or there may be
        halves = tf.reshape(halves, (rows, 2 * draws))[:, :size]
    return tf.reshape(halves, shape)


def normal(shape: Sequence[int | tf.Tensor], seed: tf.Tensor) -> tf.Tensor:
    """Standard normal float32 numbers of `shape`, by the method of Box and Muller.

    The first rows do not depend on how many rows are drawn. Computed in float64, so
    that the last bit of a logarithm, in which eager and XLA execution differ, is lost
    in the rounding to float32.
    """
    bits = _bits(tf.concat([shape, [2]], 0), seed)
    radius = tf.sqrt(-2.0 * tf.math.log((bits[..., 0] + 1.0) * 2.0**-32))
    angle = (2.0**-31 * math.pi) * bits[..., 1]
    return tf.cast(radius * tf.cos(angle), tf.float32)


def noise(shape: Sequence[int | tf.Tensor], seed: tf.Tensor) -> tf.Tensor:
    """Standard normal float32 numbers (rows, ...), cheaper than `normal` by 3.4 times.

    Other numbers than `normal`'s, for what is drawn in every step and is large, such as
    the noise between layers. Both of Box and Muller's numbers are used, r cos(a) and
    r sin(a) of an angle a uniform in [-pi, pi): sin(a/4) is a short polynomial, and an
    angle is doubled twice by

        cos(2b) = 1 - 2 sin(b)^2,    sin(2b) = 2 sin(b) cos(b).

    The first rows do not depend on how many rows are drawn. Computed in float64, as
    `normal` is.

    Example:

    >>> drawn = noise((1000, 3), seed_of(0, "noise"))
    >>> tuple(drawn.shape), round(float(tf.math.reduce_std(drawn)), 1)
    ((1000, 3), 1.0)
    """
    rows, *row = shape
    size = math.prod(row)
    bits = _bits((rows, 2, (size + 1) // 2), seed)
    radius = tf.sqrt(-2.0 * tf.math.log((bits[:, 0] + 1.0) * 2.0**-32))
    t = 2.0**-31 * bits[:, 1] - 1.0
    square = t * t
    sine = t * functools.reduce(lambda p, c: p * square + c, SINE[::-1])
    cosine, sine = _doubled(tf.sqrt(1.0 - sine * sine), sine)
    pair = [radius * part for part in _doubled(cosine, sine)]
    return tf.reshape(tf.cast(tf.concat(pair, 1), tf.float32)[:, :size], shape)


def _doubled(cosine, sine):
    """The cosine and the sine of twice the angle."""
    return 1.0 - 2.0 * sine * sine, 2.0 * sine * cosine
