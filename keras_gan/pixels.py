"""Images as numbers in [-1, 1], as bytes, and as pictures to look at."""

import io
import math
import os

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike
from PIL import Image

from keras_gan.core import files
from keras_gan.core.typing import Tensor, TensorLike

BETWEEN = 96  # the grey between the images of a grid


def to_uint8(images: TensorLike) -> np.ndarray | Tensor:
    """Round float images in [-1, 1] to uint8 in [0, 255]; what lies beyond is clipped.

    Args:
        images: float NumPy array or tensor; an array comes back for an array, a tensor
            for a tensor, by the same rounding (half to even).

    Example:

    >>> import numpy as np
    >>> to_uint8(np.array([-1.0, 0.0, 1.0, 3.0])).tolist()
    [0, 128, 255, 255]
    """
    if tf.is_tensor(images):
        pixels = tf.round((tf.cast(images, tf.float32) + 1.0) * 127.5)
        return tf.cast(tf.clip_by_value(pixels, 0.0, 255.0), tf.uint8)
    pixels = np.rint(
        (np.asarray(images, np.float32) + np.float32(1)) * np.float32(127.5)
    )
    return np.clip(pixels, 0, 255).astype(np.uint8)


def as_pictures(images: ArrayLike) -> np.ndarray:
    """Images (n, height, width, 1 to 4 channels) as uint8 that every viewer can show.

    Grey, RGB and RGBA stay; two channels are shown as red and green, over no blue.

    Args:
        images: float NumPy array in [-1, 1].

    Returns:
        uint8 array (n, height, width, channels) of 1, 3 or 4 channels.

    Raises:
        ValueError: for what is no batch of such images.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] not in (1, 2, 3, 4):
        raise ValueError(
            "Only images can be drawn: expected (n, height, width, channels) with 1 to "
            f"4 channels. Received: shape {images.shape}. Draw vectors with a plot of "
            "your own, from sample()."
        )
    pictures = to_uint8(images)
    if pictures.shape[-1] == 2:
        pictures = np.pad(pictures, ((0, 0), (0, 0), (0, 0), (0, 1)))
    return pictures


def image_grid(images: ArrayLike) -> np.ndarray:
    """Images (n, height, width, channels) side by side in one picture.

    The grid is as square as n allows and filled row by row. Small images are enlarged,
    each pixel to a square, up to 4 times.

    Args:
        images: float NumPy array in [-1, 1], with 1 to 4 channels.

    Returns:
        uint8 array (height, width, channels) of 1, 3 or 4 channels.

    Raises:
        ValueError: for what is no batch of images, such as vectors.

    Example:

    >>> import numpy as np
    >>> image_grid(np.zeros((6, 32, 32, 3))).shape  # 2 rows of 3, twice as large
    (134, 200, 3)
    """
    pictures = as_pictures(images)
    scale = max(1, 64 // max(*pictures.shape[1:3], 16))
    gap = max(2, scale)
    pictures = pictures.repeat(scale, axis=1).repeat(scale, axis=2)
    count, height, width, channels = pictures.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    shape = (rows * (height + gap) + gap, columns * (width + gap) + gap, channels)
    grid = np.full(shape, BETWEEN, np.uint8)
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        top, left = gap + row * (height + gap), gap + column * (width + gap)
        grid[top : top + height, left : left + width] = picture
    return grid


def picture_of(picture: np.ndarray) -> Image.Image:
    """A picture (height, width, 1, 3 or 4 channels) of uint8 as a `PIL.Image.Image`.

    A notebook shows it.

    >>> import numpy as np
    >>> picture_of(np.zeros((4, 6, 1), np.uint8)).size
    (6, 4)
    """
    squeezed = picture[..., 0] if picture.shape[-1] == 1 else picture
    return Image.fromarray(squeezed)


def png_bytes(images: ArrayLike) -> bytes:
    """PNG file, as bytes, of one image or of several side by side.

    Args:
        images: float NumPy array in [-1, 1], (height, width, channels) or (n, height,
            width, channels), with 1 to 4 channels; several become an `image_grid`.

    Raises:
        ValueError: for what is no image, such as vectors.

    >>> import numpy as np
    >>> png_bytes(np.zeros((8, 8, 3)))[:4]
    b'\\x89PNG'
    """
    images = np.asarray(images)
    one = images.ndim == 3
    picture = as_pictures(images[None])[0] if one else image_grid(images)
    file = io.BytesIO()
    picture_of(picture).save(file, format="PNG")
    return file.getvalue()


def write_png(path: str | os.PathLike, picture: np.ndarray) -> None:
    """Write a uint8 picture (height, width, 1, 3 or 4 channels), whole or not at all.

    Raises:
        OSError: if it cannot be written; what was at `path` stays then.
    """
    with files.new_file(path) as file:
        picture_of(picture).save(file, format="PNG")
