"""Affine maps of images whose derivatives are written down."""

from collections.abc import Callable

import tensorflow as tf

from keras_gan.core.typing import Tensor


def affine(
    images: Tensor,
    forward: Callable[[Tensor], Tensor],
    transpose: Callable[[Tensor], Tensor],
    linear: Callable[[Tensor], Tensor] | None = None,
) -> Tensor:
    """Images under an affine map, x -> A x + b, with derivatives of any order.

    TensorFlow's own derivatives of sums, gathers and products ask the forward pass for
    its shapes, which XLA does not let out of a `tf.cond`, as a lazy penalty has one.

    Args:
        images: float tensor (batch, height, width, channels).
        forward: x -> A x + b.
        transpose: y -> A' y.
        linear: x -> A x; None where b is 0.
    """
    linear = linear or forward

    @tf.custom_gradient
    def mapped(x):
        return forward(x), lambda y: affine(y, transpose, linear)

    return mapped(images)
