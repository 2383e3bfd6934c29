"""Gradients of an objective: the one place of `tf.GradientTape`.

`keras.ops` has no gradient by inputs, and a game needs gradients by *some* variables:
a tape here watches the variables of the player who moves and nothing else, so no
`trainable` flag and no `stop_gradient` is needed anywhere.
"""

import tensorflow as tf


def tape_of(variables):
    """A tape that watches `variables` only; it may be entered more than once.

    Args:
        variables: list of `keras.Variable`.
    """
    tape = tf.GradientTape(watch_accessed_variables=False)
    with tape:
        for variable in variables:
            tape.watch(variable.value)
    return tape


def by_variables(tape, objective, variables):
    """Gradients of a scalar by each variable; zeros where it does not depend on one."""
    return tape.gradient(
        objective,
        [variable.value for variable in variables],
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )


def by_inputs(function, inputs):
    """Per-sample gradients of `function` by its inputs: d sum(function(x)) / dx.

    Row i is the gradient of row i of the output if no row depends on another, which
    batch normalization breaks.

    Args:
        function: callable from a tensor (batch, ...) to a tensor of logits.
        inputs: float tensor (batch, ...).

    Returns:
        A tensor of the shape of `inputs`, itself differentiable.
    """
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        outputs = tf.reduce_sum(function(inputs))
    return tape.gradient(
        outputs, inputs, unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
