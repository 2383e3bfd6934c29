"""Adam in one pass: TensorFlow's own kernel for the step of Keras' optimizer.

Keras writes the step as a dozen operations, each of which reads and writes arrays as
large as the weights; of small networks that is a quarter of the time of a step.
TensorFlow has one kernel of the same formula (Kingma and Ba 2015, the form before
Section 2.1 with epsilon hat). It rounds 1 - beta_2 to float32, where Keras has 0.001
as a double: 1.3e-5 of it, by which the second moments differ, and steps by half of it.
"""

import functools

import keras
import tensorflow as tf

from keras_gan.core import compat

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
    step = keras.ops.cast(adam.iterations, "float32") + 1
    beta_1, beta_2 = (tf.cast(beta, tf.float32) for beta in (adam.beta_1, adam.beta_2))
    momentum, velocity = compat.moments(adam, variable)
    tf.raw_ops.ResourceApplyAdam(
        var=_handle(variable),
        m=_handle(momentum),
        v=_handle(velocity),
        beta1_power=beta_1**step,
        beta2_power=beta_2**step,
        lr=keras.ops.cast(learning_rate, "float32"),
        beta1=beta_1,
        beta2=beta_2,
        epsilon=tf.cast(adam.epsilon, tf.float32),
        grad=gradient,
    )


def _handle(variable):
    held = isinstance(variable, keras.Variable)
    return (variable.value if held else variable).handle
