"""The Inception graph of 2015, by which FID, KID and IS are defined: a user's file."""

import os

import keras
import tensorflow as tf

from keras_gan.core.typing import Tensor
from keras_gan.metrics.features import frozen_graph, user_file
from keras_gan.metrics.features.network import Network
from keras_gan.metrics.features.recipes import named_in_configs

OUTPUTS = ("features", "probabilities")
RESIZERS = ("bicubic", "by the graph")
LOGITS = "softmax/logits/MatMul"


@named_in_configs
def inception_2015(
    path: str | os.PathLike,
    output: str = "features",
    resizer: str = "bicubic",
    sha256: str | None = None,
) -> Network:
    """Inception 2015 features: 2048 of the graph by which FID, KID and IS are defined.

    The file is classify_image_graph_def.pb of inception-2015-12-05.tgz
    (download.tensorflow.org/models/image/imagenet/), which no package holds and this
    one does not download. Its graph is computed as it is, from bytes at 299 x 299.

    The Frechet distance of its features is FID (Heusel et al., 2017) where 50 000
    samples are compared with the whole training set; FIDs compare only where these
    numbers, the reference and the resizer are the same. A score prints all but the
    reference, `keras-gan evaluate` that too.

    Args:
        path: of the file.
        output: "features", or "probabilities" of its 1008 classes by the weights of its
            last layer without their bias, as the Inception score takes them.
        resizer: "bicubic", antialiased to 299 x 299 by Pillow's (Parmar et al., 2022);
            or "by the graph", whose own bilinear resizing of 2015 does not smooth where
            it shrinks: what papers before 2021 did.
        sha256: str, the beginning of the hash that the file must have, or None; it is
            in the description in any case.

    Returns:
        `Network`, on images of any size; at most 32 pass through it at a time.

    Raises:
        ValueError: for another `output` or `resizer`, a file that is not there, of
            another hash, or of another network.
    """
    if output not in OUTPUTS:
        raise ValueError(f"output is one of {OUTPUTS}. Received: {output!r}.")
    if resizer not in RESIZERS:
        raise ValueError(f"resizer is one of {RESIZERS}. Received: {resizer!r}.")
    what = "the Inception graph of 2015 (classify_image_graph_def.pb)"
    digest = user_file.checked(path, what, sha256)
    graph = frozen_graph.read(os.path.expanduser(path))
    side = 299 if resizer == "bicubic" else None
    inputs = keras.Input((side, side, 3), name="images")
    # At 299 x 299 the graph's own resizing leaves everything as it is
    source = "ResizeBilinear:0" if side else "ExpandDims:0"
    targets, then = ["pool_3"], _features
    if output == "probabilities":
        targets, then = ["pool_3", _weights_of(graph)], _probabilities
    layer = frozen_graph.FrozenGraph(graph, source, targets, then, side=299)
    network = Network(
        keras.Model(inputs, layer(inputs)),
        pixel_range=(0, 255),
        name=f"Inception 2015, {output}{'' if side else ', resized by the graph'}",
        sha256=sha256,
        resizer="bicubic" if side else "bilinear",
        batch_size=32,
    )
    network.file_sha256 = digest
    return network


def _weights_of(graph):
    """The node that holds the weights of the last layer."""
    for node in graph.node:
        if node.name == LOGITS:
            return node.input[1].split(":")[0]
    raise ValueError(f"The graph has no node {LOGITS!r}: it is another network.")


def _features(pooled: Tensor) -> Tensor:
    return pooled[:, 0, 0]  # of (n, 1, 1, 2048)


def _probabilities(pooled: Tensor, weights: Tensor) -> Tensor:
    return tf.nn.softmax(tf.matmul(_features(pooled), weights))
