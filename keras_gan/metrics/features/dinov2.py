"""DINOv2's vision transformers, by which FD-DINOv2 is defined: a user's file."""

import math
import os
import re

import keras
import numpy as np
from keras import ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.typing import BatchShape, Tensor
from keras_gan.metrics.features import safetensors, user_file
from keras_gan.metrics.features.network import Network
from keras_gan.metrics.features.recipes import named_in_configs
from keras_gan.metrics.features.resizing import keys_cubic

# sha256 of model.safetensors of facebook/dinov2-* on the Hugging Face hub
KNOWN = {
    "399fba97a95f22c36834418bc69373364a99af3a1153da1c0fb31db567c92e23": "dinov2-large",
    "d73036b56966966d07975d696bde331762f37297e2f095de8cea0040c3aa0841": "dinov2-base",
    "ae1e99fcefd534ed978cdeb8326f08030c96e28b7a81ffcbc98a857c84d14be1": "dinov2-small",
}
SIZES = {384: "S", 768: "B", 1024: "L"}
HEAD = 64  # numbers of an attention head, in all of them
# Of ImageNet's pixels in [0, 1]
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
OFFSET = 0.1  # which the authors add to the sides of the grid of positions


class Tokens(keras.layers.Layer):
    """Tokens of a vision transformer: one of the class before the patches', and places.

    Args:
        count: int, the number of patches.
        width: int, the numbers of a token.
    """

    def __init__(self, count: int, width: int) -> None:
        super().__init__(name="tokens", dtype="float32")
        self.first = self.add_weight((1, 1, width), "zeros", name="class_token")
        self.places = self.add_weight((1, count + 1, width), "zeros", name="positions")

    def call(self, patches: Tensor) -> Tensor:
        first = ops.broadcast_to(
            self.first, (ops.shape(patches)[0], 1, patches.shape[-1])
        )
        return ops.concatenate([first, patches], axis=1) + self.places

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return (input_shape[0], input_shape[1] + 1, input_shape[2])


def layout(size: int, patch: int, width: int, depth: int, heads: int) -> keras.Model:
    """The transformer, with its first weights, from images to the class token.

    Pre-normalized blocks x + attention(norm(x)), x + mlp(norm(x)) with exact GELU
    (Oquab et al., 2023); the scales of the blocks are in their last weights.

    Args:
        size, patch: ints, the sides of images and of patches.
        width, depth, heads: ints.

    Returns:
        `keras.Model` from (size, size, 3) in [0, 1] to (width,).
    """
    options = {"dtype": "float32"}
    inputs = keras.Input((size, size, 3), name="images")
    scale = [1 / deviation for deviation in DEVIATION]
    offset = [-mean / d for mean, d in zip(MEAN, DEVIATION, strict=True)]
    x = keras.layers.Rescaling(scale, offset, **options)(inputs)
    x = keras.layers.Conv2D(width, patch, patch, name="patches", **options)(x)
    count = x.shape[1] * x.shape[2]
    x = keras.layers.Reshape((count, width), **options)(x)
    x = Tokens(count, width)(x)
    for index in range(depth):
        name = f"block{index}"
        y = _norm(f"{name}_norm1")(x)
        attention = keras.layers.MultiHeadAttention(
            heads, width // heads, name=f"{name}_attention", **options
        )
        x = keras.layers.Add(**options)([x, attention(y, y)])
        y = _norm(f"{name}_norm2")(x)
        y = keras.layers.Dense(4 * width, name=f"{name}_mlp1", **options)(y)
        y = ops.gelu(y, approximate=False)
        y = keras.layers.Dense(width, name=f"{name}_mlp2", **options)(y)
        x = keras.layers.Add(**options)([x, y])
    x = _norm("norm")(x)
    return keras.Model(inputs, x[:, 0], name="dinov2")


def _norm(name):
    return keras.layers.LayerNormalization(epsilon=1e-6, name=name, dtype="float32")


def resized_positions(positions: np.ndarray, side: int) -> np.ndarray:
    """Positions of a grid of other size, as the authors resize them.

    Cubic convolution with a = -3/4 at the edges' values, not smoothed, in steps of
    old / (new + 0.1) from the corner: PyTorch's `interpolate(scale_factor=...)`.

    Args:
        positions: float array (old * old, width).
        side: int, of the new grid.

    Returns:
        float32 array (side * side, width).
    """
    old = math.isqrt(len(positions))
    if old == side:
        return positions
    centers = (np.arange(side) + 0.5) * old / (side + OFFSET) - 0.5
    matrix = np.zeros((side, old))
    for shift in (-1, 0, 1, 2):
        index = np.floor(centers).astype(int) + shift
        weights = keys_cubic(np.abs(centers - index), a=-0.75)
        np.add.at(matrix, (np.arange(side), index.clip(0, old - 1)), weights)
    grid = positions.astype(np.float64).reshape(old, old, -1)
    resized = np.einsum("oh,hwc,pw->opc", matrix, grid, matrix)
    return resized.reshape(side * side, -1).astype(np.float32)


@named_in_configs
def dinov2(
    path: str | os.PathLike,
    size: int = 224,
    resizer: str = "bicubic of bytes",
    sha256: str | None = None,
) -> Network:
    """DINOv2 features: the class token of a vision transformer trained without labels.

    The Frechet distance of ViT-L/14's 1024 features is FD-DINOv2 (Stein et al., 2023),
    of 50 000 samples and the whole training set. The file is model.safetensors of
    facebook/dinov2-large on the Hugging Face hub (Apache-2.0, 1.2 GB; dinov2-base and
    dinov2-small are smaller ones), which no package holds and this one does not
    download. The network is held to an independent one with random weights; with the
    published weights it was never run by its author, who had not got them.

    Args:
        path: of the file.
        size: int, the side that images are resized to, a multiple of the patches' 14.
        resizer: see `resizing.resize`: "bicubic of bytes" is that of FD-DINOv2's
            authors, "bicubic" the clean one that they offer.
        sha256: str, the beginning of the hash that the file must have; None: one of
            the three above.

    Returns:
        `Network`, on images of any size; at most 16 pass through it at a time.

    Raises:
        ValueError: for a `size` of no whole patches, a file that is not there, of
            another hash, or of another network.
    """
    check_integer(size, "size", 1)
    what = "DINOv2's weights (model.safetensors of facebook/dinov2-large)"
    digest = user_file.checked(path, what, sha256, KNOWN)
    arrays = safetensors.load(os.path.expanduser(path))
    model = _loaded(arrays, size)
    width = model.output_shape[1]
    network = Network(
        model,
        pixel_range=(0, 1),
        name=f"DINOv2 ViT-{SIZES.get(width, width)}/{_patch(arrays)}",
        sha256=sha256,
        resizer=resizer,
        batch_size=16,
    )
    network.file_sha256 = digest
    return network


def _patch(arrays):
    return arrays["embeddings.patch_embeddings.projection.weight"].shape[-1]


def _loaded(arrays, size):
    """The network of the arrays of a file."""
    blocks = {re.match(r"encoder\.layer\.(\d+)\.", name) for name in arrays}
    depth = len({match[1] for match in blocks if match})
    try:
        positions = arrays["embeddings.position_embeddings"][0]
        patch, width = _patch(arrays), positions.shape[1]
        if size % patch:
            near = max(size // patch, 1) * patch
            raise ValueError(
                f"size is a multiple of the patches' side, {patch}, such as {near} or "
                f"{near + patch}. Received: {size}."
            )
        model = layout(size, patch, width, depth, max(1, width // HEAD))
        for name, weights in _weights(arrays, positions, size // patch, depth):
            model.get_layer(name).set_weights(
                [np.asarray(array, np.float32) for array in weights]
            )
    except KeyError as error:
        raise ValueError(
            f"The file holds no array {error}: it is no DINOv2 of the sizes S, B and L "
            "without registers, as the Hugging Face hub has them."
        ) from error
    return model


def _weights(arrays, positions, side, depth):
    """The names of layers, and their weights as Keras has them."""

    def dense(name, scale=1.0):
        return [arrays[f"{name}.weight"].T * scale, arrays[f"{name}.bias"] * scale]

    def norm(name):
        return [arrays[f"{name}.weight"], arrays[f"{name}.bias"]]

    width = positions.shape[1]
    heads = max(1, width // HEAD)
    kernel = arrays["embeddings.patch_embeddings.projection.weight"]
    bias = arrays["embeddings.patch_embeddings.projection.bias"]
    yield "patches", [kernel.transpose(2, 3, 1, 0), bias]
    places = np.concatenate([positions[:1], resized_positions(positions[1:], side)])
    yield "tokens", [arrays["embeddings.cls_token"], places[np.newaxis]]
    for index in range(depth):
        own, theirs = f"block{index}", f"encoder.layer.{index}"
        yield f"{own}_norm1", norm(f"{theirs}.norm1")
        parts = []
        for part in ("query", "key", "value"):
            weight, bias = dense(f"{theirs}.attention.attention.{part}")
            parts += [weight.reshape(width, heads, -1), bias.reshape(heads, -1)]
        scale = arrays[f"{theirs}.layer_scale1.lambda1"]
        weight, bias = dense(f"{theirs}.attention.output.dense", scale)
        yield f"{own}_attention", [*parts, weight.reshape(heads, -1, width), bias]
        yield f"{own}_norm2", norm(f"{theirs}.norm2")
        yield f"{own}_mlp1", dense(f"{theirs}.mlp.fc1")
        scale = arrays[f"{theirs}.layer_scale2.lambda1"]
        yield f"{own}_mlp2", dense(f"{theirs}.mlp.fc2", scale)
    yield "norm", norm("layernorm")
