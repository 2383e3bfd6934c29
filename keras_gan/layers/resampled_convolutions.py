"""Convolutions that double or halve the sides, at half of the arithmetic."""

from typing import Any

import keras
from keras import ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor

KEPT = (
    "filters",
    "use_bias",
    "kernel_initializer",
)  # of the config, beside kernel_size
LAST = "channels_last"


class _Resampled(keras.layers.Conv2D):
    """Both layers' base: a kernel of odd sides, and no strides of their own."""

    def __init__(
        self,
        filters: int,
        kernel_size: int = 3,
        use_bias: bool = True,
        kernel_initializer: str | keras.initializers.Initializer = "glorot_uniform",
        **kwargs: Any,
    ):
        super().__init__(
            check_integer(filters, "filters", 1),
            check_integer(kernel_size, "kernel_size", 1),
            padding="same",
            data_format=LAST,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            **kwargs,
        )
        if kernel_size % 2 == 0:
            raise ValueError(
                f"{type(self).__name__} has an odd kernel_size, whose middle lies on a "
                f"pixel. Received: kernel_size={kernel_size}. Use {kernel_size - 1} or "
                f"{kernel_size + 1}."
            )

    def get_config(self) -> Config:
        config = super().get_config()
        base = keras.layers.Layer.get_config(self)
        kept = {name: config[name] for name in KEPT}
        return {**base, **kept, "kernel_size": self.kernel_size[0]}


@register
class UpsampledConv2D(_Resampled):
    """Upsampled Conv2D: a convolution of images whose sides were doubled before.

    Images (batch, height, width, channels) -> (batch, 2 height, 2 width, filters).

    `UpSampling2D` (each pixel four times) and a `Conv2D` of padding "same" and stride
    1, as one: of the k x k weights that see the doubled image, those that see the same
    pixel are added up, and a transposed convolution of stride 2 by the k + 1 x k + 1
    sums makes the same images but for rounding. For k = 3 that is 4/9 of the
    arithmetic, and no doubled image is held. Weights are those of the `Conv2D`;
    derivatives of any order.

    Args:
        filters: int >= 1.
        kernel_size: odd int >= 1, k.
        use_bias: bool.
        kernel_initializer: as for `keras.layers.Conv2D`.
        **kwargs: `activation`, `name`, `dtype`, `trainable`.

    Raises:
        ValueError: for an even kernel_size.

    Example:

    >>> layer = UpsampledConv2D(16)
    >>> layer(keras.ops.ones((2, 8, 8, 3))).shape
    TensorShape([2, 16, 16, 16])
    """

    def convolution_op(self, inputs: Tensor, kernel: Tensor | keras.Variable) -> Tensor:
        turned = ops.transpose(_spread(kernel)[::-1, ::-1], (0, 1, 3, 2))
        return ops.conv_transpose(inputs, turned, 2, "same", data_format=LAST)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return _sides(input_shape, lambda side: 2 * side, self.filters)


@register
class MeanPooledConv2D(_Resampled):
    """Mean-pooled Conv2D: a convolution whose sides are halved by means of 2 x 2.

    Images (batch, height, width, channels) of even sides -> (batch, height / 2, width /
    2, filters).

    A `Conv2D` of padding "same" and stride 1 and `AveragePooling2D`, as one: the mean
    of four convolutions one pixel apart is a convolution of stride 2 by k + 1 x k + 1
    weights, the mean of the four kernels. For k = 3 that is 4/9 of the arithmetic. The
    results are the same but for rounding, weights are those of the `Conv2D`;
    derivatives of any order.

    Args:
        filters: int >= 1.
        kernel_size: odd int >= 1, k.
        use_bias: bool.
        kernel_initializer: as for `keras.layers.Conv2D`.
        **kwargs: `activation`, which comes after the mean; `name`, `dtype`,
            `trainable`.

    Raises:
        ValueError: for an even kernel_size, or images of odd ones.

    Example:

    >>> layer = MeanPooledConv2D(16)
    >>> layer(keras.ops.ones((2, 8, 8, 3))).shape
    TensorShape([2, 4, 4, 16])
    """

    def build(self, input_shape: BatchShape) -> None:
        if any(side is not None and side % 2 for side in input_shape[1:3]):
            raise ValueError(
                "MeanPooledConv2D halves even sides. Received: inputs of shape "
                f"{tuple(input_shape)}. Resize or pad the images."
            )
        super().build(input_shape)

    def convolution_op(self, inputs: Tensor, kernel: Tensor | keras.Variable) -> Tensor:
        mean = 0.25 * _spread(kernel)
        return ops.conv(inputs, mean, 2, "same", data_format=LAST)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return _sides(input_shape, lambda side: side // 2, self.filters)


def _spread(kernel):
    """The sum of a kernel (k, k, ...) and itself one tap on, down and to the right."""
    for axis in (0, 1):
        before, after = ([(0, 0)] * 4 for _ in range(2))
        before[axis], after[axis] = (1, 0), (0, 1)
        kernel = ops.pad(kernel, before) + ops.pad(kernel, after)
    return kernel


def _sides(shape, change, filters):
    batch, *sides, _ = shape
    return (batch, *(None if s is None else change(s) for s in sides), filters)
