"""Resampling by the filter [1, 3, 3, 1], which keeps aliases out."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Tensor
from keras_gan.layers.cpu.devices import by_xla, cpus_only

FILTER = np.array([1.0, 3.0, 3.0, 1.0], "float32") / 8


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
        return _doubled(inputs, _by_slices)

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
        return _halved(inputs)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return _sides(input_shape, lambda side: side // 2)


def _sides(shape, change):
    batch, *sides, channels = shape
    return (batch, *(None if s is None else change(s) for s in sides), channels)


def _doubled(images, compute):
    """Filtered upsampling, whose derivative is four times the downsampling."""

    @tf.custom_gradient
    def doubled(images):
        return compute(images), lambda upstream: 4.0 * _halved(upstream)

    return doubled(images)


def _halved(images):
    """Filtered downsampling, whose derivative is a quarter of the upsampling."""
    fast = _has_fast_kernel(images)

    @tf.custom_gradient
    def halved(images):
        def gradient(upstream):
            return 0.25 * _doubled(upstream, _transposed if fast else _by_slices)

        return (_convolved if fast else _by_sums)(images), gradient

    return halved(images)


def _has_fast_kernel(images):
    """Whether a convolution of each channel is the fastest, found when traced.

    On CPUs TensorFlow's is ten times as fast as sums of slices, but for XLA, which has
    none and fuses the sums. The generator's own upsampling is sums everywhere, so that
    it can be exported.
    """
    return images.dtype == tf.float32 and cpus_only() and not by_xla()


def _convolved(images):
    return tf.nn.depthwise_conv2d(images, _kernel(images), [1, 2, 2, 1], "SAME")


def _transposed(images):
    batch, height, width, channels = ops.shape(images)
    size = (batch, 2 * height, 2 * width, channels)
    kernel = 4.0 * _kernel(images)
    return tf.nn.depthwise_conv2d_backprop_input(
        size, kernel, images, [1, 2, 2, 1], "SAME"
    )


def _kernel(images):
    """The filter of both sides, for each channel: (4, 4, channels, 1)."""
    once = np.outer(FILTER, FILTER)[:, :, None, None]
    return tf.constant(np.repeat(once, images.shape[-1], axis=2))


def _by_slices(images):
    return _line_doubled(_line_doubled(images, axis=1), axis=2)


def _by_sums(images):
    return _line_halved(_line_halved(images, axis=1), axis=2)


def _padded(x, axis):
    return ops.pad(x, [(1, 1) if i == axis else (0, 0) for i in range(4)])


def _along(x, axis, start, stop):
    return x[(slice(None),) * axis + (slice(start, stop),)]


def _line_doubled(x, axis):
    padded, near = _padded(x, axis), 0.75 * x
    even = near + 0.25 * _along(padded, axis, None, -2)
    odd = near + 0.25 * _along(padded, axis, 2, None)
    shape = list(ops.shape(x))
    shape[axis] *= 2
    return ops.reshape(ops.stack([even, odd], axis=axis + 1), shape)


def _line_halved(x, axis):
    """Sums over pairs (x[2i - 1], x[2i]): slices with a step are slow on CPUs."""
    shape = list(ops.shape(x))
    shape[axis : axis + 1] = [shape[axis] // 2 + 1, 2]
    pairs = ops.reshape(_padded(x, axis), shape)
    odd, even = ops.unstack(pairs, 2, axis=axis + 1)
    near = _along(even, axis, None, -1) + _along(odd, axis, 1, None)
    far = _along(odd, axis, None, -1) + _along(even, axis, 1, None)
    return 0.375 * near + 0.125 * far
