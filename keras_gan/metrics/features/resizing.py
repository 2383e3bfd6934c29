"""Resizing of images by matrices, which XLA compiles; the resizers that scores name."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from keras_gan.core.typing import Tensor

RESIZERS = ("bilinear", "bicubic", "bicubic of bytes")


def resize(pixels: Tensor, height: int, width: int, resizer: str) -> Tensor:
    """Resize images; each output pixel is a weighted mean of the nearest ones.

    Where a side shrinks, the weights spread over an output pixel (antialiasing); the
    centers of corner pixels keep their distance from the edge.

    - "bilinear": as `tf.image.resize(antialias=True)`.
    - "bicubic": Keys' cubic with a = -1/2, as Pillow resizes floats (Parmar et al.,
      2022, "clean" resizing), clipped to [0, 255].
    - "bicubic of bytes": the same, rounded to bytes after each direction, as Pillow
      resizes the images of files.

    Args:
        pixels: float tensor (n, rows, columns, channels) in [0, 255].
        height, width: ints.
        resizer: of `RESIZERS`.

    Returns:
        float32 tensor (n, height, width, channels) in [0, 255].

    Example:

    >>> row = tf.reshape([0.0, 255.0], (1, 1, 2, 1))
    >>> [float(x) for x in tf.reshape(resize(row, 1, 4, "bilinear"), (-1,))]
    [0.0, 63.75, 191.25, 255.0]
    """
    pixels = tf.cast(pixels, tf.float32)
    if tuple(pixels.shape[1:3]) == (height, width):
        return pixels
    kernel, support = (_triangle, 1.0) if resizer == "bilinear" else (keys_cubic, 2.0)
    down = _matrix(pixels.shape[1], height, kernel, support)
    across = _matrix(pixels.shape[2], width, kernel, support)
    if resizer == "bicubic of bytes":
        rows = _as_bytes(tf.einsum("nhwc,pw->nhpc", pixels, across))
        return _as_bytes(tf.einsum("oh,nhpc->nopc", down, rows))
    # As tf.image.resize(antialias=True), which XLA does not compile
    resized = tf.einsum("oh,nhwc,pw->nopc", down, pixels, across)
    if resizer == "bicubic":  # it overshoots at edges
        resized = tf.clip_by_value(resized, 0.0, 255.0)
    return resized


def _as_bytes(pixels):
    return tf.clip_by_value(tf.floor(pixels + 0.5), 0.0, 255.0)


def _triangle(distance):
    return np.maximum(1 - distance, 0)


def keys_cubic(distance: np.ndarray, a: float = -0.5) -> np.ndarray:
    """Keys' cubic convolution (1981): 1 at 0, 0 at 1, negative between 1 and 2.

    Args:
        distance: float array, >= 0.
        a: float, the slope at 1: -1/2 in Pillow, -3/4 in PyTorch.
    """
    near = ((a + 2) * distance - (a + 3)) * distance**2 + 1
    far = a * (((distance - 5) * distance + 8) * distance - 4)
    return np.where(distance < 1, near, np.where(distance < 2, far, 0))


def _matrix(old: int, new: int, kernel: Callable, support: float) -> np.ndarray:
    """The matrix (new, old) that resizes a side: weights of the old pixels.

    They are those of the kernel at the distance of the pixels' centers, in old pixels,
    or in new ones where the side shrinks; none is further than `support` of them.
    """
    step = old / new
    centers = (np.arange(new) + 0.5) * step - 0.5
    away = np.abs(centers[:, np.newaxis] - np.arange(old)) / max(step, 1)
    weights = np.where(away < support, kernel(away), 0)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
