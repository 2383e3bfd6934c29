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
        self._latents = ByGraph(
            lambda rows, seed: model.draw_latents(rows, seed_of(seed, "sample"))
        )
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
            latents = self._latents(int(num_samples), seed)
            for start in range(0, num_samples, batch_size):
                rows = slice(start, start + batch_size)
                drawn = self._draw(_rows(latents, rows), _rows(side, rows))
                if images is None:
                    images = np.empty((num_samples, *drawn.shape[1:]), np.float32)
                images[rows] = drawn
        return images


class ByGraph:
    """A draw of a number of rows by a seed, by a graph that the first one makes.

    Operations one by one take longer than a sample.

    Args:
        draw: from int32 scalars, the number of rows and a seed, to a nest of tensors.
    """

    def __init__(self, draw):
        self._draw = draw
        self._graph = None

    def __call__(self, rows, seed):
        if self._graph is None:
            number = tf.TensorSpec((), tf.int32)
            self._graph = graphs.traced(self._draw, [number, number])
        return self._graph(tf.constant(rows), tf.constant(seed))


def _rows(structure, rows):
    return tf.nest.map_structure(lambda x: None if x is None else x[rows], structure)
