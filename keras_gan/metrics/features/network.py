"""The output of a network as features."""

import hashlib
import math
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.metrics.features.absent import made_or_absent
from keras_gan.metrics.features.extractor import Extractor, flat
from keras_gan.metrics.features.parts import in_parts
from keras_gan.metrics.features.resizing import RESIZERS, resize
from keras_gan.pixels import to_uint8


@register
class Network(Extractor):
    """Network features: the output of any Keras model, its preprocessing declared.

    Images in [-1, 1] are rounded to bytes, resized to the model's input (smoothed where
    it shrinks), repeated over its channels if they have one, and brought into
    `pixel_range`. The model runs in inference mode.

    A config holds the architecture and the hash of the weights, not the weights: an
    extractor that is revived from one says so until they are loaded into its `model`.

    Args:
        model: built `keras.Model` of one input. Cut it where the features are:
            `keras.Model(model.inputs, model.layers[-2].output)`.
        pixel_range: (low, high) of the pixels that the model was trained on, such as
            (0, 1), (-1, 1) or (0, 255); None: samples are no images and pass as they
            are.
        name: str, what the protocol calls it; None is the model's name.
        sha256: str, the beginning of the hash that the weights must have, or None.
        resizer: "bilinear", "bicubic" or "bicubic of bytes", see `resizing.resize`.
        batch_size: int, the most samples that pass through the model at a time, so
            that large batches fit in memory; None: all of a batch.

    Raises:
        ValueError: for a model that is not built, a range that is none, an unknown
            resizer, or weights of another hash.

    Example:

    >>> model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])
    >>> features = Network(model, pixel_range=(0, 255), name="bytes")
    >>> features.of(np.ones((3, 16, 16, 1)))[0, :2].round(3)
    array([255., 255.], dtype=float32)
    >>> features.description
    'bytes (sha256 e3b0c44298fc), bytes of 8x8x1 in [0, 255]'
    """

    # What a config has in place of these arguments, see `recipes`.
    config_entries = ("made_by", "arguments")

    def __init__(
        self,
        model: keras.Model,
        pixel_range: Sequence[float] | None,
        name: str | None = None,
        sha256: str | None = None,
        resizer: str = "bilinear",
        batch_size: int | None = None,
    ):
        if not isinstance(model, keras.Model) or not model.built:
            raise ValueError(f"model is a built keras.Model. Received: {model!r}.")
        if len(model.inputs) != 1 or len(model.outputs) != 1:
            raise ValueError(
                "model has one input and one output. Received: "
                f"{len(model.inputs)} and {len(model.outputs)}."
            )
        if pixel_range is not None and not (
            len(pixel_range) == 2 and pixel_range[0] < pixel_range[1]
        ):
            raise ValueError(
                "pixel_range is (low, high) with low < high, such as (0, 1), or None "
                f"for samples that are no images. Received: {pixel_range!r}."
            )
        if resizer not in RESIZERS:
            raise ValueError(f"resizer is one of {RESIZERS}. Received: {resizer!r}.")
        self.model = model
        self.pixel_range = None if pixel_range is None else tuple(pixel_range)
        self.name = model.name if name is None else name
        self.sha256 = sha256
        self.resizer = resizer
        self.most = batch_size
        if batch_size is not None:
            self.batch_size = check_integer(batch_size, "batch_size", 1)
        self.made_by = None  # see `recipes`
        self.file_sha256 = None  # of the user's file that the weights are from

    def __call__(self, samples: Tensor) -> Tensor:
        self._check_weights()
        if self.pixel_range is not None:
            self._check_images(samples)
        if self.most is None:
            return self._features(samples)
        return in_parts(self._features, samples, self.most, self.dim(samples.shape[1:]))

    def dim(self, sample_shape: Sequence[int]) -> int:
        self._check_weights()
        return math.prod(self.model.output_shape[1:])

    @property
    def description(self) -> str:
        shape = self.model.input_shape[1:]
        size = "x".join("?" if side is None else str(side) for side in shape)
        text = f"{self.name} (sha256 {self._hash()[:12]})"
        if self.pixel_range is None:
            return f"{text}, samples of {size}"
        low, high = self.pixel_range
        text = f"{text}, bytes of {size} in [{low:g}, {high:g}]"
        return text if self.resizer == "bilinear" else f"{text}, by {self.resizer}"

    def get_config(self) -> Config:
        if self.made_by is not None:
            return {**self.made_by, "sha256": self.sha256 or self._hash()}
        return {
            "model": keras.saving.serialize_keras_object(self.model),
            "pixel_range": self.pixel_range,
            "name": self.name,
            "sha256": self.sha256 or self._hash(),
            "resizer": self.resizer,
            "batch_size": self.most,
        }

    @classmethod
    def from_config(cls, config: Config) -> Extractor:
        if "made_by" in config:
            return made_or_absent(config)
        model = keras.saving.deserialize_keras_object(config["model"])
        return cls(**{**config, "model": model})

    def _hash(self):
        return self.file_sha256 or hash_of(self.model)

    def _check_weights(self):
        if self.sha256 is None:
            return
        found = self._hash()
        if not found.startswith(self.sha256):
            raise ValueError(
                f"The weights of {self.name} have the sha256 {found[:12]}..., expected "
                f"{self.sha256[:12]}... A config holds no weights: load them by "
                "extractor.model.load_weights(path), or compile with new metrics."
            )

    def _check_images(self, images):
        if images.shape.rank != 4:
            raise ValueError(
                f"{self.name} takes images (n, height, width, channels). Received: "
                f"{images.shape}. Pass pixel_range=None for samples that are none."
            )
        channels = self.model.input_shape[-1]
        if channels not in (None, images.shape[-1]) and images.shape[-1] != 1:
            raise ValueError(
                f"{self.name} takes {channels} channels. Received images of "
                f"{images.shape[-1]}: bring them to {channels} or to 1."
            )

    def _features(self, samples):
        if self.pixel_range is not None:
            samples = self._preprocessed(samples)
        features = self.model(samples, training=False)
        return flat(tf.cast(features, tf.float32))

    def _preprocessed(self, images):
        _, height, width, channels = self.model.input_shape
        pixels = tf.cast(to_uint8(images), tf.float32)
        if None not in (height, width):
            pixels = resize(pixels, height, width, self.resizer)
        if channels not in (None, images.shape[-1]):
            pixels = tf.repeat(pixels, channels, axis=-1)
        low, high = self.pixel_range
        return low + (high - low) / 255 * pixels


def hash_of(model: keras.Model) -> str:
    """The sha256 of a model's weights, in their order: types, shapes and numbers."""
    digest = hashlib.sha256()
    with tf.init_scope():  # also while a graph is traced
        for weight in model.weights:
            array = np.ascontiguousarray(ops.convert_to_numpy(weight))
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(array.tobytes())
    return digest.hexdigest()
