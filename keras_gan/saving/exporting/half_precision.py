"""Weights of two bytes: stored as float16, computed with as float32."""

from typing import Any

import keras
import tensorflow as tf

FEWEST_SIDES = 2  # of a weight that is halved: biases and statistics take little


def of_signatures(signatures: dict[str, Any], game: Any) -> dict[str, Any]:
    """The signatures, with the kernels of the game's networks in float16.

    Args:
        signatures: name -> `signatures.Signature`.
        game: the game that they are of.
    """
    networks = [game.sampler, *game.networks().values()]
    networks += [copy for _, copy in game.averages()]
    large = [
        weight
        for network in networks
        for weight in network.weights
        if weight.dtype == "float32" and len(weight.shape) >= FEWEST_SIDES
    ]
    halves = {}  # one of each weight, by whichever network has it

    def half_of(weight):
        if id(weight) not in halves:
            halves[id(weight)] = _halved(weight)
        return halves[id(weight)]

    def halved(function, inputs):
        graph = tf.function(function, autograph=False).get_concrete_function(*inputs)
        used = {id(variable) for variable in graph.variables}
        pairs = {id(w): (w, half_of(w)) for w in large if id(w.value) in used}

        def halved_function(*rows):
            values = [(w, tf.cast(half, tf.float32)) for w, half in pairs.values()]
            with keras.StatelessScope(values):
                return function(*rows)

        return halved_function

    return {
        name: signature._replace(function=halved(*signature))
        for name, signature in signatures.items()
    }


def _halved(weight):
    value = tf.cast(weight.value, tf.float16)
    return tf.Variable(value, trainable=False, name=weight.name)
