"""Minibatch discrimination: how close a sample lies to the others of its minibatch."""

from typing import Any

import keras
from keras import ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor


@register
class MinibatchDiscrimination(keras.layers.Layer):
    """Minibatch discrimination: appends to f(x_i) how close x_i is to its minibatch.

    Each of the B kernels maps the features to C numbers, M_ib = f(x_i) T_b, and counts
    neighbours: o_b(x_i) = sum_j exp(-|M_ib - M_jb|_1) over the whole minibatch
    (Salimans et al., 2016, section 3.2). The sum is the paper's, with j = i in it: that
    term is exp(0) = 1 for every sample, and a bias behind the layer takes it up.

    A logit that is computed from it depends on the rest of its batch and is no density
    ratio. Real and fake samples pass as separate minibatches. With several replicas a
    sample is compared with the rows of its own replica only, so that two replicas play
    another game than one device.

    Args:
        num_kernels: int >= 1, B.
        kernel_dim: int >= 1, C.
        **kwargs: `name`, `dtype`, `trainable`.

    Input (batch, features), output (batch, features + num_kernels).

    Raises:
        ValueError: for inputs that are no vectors, or numbers below 1.

    Example:

    >>> layer = MinibatchDiscrimination(num_kernels=2, kernel_dim=3)
    >>> layer(keras.ops.ones((5, 4)))[0]  # five equal samples
    <tf.Tensor: shape=(6,), dtype=float32,
    numpy=array([1., 1., 1., 1., 5., 5.], dtype=float32)>
    """

    def __init__(self, num_kernels: int, kernel_dim: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_kernels = check_integer(num_kernels, "num_kernels", 1)
        self.kernel_dim = check_integer(kernel_dim, "kernel_dim", 1)

    def build(self, input_shape: BatchShape) -> None:
        if len(input_shape) != 2:
            raise ValueError(
                "MinibatchDiscrimination compares vectors (batch, features). Received: "
                f"inputs of shape {tuple(input_shape)}. Put a Flatten layer before it."
            )
        self.kernel = self.add_weight(
            (input_shape[-1], self.num_kernels * self.kernel_dim),
            "glorot_uniform",
            name="kernel",
        )

    def call(self, inputs: Tensor) -> Tensor:
        matrices = ops.reshape(
            ops.matmul(inputs, self.kernel), (-1, self.num_kernels, self.kernel_dim)
        )
        gaps = ops.expand_dims(matrices, 1) - ops.expand_dims(matrices, 0)
        closeness = ops.exp(-ops.sum(ops.abs(gaps), axis=-1))  # (batch, batch, B)
        return ops.concatenate([inputs, ops.sum(closeness, axis=1)], axis=-1)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return (*input_shape[:-1], input_shape[-1] + self.num_kernels)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "num_kernels": self.num_kernels,
            "kernel_dim": self.kernel_dim,
        }
