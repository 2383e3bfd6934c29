"""Probes: what the players would do now, on some data, without doing it.

A step is left as it is, so that a run which is watched takes the trajectory, to the
bit, of one that is not. A probe computes what the next step would begin with, on data
of its own, in a graph of its own, and drops what the networks would have changed.
"""

from typing import Any

import tensorflow as tf

from keras_gan.core import compat, distribution, effects
from keras_gan.training import play


def norms(model: Any, data: Any) -> dict[str, tf.Tensor]:
    """The norm of each player's gradient at the point where all of them are.

    To be called where a step is: in each replica, on its own rows of the data.

    Args:
        model: a compiled model.
        data: an element of its data set; the first minibatch in it counts.

    Returns:
        Float32 scalars by the names of the players' optimizers: the Euclidean norms of
        the gradients by all variables of a player, of the global batch, before an
        optimizer clips them, and without the scale of float16.
    """
    real, side = model.split(data)
    with distribution.sharing(real) as share, effects.captured():
        minibatch = play.minibatches_of(model, real, side)[0]
        found = {}
        for name, slopes in model.gradients_now(minibatch, share).items():
            scale = model.optimizers()[name].scale_loss(tf.ones(()))
            summed = distribution.global_sum(
                [tf.cast(slope, tf.float32) / scale for slope in slopes]
            )
            found[name] = tf.linalg.global_norm(summed)
        return found


def logits(game: Any, data: Any) -> dict[str, tf.Tensor]:
    """The logits of real samples and of fakes, as in the discriminator's training.

    Args:
        game: a compiled game.
        data: an element of its data set; the first minibatch in it counts.

    Returns:
        "real" and "fake" -> float tensor (n,), all logits of this replica's rows.
    """
    real, side = game.split(data)
    with distribution.sharing(real) as share, effects.captured():
        round = play.round_now(game, play.minibatches_of(game, real, side)[0], share)
        seeds = round.real_seed, round.fake_seed
        found = [
            game.discriminate(samples, side, training=True, seed=seed)
            for (samples, side), seed in zip(game.shown(round), seeds, strict=True)
        ]
        flat = [
            tf.concat([tf.reshape(part, (-1,)) for part in tf.nest.flatten(part)], 0)
            for part in found
        ]
        return dict(zip(("real", "fake"), flat, strict=True))


class Probe:
    """A function of an element of the data, for a model that may have replicas.

    Args:
        model: a compiled model.
        function: `norms` or `logits`.
    """

    def __init__(self, model, function):
        self._strategy = model.distribute_strategy

        def run(data):
            return self._strategy.run(lambda own: function(model, own), args=(data,))

        graph = run if model.run_eagerly else tf.function(run)
        self._run = lambda data: graph(data)
        compat.trace_without_warning(self._run)

    def __call__(self, data: Any) -> dict[str, list[Any]]:
        """The findings of this process: name -> a NumPy array of each replica."""
        data = tf.nest.map_structure(
            lambda part: None if part is None else tf.convert_to_tensor(part), data
        )
        with effects.in_order():
            found = self._run(distribution.shared_out(data, self._strategy))
        local = self._strategy.experimental_local_results
        return {
            name: [part.numpy() for part in local(value)]
            for name, value in found.items()
        }
