"""Whether a logit can be read alone, as a density ratio must be."""

import numpy as np
import tensorflow as tf

from keras_gan import effects


def depends_on_batch(discriminate, shape):
    """Whether a logit depends on the rest of its batch, as with batch normalization.

    Such logits are no density ratios: read apart, real and fake batches are told from
    each other by their statistics. Two batches that share their first two samples are
    compared.

    Args:
        discriminate: callable from samples to logits, in training mode.
        shape: the shape of one sample.
    """
    draw = np.random.default_rng(0).uniform(-1, 1, (6, *shape)).astype("float32")
    batches = draw[[0, 1, 2, 3]], draw[[0, 1, 4, 5]]
    logits = []
    for batch in batches:
        with effects.captured():
            logits.append(np.asarray(discriminate(tf.constant(batch)))[:2])
    return not np.allclose(logits[0], logits[1], rtol=1e-3, atol=1e-5, equal_nan=True)
