"""Adam in one pass: TensorFlow's own kernel for the step of Keras' optimizer.

Keras writes the step as a dozen operations, each of which reads and writes arrays as
large as the weights; of small networks that is a quarter of the time of a step.
TensorFlow has one kernel of the same formula (Kingma and Ba 2015, the form before
Section 2.1 with epsilon hat). It rounds 1 - beta_2 to float32, where Keras has 0.001
as a double: 1.3e-5 of it, by which the second moments differ, and steps by half of it.
"""

import functools
from collections.abc import Iterable

import keras
import tensorflow as tf

from keras_gan.core import compat

SCALARS = ("beta1_power", "beta2_power", "lr", "beta1", "beta2", "epsilon")
KINDS = (keras.optimizers.Adam, keras.optimizers.AdamW)  # not what is derived from them


def fuse(optimizer: keras.optimizers.Optimizer) -> None:
    """Let an Adam or AdamW update each variable by one kernel; leave all others alone.

    The object stays the user's, with its variables, config and learning rate. What
    Keras does before the step (clipping, weight decay, scaling of the loss) and after
    it (its moving average) stays as it is.
    """
    adam = getattr(optimizer, "inner_optimizer", optimizer)
    if type(adam) in KINDS and not adam.amsgrad:
        adam.update_step = functools.partial(_update, adam)


def _update(adam, gradient, variable, learning_rate):
    """The step of one variable; the arguments are those of Keras' `update_step`."""
    is_float32 = keras.backend.standardize_dtype(variable.dtype) == "float32"
    plain = isinstance(gradient, tf.Tensor) and is_float32
    if not plain:  # rows of an embedding, say
        type(adam).update_step(adam, gradient, variable, learning_rate)
        return
    number = keras.ops.cast(adam.iterations, "float32") + 1
    powers = (tf.cast(b, tf.float32) ** number for b in (adam.beta_1, adam.beta_2))
    step(adam, gradient, variable, learning_rate, adam.beta_2, powers)


def step(
    adam: keras.optimizers.Adam,
    gradient: tf.Tensor | tf.IndexedSlices,
    variable: keras.Variable | tf.Variable,
    learning_rate: float | tf.Tensor,
    beta_2: float | tf.Tensor,
    powers: Iterable[tf.Tensor],
) -> None:
    """Move one variable and its two moments by TensorFlow's kernel.

    Args:
        adam: which has the moments, beta_1 and epsilon.
        gradient: by the variable.
        variable: of `adam.build`, in a distributed update that of one device.
        learning_rate: float or scalar.
        beta_2: float or scalar, of this step.
        powers: of beta_1 and of beta_2, the products of all so far: scalars.
    """
    momentum, velocity = compat.moments(adam, variable)
    gradient = tf.cast(tf.convert_to_tensor(gradient), tf.float32)
    scalars = (*powers, learning_rate, adam.beta_1, beta_2, adam.epsilon)
    scalars = [tf.cast(scalar, tf.float32) for scalar in scalars]
    if keras.backend.standardize_dtype(variable.dtype) == "float32":
        held = (_handle(part) for part in (variable, momentum, velocity))
        tf.raw_ops.ResourceApplyAdam(
            **dict(zip(("var", "m", "v"), held, strict=True)),
            **dict(zip(SCALARS, scalars, strict=True)),
            grad=gradient,
        )
        return
    # In half floats beta_2 = 0.999 is 1.
    beta_1_power, beta_2_power, rate, beta_1, beta_2, epsilon = scalars
    m, v = (keras.ops.cast(moment, "float32") for moment in (momentum, velocity))
    m = m + (1 - beta_1) * (gradient - m)
    v = v + (1 - beta_2) * (gradient**2 - v)
    step = rate * tf.sqrt(1 - beta_2_power) / (1 - beta_1_power)
    moved = keras.ops.cast(variable, "float32") - step * m / (tf.sqrt(v) + epsilon)
    for held, value in ((momentum, m), (velocity, v), (variable, moved)):
        adam.assign(held, keras.ops.cast(value, held.dtype))


def _handle(variable):
    held = isinstance(variable, keras.Variable)
    return (variable.value if held else variable).handle
