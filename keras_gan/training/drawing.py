"""Drawing samples for a user: as many as asked for, batch by batch, by one graph."""

import math

import numpy as np
import tensorflow as tf

from keras_gan.core import effects, graphs
from keras_gan.core.arguments import check_integer
from keras_gan.core.randomness import check_seed, seed_of


class Drawing:
    """Draws samples of a model, with the graphs that were made the first time.

    Args:
        model: with `draw_latents`, `draw` and `sample_shape`.
    """

    def __init__(self, model):
        self._model = model
        self._latents = None
        self._draw = graphs.RowsGraph(model.draw)

    def __call__(self, num_samples, seed, batch_size, side_of=lambda seed: None):
        """Float32 NumPy array (num_samples, ...), of latents that `seed` gives.

        Args:
            num_samples: int >= 1.
            seed: int in [0, 2**31), or None for another one each time.
            batch_size: int >= 1, or None for as many as hold two million numbers.
            side_of: callable from a seed to the side of the samples.

        Raises:
            ValueError: for numbers below 1 or a seed out of range.
        """
        if batch_size is None:  # beyond it no more are drawn in a second
            numbers = math.prod(n or 1 for n in self._model.sample_shape() or ())
            batch_size = min(4096, max(1, 2**21 // numbers))
        num_samples = check_integer(num_samples, "num_samples", 1)
        batch_size = check_integer(batch_size, "batch_size", 1)
        if seed is None:
            seed = np.random.SeedSequence().generate_state(1)[0] >> 1
        seed = check_seed(seed)
        side = side_of(seed)
        images = None
        with effects.in_order():
            latents = self._latents_of(int(num_samples), seed)
            for start in range(0, num_samples, batch_size):
                rows = slice(start, start + batch_size)
                drawn = self._draw(_rows(latents, rows), _rows(side, rows))
                if images is None:
                    images = np.empty((num_samples, *drawn.shape[1:]), np.float32)
                images[rows] = drawn
        return images

    def _latents_of(self, num_samples, seed):
        """Latents by a graph: operations one by one take longer than a sample."""
        if self._latents is None:
            number = tf.TensorSpec((), tf.int32)

            def latents(rows, seed):
                return self._model.draw_latents(rows, seed_of(seed, "sample"))

            self._latents = graphs.traced(latents, [number, number])
        return self._latents(tf.constant(num_samples), tf.constant(seed))


def _rows(structure, rows):
    return tf.nest.map_structure(lambda x: None if x is None else x[rows], structure)
