"""Prediction for samples that a user brings, batch by batch."""

import keras
import numpy as np
import tensorflow as tf

from keras_gan.core import effects
from keras_gan.core.arguments import check_integer
from keras_gan.training import checks


def predict_in_batches(game, function, samples, batch_size):
    """A function of samples, computed a batch at a time.

    Args:
        game: whose discriminator and generator say which samples there can be.
        function: from a batch (n, ...) to a tensor of n rows, or a list of such.
        samples: float array (n, ...), images in [-1, 1].
        batch_size: int >= 1, how many samples are looked at at a time.

    Returns:
        NumPy array of n rows, or a list of them.

    Raises:
        ValueError: for samples of another shape, dtype or range, or for none.
    """
    samples = np.asarray(samples)
    spec = tf.TensorSpec(samples.shape, samples.dtype)
    checks.check_spec(spec, game.discriminator, "samples", lambda: [samples])
    if not len(samples):
        raise ValueError("samples is empty: pass at least one.")
    checks.check_values(samples, game.generator, "samples")
    size = check_integer(batch_size, "batch_size", 1)
    with effects.in_order():
        found = [
            function(samples[start : start + size])
            for start in range(0, len(samples), size)
        ]
    return keras.tree.map_structure(lambda *parts: np.concatenate(parts), *found)
