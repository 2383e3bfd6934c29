"""A grouped convolution that is differentiated twice, and is fast on CPUs too."""

from typing import Any

import keras
import tensorflow as tf
from keras import initializers, ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor
from keras_gan.layers.cpu.devices import by_xla, cpus_only


@register
class GroupedConvolution(keras.layers.Layer):
    """Grouped convolution: each group of channels is convolved by itself.

    Images (batch, height, width, channels) -> (batch, height, width, filters).

    The convolution of stride 1 and "same" padding whose kernel, of shape (k, k,
    channels / groups, filters), is a dense one with zeros between different groups, at
    1 / groups of its arithmetic (Xie et al., 2017, ResNeXt). It has derivatives of any
    order, in eager mode, in graphs and under XLA. On CPUs TensorFlow's own has none in
    a graph, and Keras' goes round it by XLA, ten times as slow as a dense convolution;
    here the gradient by the images is a grouped convolution again, by the turned
    kernel, and that by the kernel is taken group by group. With groups of 8 or 16 of 64
    to 512 channels it took 5 to 48 % of a dense one's time, two derivatives too
    (`benchmarks/grouped_convolution.py`, one core). Where TensorFlow sees other devices
    its own kernels compute, which was never run.

    Args:
        filters: int >= 1, a multiple of `groups`.
        kernel_size: odd int >= 1, k.
        groups: int >= 1.
        use_bias: bool.
        kernel_initializer: as for `keras.layers.Conv2D`.
        **kwargs: `name`, `dtype`, `trainable`.

    Raises:
        ValueError: for an even kernel size, or groups that do not divide the filters
            or the channels.

    Example:

    >>> layer = GroupedConvolution(filters=12, kernel_size=3, groups=4)
    >>> layer(keras.ops.ones((2, 8, 8, 8))).shape
    TensorShape([2, 8, 8, 12])
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        groups: int,
        use_bias: bool = True,
        kernel_initializer: str | initializers.Initializer = "glorot_uniform",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.filters = check_integer(filters, "filters", 1)
        self.kernel_size = check_integer(kernel_size, "kernel_size", 1)
        self.groups = check_integer(groups, "groups", 1)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        if self.kernel_size % 2 == 0:
            raise ValueError(
                "GroupedConvolution has an odd kernel_size, whose middle lies on a "
                f"pixel. Received: kernel_size={self.kernel_size}. Use "
                f"{self.kernel_size - 1} or {self.kernel_size + 1}."
            )
        self._check_divides(self.filters, "filters")

    def _check_divides(self, number, what):
        if number % self.groups:
            below = number - number % self.groups
            near = f"{below} or {below + self.groups}" if below else f"{self.groups}"
            raise ValueError(
                f"Each group has as many {what} as the others, so groups divides their "
                f"number. Received: groups={self.groups} and {number} {what}. Use "
                f"{near} {what}, or other groups."
            )

    def build(self, input_shape: BatchShape) -> None:
        if len(input_shape) != 4 or input_shape[-1] is None:
            raise ValueError(
                "GroupedConvolution takes images (batch, height, width, channels). "
                f"Received: inputs of shape {tuple(input_shape)}."
            )
        channels = input_shape[-1]
        self._check_divides(channels, "channels")
        shape = (*[self.kernel_size] * 2, channels // self.groups, self.filters)
        self.kernel = self.add_weight(shape, self.kernel_initializer, name="kernel")
        if self.use_bias:
            self.bias = self.add_weight((self.filters,), "zeros", name="bias")

    def call(self, inputs: Tensor) -> Tensor:
        kernel = tf.convert_to_tensor(self.kernel)
        if cpus_only() and self.groups > 1:
            outputs = _convolved(inputs, kernel, self.groups)
        else:
            outputs = tf.nn.conv2d(inputs, kernel, 1, "SAME")
        return ops.add(outputs, self.bias) if self.use_bias else outputs

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return (*input_shape[:-1], self.filters)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "groups": self.groups,
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
        }


def _convolved(images, kernel, groups):
    """Images (n, height, width, c) by a kernel (k, k, c / groups, filters)."""

    @tf.custom_gradient
    def compute(images, kernel):
        def gradient(upstream):
            by_images = _convolved(upstream, _turned(kernel, groups), groups)
            return by_images, _by_kernel(images, upstream, kernel.shape, groups)

        if by_xla():  # whose own grouped convolution is slow on CPUs
            return _each(_convolution, groups, images, kernel), gradient
        return _convolution(images, kernel), gradient

    return compute(images, kernel)


def _convolution(images, kernel):
    return tf.nn.conv2d(images, kernel, 1, "SAME")


def _each(function, groups, *arrays):
    """A function of each group, of arrays whose last axis has all groups."""
    parts = (tf.split(array, groups, axis=-1) for array in arrays)
    return tf.concat([function(*group) for group in zip(*parts, strict=True)], axis=-1)


def _turned(kernel, groups):
    """The kernel of the transposed convolution: half a turn, ins for outs."""
    taps, _, ins, filters = kernel.shape
    parts = tf.reshape(kernel[::-1, ::-1], (taps, taps, ins, groups, filters // groups))
    turned = tf.transpose(parts, (0, 1, 4, 3, 2))
    return tf.reshape(turned, (taps, taps, filters // groups, groups * ins))


def _by_kernel(images, upstream, shape, groups):
    """The gradient by the kernel, each group's by itself."""
    taps, _, ins, filters = shape

    def of_group(images, upstream):
        return tf.raw_ops.Conv2DBackpropFilter(
            input=images,
            filter_sizes=(taps, taps, ins, filters // groups),
            out_backprop=upstream,
            strides=[1, 1, 1, 1],
            padding="SAME",
        )

    # A graph would take the images apart as soon as there are any, and hold the parts.
    with tf.control_dependencies([upstream]):
        return _each(of_group, groups, images, upstream)
