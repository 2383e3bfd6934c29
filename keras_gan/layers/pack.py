"""Packing: several samples as one, side by side in its channels."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor


@register
class Pack(keras.layers.Layer):
    """Pack each m successive samples of a batch into one, along their last axis.

    (batch, ..., channels) -> (batch / m, ..., m * channels); sample j of a pack holds
    the channels j * channels to (j + 1) * channels - 1 (Lin et al., 2018, PacGAN).

    Args:
        pack_size: int >= 1, m.
        **kwargs: `name`, `dtype`, `trainable`.

    Raises:
        ValueError: for a batch whose size is known and no multiple of m; where it is
            known only when the graph runs, `tf.errors.InvalidArgumentError`.

    Example:

    >>> Pack(2)(keras.ops.reshape(keras.ops.arange(8), (4, 2)))
    <tf.Tensor: shape=(2, 4), dtype=int32, numpy=
    array([[0, 1, 2, 3],
           [4, 5, 6, 7]], dtype=int32)>
    """

    def __init__(self, pack_size: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.pack_size = check_integer(pack_size, "pack_size", 1)

    def _packs(self, batch):
        """The number of packs of a batch, or None where its size is not known yet."""
        if batch is None:
            return None
        if batch % self.pack_size:
            raise ValueError(self._refusal(batch))
        return batch // self.pack_size

    def _refusal(self, batch):
        return (
            f"Packs of {self.pack_size} samples need batches of a multiple of "
            f"{self.pack_size} (of each replica). Received: a batch of {batch}. "
            "Change batch_size, or leave out a smaller last batch "
            "(drop_remainder=True)."
        )

    def call(self, inputs: Tensor) -> Tensor:
        if self._packs(inputs.shape[0]) is not None:
            return self._side_by_side(inputs)
        rest = tf.shape(inputs)[0] % self.pack_size
        message = self._refusal("another size")
        whole = tf.debugging.Assert(tf.equal(rest, 0), [message])
        with tf.control_dependencies([whole]):
            return self._side_by_side(inputs)

    def _side_by_side(self, inputs):
        *sides, channels = inputs.shape[1:]
        x = ops.reshape(inputs, (-1, self.pack_size, *sides, channels))
        x = ops.moveaxis(x, 1, -2)  # (batch / m, ..., m, channels)
        return ops.reshape(x, (-1, *sides, self.pack_size * channels))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        batch, *sides, channels = input_shape
        return (self._packs(batch), *sides, self.pack_size * channels)

    def get_config(self) -> Config:
        return {**super().get_config(), "pack_size": self.pack_size}
