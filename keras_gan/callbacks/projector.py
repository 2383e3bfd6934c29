"""TensorBoard's projector: features as points in space, with pictures and metadata."""

import math
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from keras_gan.core import files
from keras_gan.pixels import as_pictures

CONFIG = "projector_config.pbtxt"  # where TensorBoard looks for it
LARGEST_SPRITE = 8192  # pixels a side, that browsers show


def write_projector(
    folder: str | os.PathLike,
    features: Mapping[str, ArrayLike],
    images: ArrayLike | None = None,
    metadata: Mapping[str, Sequence[Any]] | None = None,
) -> None:
    """Write features of samples for the page "Projector" of TensorBoard.

    Each row is a point, which PCA, t-SNE or UMAP lays out there; with `images` it is
    drawn as its picture, and by `metadata` it is coloured and searched for. What an
    earlier call has written is replaced; a TensorBoard that has shown it is to be
    started anew.

    Args:
        folder: one in which TensorBoard finds a run's curves, such as "train" in the
            `log_dir` of `callbacks.TensorBoard`, or the folder it is started in.
        features: name -> float array (n, d), d >= 3, of the same n samples each.
        images: None, or float array (n, height, width, 1 to 4 channels) in [-1, 1].
        metadata: None, or name -> n values of each sample, such as its class.

    Raises:
        ValueError: for no features, another number of rows, numbers that are not
            finite, or pictures that no browser could show together.
        OSError: if something cannot be written.

    Example:

    >>> points = np.random.default_rng(0).normal(size=(4, 3))
    >>> write_projector("board", {"noise": points}, metadata={"is": list("abcd")})
    >>> sorted(os.listdir("board"))
    ['projector', 'projector_config.pbtxt']
    """
    from google.protobuf import text_format
    from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

    arrays = {name: _checked(name, array) for name, array in features.items()}
    if not arrays:
        raise ValueError("features names one array at least. Received: {}.")
    rows = len(next(iter(arrays.values())))
    metadata = {name: list(values) for name, values in (metadata or {}).items()}
    counted = {**arrays, **metadata, **({} if images is None else {"images": images})}
    for name, values in counted.items():
        if len(values) != rows:
            raise ValueError(
                f"All are of the same samples. Received: {rows} rows of "
                f"{next(iter(arrays))}, and {len(values)} of {name}."
            )
    sprite, size = (None, None) if images is None else _sprite(images)
    place = os.path.join(os.fspath(folder), "projector")
    os.makedirs(place, exist_ok=True)
    config = ProjectorConfig()
    for index, (name, array) in enumerate(arrays.items()):
        entry = config.embeddings.add(tensor_name=name)
        entry.tensor_shape.extend(array.shape)
        entry.tensor_path = f"projector/features-{index}.tsv"
        _write(folder, entry.tensor_path, _lines(array))
        if metadata:
            entry.metadata_path = "projector/metadata.tsv"
        if images is not None:
            entry.sprite.image_path = "projector/sprite.png"
            entry.sprite.single_image_dim.extend(size)
    if metadata:
        head = [list(metadata)] if len(metadata) > 1 else []  # one column has no head
        table = [*head, *zip(*metadata.values(), strict=True)]
        _write(folder, "projector/metadata.tsv", _lines(table))
    if images is not None:
        with files.new_file(os.path.join(place, "sprite.png")) as file:
            Image.fromarray(sprite).save(file, format="PNG")
    _write(folder, CONFIG, text_format.MessageToString(config))


def _checked(name, array):
    array = np.asarray(array, np.float32)
    if array.ndim != 2 or array.shape[1] < 3 or not len(array):
        raise ValueError(
            f"Features are an array (n, d) of d >= 3 numbers, for a space of three "
            f"dimensions. Received: {name} of shape {array.shape}."
        )
    if not np.isfinite(array).all():
        raise ValueError(f"Features are finite. Received: NaN or Inf in {name}.")
    return array


def _sprite(images):
    """All pictures without gaps in a square, as TensorBoard cuts them out again."""
    pictures = as_pictures(images)
    count, height, width, channels = pictures.shape
    side = math.ceil(math.sqrt(count))
    if side * max(height, width) > LARGEST_SPRITE:
        most = (LARGEST_SPRITE // max(height, width)) ** 2
        raise ValueError(
            f"Browsers show a picture of up to {LARGEST_SPRITE} pixels a side, so "
            f"{most} of {height} x {width}. Received: {count} images. Pass fewer."
        )
    whole = np.zeros((side * side, height, width, channels), np.uint8)
    whole[:count] = pictures
    whole = whole.reshape(side, side, height, width, channels).swapaxes(1, 2)
    whole = whole.reshape(side * height, side * width, channels)
    return (whole[..., 0] if channels == 1 else whole), (width, height)


def _lines(rows):
    return "".join("\t".join(map(_cell, row)) + "\n" for row in rows)


def _cell(value):
    return re.sub(r"\s", " ", str(value))


def _write(folder, path, text):
    with files.new_file(os.path.join(os.fspath(folder), *path.split("/"))) as file:
        file.write(text.encode())
