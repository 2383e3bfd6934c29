"""Labels as inputs of exported forms: one that is no class never gives a picture."""

from typing import Any

import tensorflow as tf

from keras_gan.core.typing import Tensor

SPEC = tf.TensorSpec((None,), tf.int32, name="labels")


def are_told(game: Any, network: str) -> bool:
    """Whether a network of the game, "generator" or "discriminator", takes labels."""
    return network in game.conditioned


def name_of_samples(game: Any) -> str:
    """The name of samples, as an input or an output."""
    return "images" if len(game.sampler.output_shape) == 4 else "samples"


def checked(labels: Tensor, num_classes: int, rows: Tensor) -> Tensor:
    """Labels that are classes, one for each row; others are an error in the graph.

    Out of range a lookup would take the last class, or whatever lies there.

    Args:
        labels: int32 (batch,).
        num_classes: int.
        rows: tensor (batch, ...).
    """
    last = num_classes - 1
    checks = [
        tf.debugging.assert_non_negative(labels, f"labels are from 0 to {last}"),
        tf.debugging.assert_less_equal(labels, last, f"labels are from 0 to {last}"),
        tf.debugging.assert_equal(
            tf.shape(labels)[0], tf.shape(rows)[0], "a label for each row"
        ),
    ]
    with tf.control_dependencies(checks):
        return tf.identity(labels)
