"""A transposed convolution that makes images fast on a CPU."""

import keras
from keras import ops

from keras_gan.core.registry import register_in_place_of
from keras_gan.core.typing import Config, Tensor
from keras_gan.layers.cpu import few_channels


@register_in_place_of(keras.layers.Conv2DTranspose)
class FastConv2DTranspose(keras.layers.Conv2DTranspose):
    """Fast Conv2DTranspose: Keras', faster at few channels.

    Weights, config, results (but for rounding) and derivatives of any order are Keras';
    a generator's last layer, which has few filters, is computed as a matrix product
    where that is faster: in float32 or float64, channels last, without dilation or
    `output_padding`, where TensorFlow sees CPUs only. Everywhere else the layer is
    Keras'.

    Args:
        *args, **kwargs: as for `keras.layers.Conv2DTranspose`.

    Example:

    >>> layer = FastConv2DTranspose(1, 4, strides=2, padding="same")
    >>> layer(keras.ops.ones((2, 14, 14, 64))).shape
    TensorShape([2, 28, 28, 1])
    """

    def call(self, inputs: Tensor) -> Tensor:
        ours = few_channels.suit(self, inputs, self.filters)
        if self.output_padding is not None or not ours:
            return super().call(inputs)
        size = self.compute_output_shape(inputs.shape)[1:3]
        outputs = few_channels.transposed(
            inputs, self.kernel, self.strides, self.padding, size
        )
        if self.use_bias:
            outputs = ops.add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def get_config(self) -> Config:
        # Not all versions of Keras keep it.
        return {**super().get_config(), "output_padding": self.output_padding}
