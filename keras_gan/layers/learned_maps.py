"""Learned maps: a constant image of each channel, and how much of each there is."""

from typing import Any

import keras
from keras import ops
from keras.initializers import RandomNormal

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor


@register
class LearnedMaps(keras.layers.Layer):
    """Learned maps: from vectors to images, each channel a learned map times a number.

    y[h, w, c] = m[h, w, c] x[c]; the maps m start from N(0, 1).

    Args:
        height, width: int >= 1, of the maps.
        **kwargs: `name`, `dtype`, `trainable`.

    Input (batch, channels), output (batch, height, width, channels).

    Raises:
        ValueError: for inputs that are no vectors, or sides below 1.

    Example:

    >>> LearnedMaps(4, 4)(keras.ops.ones((2, 3))).shape
    TensorShape([2, 4, 4, 3])
    """

    def __init__(self, height: int, width: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.height = check_integer(height, "height", 1)
        self.width = check_integer(width, "width", 1)

    def build(self, input_shape: BatchShape) -> None:
        if len(input_shape) != 2:
            raise ValueError(
                "LearnedMaps takes vectors (batch, channels). Received: inputs of "
                f"shape {tuple(input_shape)}. Put a Flatten layer before it."
            )
        shape = (self.height, self.width, input_shape[-1])
        self.maps = self.add_weight(shape, RandomNormal(0.0, 1.0), name="maps")

    def call(self, inputs: Tensor) -> Tensor:
        return self.maps * ops.reshape(inputs, (-1, 1, 1, inputs.shape[-1]))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        batch, channels = input_shape
        return (batch, self.height, self.width, channels)

    def get_config(self) -> Config:
        return {**super().get_config(), "height": self.height, "width": self.width}
