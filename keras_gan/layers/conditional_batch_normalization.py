"""Conditional batch normalization: scale and shift are those of a sample's class."""

from collections.abc import Sequence
from typing import Any

from keras import layers, ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor
from keras_gan.layers.cpu import FastBatchNormalization
from keras_gan.layers.synchronized_batch_normalization import (
    SynchronizedBatchNormalization,
)


@register
class ConditionalBatchNormalization(layers.Layer):
    """Conditional batch normalization: the scale and shift are those of the class.

    y = gamma[c] (x - mean)/sqrt(variance + epsilon) + beta[c], of the class c.

    Mean and variance are those of the whole minibatch, whatever its classes; scale and
    shift are each class's own (Dumoulin et al., 2017, conditional instance
    normalization; in generators Miyato and Koyama, 2018). They start at 1 and 0.

    Args:
        num_classes: int >= 1.
        momentum: float in [0, 1), of the moving mean and variance.
        epsilon: float > 0, in the units of the variance.
        synchronized: bool, whether the minibatch is the global one when several
            replicas train (each its own by default).

    Raises:
        ValueError: if `num_classes` is not a positive integer.

    Example:

    >>> layer = ConditionalBatchNormalization(num_classes=10)
    >>> import keras
    >>> images, labels = keras.ops.ones((4, 7, 7, 3)), keras.ops.array([0, 1, 2, 9])
    >>> layer([images, labels], training=True).shape
    TensorShape([4, 7, 7, 3])
    """

    def __init__(
        self,
        num_classes: int,
        momentum: float = 0.9,
        epsilon: float = 1e-5,
        synchronized: bool = False,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.num_classes = check_integer(num_classes, "num_classes", 1)
        self.momentum = momentum
        self.epsilon = epsilon
        self.synchronized = synchronized
        kind = (
            SynchronizedBatchNormalization if synchronized else FastBatchNormalization
        )
        self.normalization = kind(
            momentum=momentum,
            epsilon=epsilon,
            scale=False,
            center=False,
            dtype=self.dtype_policy,
            name="normalization",
        )

    def build(self, input_shape: Sequence[BatchShape]) -> None:
        samples, _ = input_shape
        self.normalization.build(samples)
        shape = (self.num_classes, samples[-1])
        self.gamma = self.add_weight(shape, "ones", name="gamma")
        self.beta = self.add_weight(shape, "zeros", name="beta")

    def call(self, inputs: Sequence[Tensor], training: bool | None = None) -> Tensor:
        samples, labels = inputs
        normalized = self.normalization(samples, training=training)
        between = [1] * (len(samples.shape) - 2)
        shape = (-1, *between, samples.shape[-1])
        gamma = ops.reshape(ops.take(self.gamma, labels, axis=0), shape)
        beta = ops.reshape(ops.take(self.beta, labels, axis=0), shape)
        return gamma * normalized + beta

    def compute_output_shape(self, input_shape: Sequence[BatchShape]) -> BatchShape:
        return input_shape[0]

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "synchronized": self.synchronized,
        }
