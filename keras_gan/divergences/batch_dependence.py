"""Batch dependence: whether a logit can be read alone, as a density ratio must be."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from keras_gan.core import effects
from keras_gan.core.typing import Nest


def depends_on_batch(
    discriminate: Callable[[Nest], Nest], spec: tuple | list | dict | tf.TensorSpec
) -> bool:
    """Whether a logit depends on the rest of its batch, as with batch normalization.

    Such logits are no density ratios: read apart, real and fake batches are told from
    each other by their statistics. Two batches that share their first two samples are
    compared.

    Args:
        discriminate: callable from a batch to logits, a tensor or a nest of them, in
            training mode.
        spec: the shape of one sample; or a nest of `tf.TensorSpec` (batch, ...), in
            which integers are 0.
    """
    if isinstance(spec, tuple) and all(isinstance(side, int) for side in spec):
        spec = tf.TensorSpec((None, *spec), tf.float32)
    draws = np.random.default_rng(0)
    leaves = [_drawn(draws, leaf) for leaf in tf.nest.flatten(spec)]
    logits = []
    for rows in ([0, 1, 2, 3], [0, 1, 4, 5]):
        batch = [tf.constant(leaf[rows]) for leaf in leaves]
        with effects.captured():
            found = discriminate(tf.nest.pack_sequence_as(spec, batch))
        logits.append([np.asarray(part)[:2] for part in tf.nest.flatten(found)])
    return not all(
        np.allclose(one, other, rtol=1e-3, atol=1e-5, equal_nan=True)
        for one, other in zip(*logits, strict=True)
    )


def _drawn(draws, leaf):
    shape = (6, *leaf.shape[1:])
    if not leaf.dtype.is_floating:
        return np.zeros(shape, leaf.dtype.as_numpy_dtype)
    return draws.uniform(-1, 1, shape).astype(leaf.dtype.as_numpy_dtype)
