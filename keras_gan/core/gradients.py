"""Gradients of an objective: the one place of `tf.GradientTape`.

`keras.ops` has no gradient by inputs, and a game needs gradients by *some* variables:
a tape here watches the variables of the player that is updated and nothing else, so no
`trainable` flag and no `stop_gradient` is needed anywhere.
"""

import functools
import operator
from collections.abc import Callable, Iterable
from typing import Any

import keras
import tensorflow as tf


def tape_of(variables: Iterable[keras.Variable]) -> tf.GradientTape:
    """A tape that watches `variables` only; it may be entered more than once.

    Args:
        variables: list of `keras.Variable`.
    """
    tape = tf.GradientTape(watch_accessed_variables=False)
    with tape:
        for variable in variables:
            tape.watch(variable.value)
    return tape


def by_variables(
    tape: tf.GradientTape, objective: tf.Tensor, variables: Iterable[keras.Variable]
) -> list[tf.Tensor]:
    """Gradients of a scalar by each variable; zeros where it does not depend on one."""
    return tape.gradient(
        objective,
        [variable.value for variable in variables],
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )


def with_inputs(
    function: Callable[[Any], Any],
    inputs: Any,
    logits_of: Callable[[Any], Any] = lambda found: found,
) -> tuple[Any, Any]:
    """A function's result, and the gradient of its logits by its inputs, in one pass.

    Row i of the gradient is that of row i of the logits if no row depends on another,
    which batch normalization breaks.

    Args:
        function: callable of `inputs`.
        inputs: nest of float tensors (batch, ...).
        logits_of: callable from what `function` gives to its logits, a nest of tensors
            whose sum is differentiated.

    Returns:
        What `function` gave, and a nest like `inputs`, itself differentiable.
    """
    tensors = [tf.convert_to_tensor(part) for part in tf.nest.flatten(inputs)]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for tensor in tensors:
            tape.watch(tensor)
        found = function(tf.nest.pack_sequence_as(inputs, tensors))
        logits = tf.nest.flatten(logits_of(found))
        total = functools.reduce(operator.add, map(tf.reduce_sum, logits))
    slopes = tape.gradient(
        total, tensors, unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    return found, tf.nest.pack_sequence_as(inputs, slopes)


def by_inputs(function: Callable[[Any], Any], inputs: Any) -> Any:
    """Per-sample gradients of `function` by its inputs: d sum(function(x)) / dx.

    Args:
        function: callable from `inputs` to logits, a tensor or a nest of them.
        inputs: nest of float tensors (batch, ...).

    Returns:
        A nest like `inputs`, itself differentiable.
    """
    return with_inputs(function, inputs)[1]
