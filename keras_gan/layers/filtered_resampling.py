"""Resampling by the filter [1, 3, 3, 1], which keeps aliases out."""

import keras
from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Tensor


@register
class FilteredUpsampling(keras.layers.Layer):
    """Filtered upsampling: twice as many pixels a side, by the filter [1, 3, 3, 1] / 4.

    y[2i] = (x[i - 1] + 3 x[i]) / 4 and y[2i + 1] = (3 x[i] + x[i + 1]) / 4 along each
    side, zeros beyond the borders (as in Karras et al., 2020, StyleGAN2). Keras'
    bilinear `UpSampling2D` differs at the borders only, whose pixels it repeats.

    Args:
        **kwargs: `name`, `dtype`.

    Input (batch, height, width, channels), output (batch, 2 height, 2 width, channels).

    Example:

    >>> FilteredUpsampling()(keras.ops.ones((1, 4, 4, 1)))[0, 3, :, 0]
    <tf.Tensor: shape=(8,), dtype=float32,
    numpy=array([0.75, 1. , 1. , 1. , 1. , 1. , 1. , 0.75], dtype=float32)>
    """

    def call(self, inputs: Tensor) -> Tensor:
        return _upsampled(_upsampled(inputs, axis=1), axis=2)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return _sides(input_shape, lambda side: 2 * side)


@register
class FilteredDownsampling(keras.layers.Layer):
    """Filtered downsampling: half the pixels a side, by the filter [1, 3, 3, 1] / 8.

    y[i] = (x[2i - 1] + 3 x[2i] + 3 x[2i + 1] + x[2i + 2]) / 8 along each side, zeros
    beyond the borders: half the transpose of `FilteredUpsampling` along each.

    Args:
        **kwargs: `name`, `dtype`.

    Input (batch, height, width, channels) with even sides, output (batch, height / 2,
    width / 2, channels).

    Raises:
        ValueError: for an odd side.

    Example:

    >>> FilteredDownsampling()(keras.ops.ones((1, 8, 8, 1)))[0, 1, :, 0]
    <tf.Tensor: shape=(4,), dtype=float32,
    numpy=array([0.875, 1. , 1. , 0.875], dtype=float32)>
    """

    def build(self, input_shape: BatchShape) -> None:
        if any(side is not None and side % 2 for side in input_shape[1:3]):
            raise ValueError(
                "FilteredDownsampling halves even sides. Received: inputs of shape "
                f"{tuple(input_shape)}. Resize or pad the images."
            )

    def call(self, inputs: Tensor) -> Tensor:
        return _downsampled(_downsampled(inputs, axis=1), axis=2)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return _sides(input_shape, lambda side: side // 2)


def _sides(shape, change):
    batch, *sides, channels = shape
    return (batch, *(None if s is None else change(s) for s in sides), channels)


def _padded(x, axis):
    return ops.pad(x, [(1, 1) if i == axis else (0, 0) for i in range(4)])


def _along(x, axis, start, stop, step=1):
    return x[(slice(None),) * axis + (slice(start, stop, step),)]


def _upsampled(x, axis):
    padded, near = _padded(x, axis), 0.75 * x
    even = near + 0.25 * _along(padded, axis, None, -2)
    odd = near + 0.25 * _along(padded, axis, 2, None)
    shape = list(ops.shape(x))
    shape[axis] *= 2
    return ops.reshape(ops.stack([even, odd], axis=axis + 1), shape)


def _downsampled(x, axis):
    padded = _padded(x, axis)  # x[j] is padded[j + 1]
    near = _along(x, axis, 0, None, 2) + _along(x, axis, 1, None, 2)
    far = _along(padded, axis, 0, -2, 2) + _along(padded, axis, 3, None, 2)
    return 0.375 * near + 0.125 * far
