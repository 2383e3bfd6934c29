"""Frozen graphs of TensorFlow 1, read from a file and computed in graphs of today."""

import os
from collections.abc import Callable, Sequence

import keras
import tensorflow as tf
from google.protobuf.message import DecodeError

from keras_gan.core.typing import BatchShape, Tensor

# What networks of images are made of. No other is run: a file could hold operations
# that read and write files.
OPERATIONS = (
    *("Add", "AddV2", "AvgPool", "BatchNormWithGlobalNormalization", "BiasAdd", "Cast"),
    *(
        "CheckNumerics",
        "Concat",
        "ConcatV2",
        "Const",
        "Conv2D",
        "DepthwiseConv2dNative",
    ),
    *("FusedBatchNorm", "FusedBatchNormV3", "Identity", "LRN", "MatMul", "MaxPool"),
    *("Mean", "Mul", "Pad", "Relu", "Relu6", "Reshape", "ResizeBilinear", "Rsqrt"),
    *("Softmax", "Squeeze", "Sub"),
)


def read(path: str | os.PathLike) -> tf.compat.v1.GraphDef:
    """The graph of a file.

    Raises:
        ValueError: for a file that is none.
    """
    graph = tf.compat.v1.GraphDef()
    try:
        with open(path, "rb") as file:
            graph.ParseFromString(file.read())
    except DecodeError as error:
        raise ValueError(
            f"{os.fspath(path)} is no frozen graph of TensorFlow (.pb): {error}. "
            "Unpack an archive first. PyTorch's files hold code, and none is read."
        ) from error
    return graph


class FrozenGraph(keras.layers.Layer):
    """Layer of a frozen graph: from the images at one of its tensors to another one.

    Batch normalization of 2015, which no function of today may contain, is computed by
    its definition; shapes that were frozen with a batch of one are left out.

    Args:
        graph: `tf.compat.v1.GraphDef`.
        source: str, the name of the tensor that the images are put in the place of.
        targets: names of the nodes that are computed.
        then: function of their tensors, to the output (n, dim).
        side: int, of images that the graph takes, to find out `dim`.

    Raises:
        ValueError: for a graph without these, or with an operation that is not one of
            `OPERATIONS`.
    """

    def __init__(
        self,
        graph: tf.compat.v1.GraphDef,
        source: str,
        targets: Sequence[str],
        then: Callable[..., Tensor],
        side: int,
    ) -> None:
        super().__init__(name="frozen_graph", dtype="float32")
        part = _part(graph, source, targets)

        def function(images):
            found = tf.graph_util.import_graph_def(
                part,
                input_map={source: images},
                return_elements=[f"{name}:0" for name in targets],
                name="",
            )
            return then(*found)

        shape = tf.TensorSpec((None, None, None, 3), tf.float32)
        self._function = tf.compat.v1.wrap_function(function, [shape])
        self.dim = self._function(tf.zeros((1, side, side, 3))).shape[1]

    def call(self, images: Tensor) -> Tensor:
        return tf.ensure_shape(self._function(images), (None, self.dim))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return (input_shape[0], self.dim)


def _part(graph, source, targets):
    """The nodes between source and targets, as a graph of today's operations."""
    nodes = {node.name: node for node in graph.node}
    start = source.split(":")[0]
    absent = sorted({start, *targets} - set(nodes))
    if absent:
        raise ValueError(
            f"The graph has no node {absent[0]!r}. It has {len(nodes)} others, the "
            f"last of them {list(nodes)[-3:]}: it is another network."
        )
    needed, left = {}, list(targets)
    while left:
        name = left.pop()
        if name in needed or name == start:
            continue
        needed[name] = nodes[name]
        left += [_node(entry) for entry in nodes[name].input]
    unknown = sorted({node.op for node in needed.values()} - set(OPERATIONS))
    if unknown:
        raise ValueError(
            f"The graph holds the operation {unknown[0]!r}, which a network of images "
            "does not need, and which is not run. Take the file from its publisher."
        )
    part = tf.compat.v1.GraphDef()
    part.versions.producer = tf.compat.v1.Graph().as_graph_def().versions.producer
    for node in graph.node:  # in the file's order
        if node.name not in needed:
            continue
        if node.op == "BatchNormWithGlobalNormalization":
            part.node.extend(_normalization(node))
            continue
        kept = part.node.add()
        kept.CopyFrom(node)
        kept.device = ""
        kept.attr.pop("_output_shapes", None)
    return part


def _node(entry):
    """The name of the node of an input: "name:1" or "^name" (after it) are name's."""
    return entry.removeprefix("^").split(":")[0]


def _normalization(node):
    """gamma (t - mean) / sqrt(variance + epsilon) + beta, under the node's name."""
    tensor, mean, variance, beta, gamma = node.input
    own = node.name
    epsilon = tf.make_tensor_proto(node.attr["variance_epsilon"].f, tf.float32)
    yield _new("Const", f"{own}/epsilon", dtype=tf.float32, value=epsilon)
    yield _new("AddV2", f"{own}/moved", variance, f"{own}/epsilon")
    yield _new("Rsqrt", f"{own}/inverse", f"{own}/moved")
    factor = f"{own}/inverse"
    if node.attr["scale_after_normalization"].b:
        factor = f"{own}/factor"
        yield _new("Mul", factor, f"{own}/inverse", gamma)
    yield _new("Sub", f"{own}/centered", tensor, mean)
    yield _new("Mul", f"{own}/scaled", f"{own}/centered", factor)
    yield _new("AddV2", own, f"{own}/scaled", beta)


def _new(operation, name, *inputs, dtype=None, value=None):
    node = tf.compat.v1.NodeDef(op=operation, name=name, input=inputs)
    key = "T" if dtype is None else "dtype"
    node.attr[key].type = tf.float32.as_datatype_enum
    if value is not None:
        node.attr["value"].tensor.CopyFrom(value)
    return node
