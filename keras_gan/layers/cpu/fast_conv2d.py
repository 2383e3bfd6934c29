"""A convolution whose gradient by images is fast on a CPU."""

import keras

from keras_gan.core.registry import register_in_place_of
from keras_gan.core.typing import Tensor
from keras_gan.layers.cpu import few_channels


@register_in_place_of(keras.layers.Conv2D)
class FastConv2D(keras.layers.Conv2D):
    """Fast Conv2D: Keras', its gradient by images of few channels faster.

    Weights, config, results and derivatives of any order are Keras'; the gradient by
    the inputs, which a discriminator's first layer is asked for in each update of the
    generator and by each gradient penalty, is a matrix product where that is faster:
    in float32 or float64, channels last, without dilation, where TensorFlow sees CPUs
    only. Everywhere else the layer is Keras'.

    Args:
        *args, **kwargs: as for `keras.layers.Conv2D`.

    Example:

    >>> layer = FastConv2D(64, 4, strides=2, padding="same")
    >>> layer(keras.ops.ones((2, 28, 28, 1))).shape
    TensorShape([2, 14, 14, 64])
    """

    def convolution_op(self, inputs: Tensor, kernel: Tensor | keras.Variable) -> Tensor:
        if self.groups > 1 or not few_channels.suit(self, inputs, kernel.shape[-2]):
            return super().convolution_op(inputs, kernel)
        return few_channels.convolved(inputs, kernel, self.strides, self.padding)
