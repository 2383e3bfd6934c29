"""Convolutions between features and images, which have few channels, on a CPU.

With taps a, a stride s and a padding p, y[i] = sum_a x[s i + a - p] w[a] takes images x
to features y. Its transpose, x[j] = sum over s i + a - p = j of y[i] w[a], takes
features to images: it is the generator's last layer, and the gradient by the images of
the discriminator's first one, which each update of the generator and each gradient
penalty asks for. TensorFlow's CPU kernel for it is slow where images have few channels.
Here it is one matrix product, of all y[i] with all w[a], and a sum of shifted slices
(`benchmarks/convolutions.py` measures both). The convolution itself and the gradient by
the kernel are fast as TensorFlow has them.
"""

import math
from collections.abc import Sequence

import keras
import tensorflow as tf

from keras_gan.core.typing import Tensor
from keras_gan.layers.cpu.devices import cpus_only

# Beyond these a graph gains little, and XLA, which has a kernel of its own, loses.
MOST_CHANNELS = 3
MOST_COLUMNS = 48  # of the matrix product: taps times channels
EXACT = ("float32", "float64")  # sums of halves would round after every slice


def suit(layer: keras.layers.Layer, inputs: Tensor, channels: int) -> bool:
    """Whether a layer computes as here rather than as Keras does, found when traced.

    So on CPUs only: wherever TensorFlow may use another device, Keras' kernels do.

    Args:
        layer: a `Conv2D` or `Conv2DTranspose`.
        inputs: its inputs, a tensor.
        channels: int, of the image.
    """
    pairs = zip(layer.kernel_size, layer.strides, strict=True)
    taps = math.prod(-(-taps // stride) * stride for taps, stride in pairs)
    return (
        channels <= MOST_CHANNELS
        and taps * channels <= MOST_COLUMNS
        and layer.data_format == "channels_last"
        and set(layer.dilation_rate) == {1}
        and inputs.dtype.name in EXACT
        and inputs.shape.rank == 4
        and None not in inputs.shape[1:]
        and cpus_only()
    )


def convolved(
    images: Tensor,
    kernel: Tensor | keras.Variable,
    strides: Sequence[int],
    padding: str,
) -> Tensor:
    """Images (n, height, width, c) to features, as `keras.ops.conv` does.

    Args:
        kernel: variable or tensor (taps down, taps right, c, features).
        strides: (down, right).
        padding: "same" or "valid".
    """
    size = images.shape[1:3]

    @tf.custom_gradient
    def compute(images, kernel):
        def gradient(upstream):
            by_images = transposed(upstream, kernel, strides, padding, size)
            shape = kernel.shape
            return by_images, _by_kernel(images, upstream, shape, strides, padding)

        return keras.ops.conv(images, kernel, strides, padding), gradient

    return compute(images, tf.convert_to_tensor(kernel))


def transposed(
    features: Tensor,
    kernel: Tensor | keras.Variable,
    strides: Sequence[int],
    padding: str,
    size: Sequence[int],
) -> Tensor:
    """Features (n, rows, columns, m) to images (n, *size, c): the transpose.

    Args:
        kernel: variable or tensor (taps down, taps right, c, m).
        strides, padding: as for `convolved`.
        size: (height, width), such that `convolved` leads back to `features`' size.
    """

    @tf.custom_gradient
    def compute(features, kernel):
        def gradient(upstream):
            by_features = keras.ops.conv(upstream, kernel, strides, padding)
            shape = kernel.shape
            return by_features, _by_kernel(upstream, features, shape, strides, padding)

        return _product(features, kernel, strides, padding, size), gradient

    return compute(features, tf.convert_to_tensor(kernel))


def _by_kernel(images, features, shape, strides, padding):
    return tf.raw_ops.Conv2DBackpropFilter(
        input=images,
        filter_sizes=shape,
        out_backprop=features,
        strides=[1, *strides, 1],
        padding=padding.upper(),
    )


def _product(features, kernel, strides, padding, size):
    """The transpose by a matrix product.

    A tap is `block * stride + phase`: the phases of a block are a tile of the image, of
    the size of the strides, and each block lies one tile further on.
    """
    rows, columns, width = features.shape[1:]
    taps_down, taps_right, channels, _ = kernel.shape
    down, right = strides
    blocks_down, blocks_right = -(-taps_down // down), -(-taps_right // right)
    below, beside = blocks_down * down - taps_down, blocks_right * right - taps_right
    kernel = tf.pad(kernel, [[0, below], [0, beside], [0, 0], [0, 0]])
    parts = (blocks_down, down, blocks_right, right, channels, width)
    kernel = tf.transpose(tf.reshape(kernel, parts), (2, 0, 1, 3, 4, 5))

    y = tf.matmul(
        tf.reshape(features, (-1, width)),
        tf.reshape(kernel, (-1, width)),
        transpose_b=True,
    )
    tile = down * right * channels
    tiles_down, tiles_right = rows + blocks_down - 1, columns + blocks_right - 1
    y = tf.reshape(y, (-1, columns, blocks_right, blocks_down * tile))
    y = _overlapped(y, step=blocks_down * tile)
    y = tf.reshape(y, (-1, rows * tiles_right, blocks_down, tile))
    y = _overlapped(y, step=tiles_right * tile)
    y = tf.reshape(y, (-1, tiles_down, tiles_right, down, right * channels))
    y = tf.transpose(y, (0, 1, 3, 2, 4))
    made = tiles_down * down, tiles_right * right
    y = tf.reshape(y, (-1, *made, channels))

    axes = zip(size, (rows, columns), (taps_down, taps_right), strides, strict=True)
    top, left = (_before(*axis, padding) for axis in axes)
    # "valid" leaves out the pixels after the last tap
    below, beside = max(top + size[0] - made[0], 0), max(left + size[1] - made[1], 0)
    if below or beside:
        y = tf.pad(y, [[0, 0], [0, below], [0, beside], [0, 0]])
    return y[:, top : top + size[0], left : left + size[1]]


def _overlapped(y, step):
    """Sum over blocks, each moved on by `step` from the one before.

    Args:
        y: tensor (n, places, blocks, values).
        step: int.

    Returns:
        (n, places * values + (blocks - 1) * step).
    """
    _, places, blocks, values = y.shape
    flat = [tf.reshape(part, (-1, places * values)) for part in tf.unstack(y, axis=2)]
    last = (blocks - 1) * step
    return tf.add_n(
        [tf.pad(x, [[0, 0], [i * step, last - i * step]]) for i, x in enumerate(flat)]
    )


def _before(large, small, taps, stride, padding):
    """The pixels of padding that lie before the image along one axis."""
    if padding == "valid":
        return 0
    return max((small - 1) * stride + taps - large, 0) // 2
