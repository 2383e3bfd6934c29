"""Executions: how many steps TensorFlow takes a call, where the user leaves it open.

A call costs about a millisecond, whatever it computes. Small games gain by taking ten
steps a call; what is lost by it is that callbacks, the progress bar, a look for NaN and
Ctrl-C come after ten steps instead of one. The trajectory is the same.
"""

import math
from collections.abc import Iterable
from typing import Any

import keras
import tensorflow as tf

from keras_gan.callbacks.health_monitor import HealthMonitor

AUTO = "auto"
AT_ONCE = 10  # steps a call, of a game that gains by it
LARGEST = 2e9  # multiplications a step: a fortieth of a second on two cores
HOOKS = (
    *("on_train_batch_begin", "on_train_batch_end"),
    *("on_batch_begin", "on_batch_end"),
)
# A callback may say `each_step = False` itself: that it may be called after ten.
# Of these a look after ten steps is as good, or they have hooks that do nothing.
RARE = (
    HealthMonitor,
    keras.callbacks.ModelCheckpoint,
    keras.callbacks.TerminateOnNaN,
)
UNKNOWN_BATCH = 256  # where a data set does not say it


def chosen(
    model: keras.Model,
    dataset: tf.data.Dataset,
    callbacks: Iterable[keras.callbacks.Callback],
    steps: int | None,
) -> int:
    """The number of steps a call for `fit` of a game that leaves it open.

    Args:
        model: a compiled game.
        dataset: what it trains on.
        callbacks: the user's.
        steps: of an epoch; None, or below 1, where it is not known.

    Returns:
        1, or `AT_ONCE` if the networks are small, an epoch has two such calls at least,
        and no callback wants to be called after each step.
    """
    alone = model.distribute_strategy.num_replicas_in_sync == 1
    short = steps is None or steps < 2 * AT_ONCE
    if model.run_eagerly or not alone or short or any(map(_wants_steps, callbacks)):
        return 1
    work = multiplications_of_a_step(model, dataset)
    return AT_ONCE if work is not None and work <= LARGEST else 1


def multiplications_of_a_step(
    model: keras.Model, dataset: tf.data.Dataset
) -> float | None:
    """The multiplications of a step, about; None for networks that do not say.

    Four for each of a forward pass: the pass, the gradients by its inputs and by its
    weights, and another pass or gradient in the other player's update.
    """
    passes = [multiplications(network) for network in model.networks().values()]
    if not passes or None in passes:
        return None
    first = tf.nest.flatten(dataset.element_spec)[0]
    rows = first.shape[0] or UNKNOWN_BATCH
    return 4.0 * rows * model.minibatches_per_step * sum(passes)


def multiplications(network: keras.Model) -> int | None:
    """The multiplications of a forward pass of one sample, about.

    Of a layer: the numbers of its kernels, for each of its positions (pixels, say) on
    the side that has fewer. None for a network without a graph of its layers.

    >>> import keras
    >>> layers = [keras.Input((8, 8, 1)), keras.layers.Conv2D(16, 3)]
    >>> multiplications(keras.Sequential(layers))  # 6 x 6 positions, 3 x 3 x 1 x 16
    5184
    """
    total = 0
    for layer in getattr(network, "layers", []):
        kernels = sum(math.prod(w.shape) for w in layer.weights if len(w.shape) > 1)
        if not kernels:
            continue
        if hasattr(layer, "layers"):
            inner = multiplications(layer)
            if inner is None:
                return None
            total += inner
            continue
        try:
            sides = (layer.input, layer.output)
        except (AttributeError, ValueError):  # a subclassed model's
            return None
        total += kernels * min(_positions(tensor) for tensor in tf.nest.flatten(sides))
    return total


def _positions(tensor):
    """The product of the sides between batch and channels, 1 where they may be any."""
    return math.prod(side or 1 for side in tensor.shape[1:-1])


def _wants_steps(callback: Any) -> bool:
    """Whether a callback is to be called after each step."""
    if not getattr(callback, "each_step", True):
        return False
    settings = vars(callback)
    if isinstance(settings.get("save_freq"), int):
        return True
    if type(callback) is keras.callbacks.TensorBoard:
        return settings["update_freq"] != "epoch"
    return type(callback) not in RARE and any(_has(callback, hook) for hook in HOOKS)


def _has(callback, hook):
    base = getattr(keras.callbacks.Callback, hook)
    return getattr(getattr(callback, hook), "__func__", None) is not base
