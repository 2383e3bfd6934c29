"""A stand-in for the Inception graph of 2015, which is not to be had here.

It has its tensors as FID's authors (`ExpandDims:0`, `pool_3:0`), Inception's
(`softmax/logits/MatMul`) and others (`ResizeBilinear:0`) name them, its scaling, its
normalization, which no graph of today may hold, and shapes that were frozen with a
batch of one.
"""

import numpy as np
import tensorflow as tf

EPSILON = 1e-3
RNG = np.random.default_rng(0)
KERNEL = RNG.normal(size=(9, 9, 3, 5)).astype("float32") / 9
MEAN, BETA, GAMMA = RNG.normal(size=(3, 5)).astype("float32")
VARIANCE = RNG.uniform(0.5, 2, 5).astype("float32")
WEIGHTS = RNG.normal(size=(10, 7)).astype("float32")


def node(graph, operation, name, *inputs, **attributes):
    made = graph.node.add(op=operation, name=name, input=inputs)
    for key, value in attributes.items():
        made.attr[key].CopyFrom(value)
    return made


def of_type(value):
    return tf.compat.v1.AttrValue(type=value.as_datatype_enum)


def ints(*values):
    return tf.compat.v1.AttrValue(list=tf.compat.v1.AttrValue.ListValue(i=values))


def text(value):
    return tf.compat.v1.AttrValue(s=value)


def constant(graph, name, value):
    array = np.asarray(value)
    made = node(graph, "Const", name, dtype=of_type(tf.as_dtype(array.dtype)))
    made.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(array))


def stand_in():
    """A graph of 2015: 299 x 299, one convolution, normalization, pooling, classes."""
    graph = tf.compat.v1.GraphDef()
    graph.versions.producer = 8  # before batch normalization was removed from graphs
    real, whole = {"T": of_type(tf.float32)}, of_type(tf.int32)
    constant(graph, "DecodeJpeg/contents", b"jpeg")
    node(graph, "DecodeJpeg", "DecodeJpeg", "DecodeJpeg/contents")
    node(
        graph,
        *("Cast", "Cast", "DecodeJpeg"),
        SrcT=of_type(tf.uint8),
        DstT=of_type(tf.float32),
    )
    constant(graph, "ExpandDims/dim", np.int32(0))
    node(graph, "ExpandDims", "ExpandDims", "Cast", "ExpandDims/dim", **real)
    constant(graph, "ResizeBilinear/size", np.array([299, 299], np.int32))
    inputs = "ExpandDims", "ResizeBilinear/size"
    resized = node(graph, "ResizeBilinear", "ResizeBilinear", *inputs, **real)
    frozen = tf.TensorShape((1, 299, 299, 3)).as_proto()
    shapes = tf.compat.v1.AttrValue.ListValue(shape=[frozen])
    resized.attr["_output_shapes"].list.CopyFrom(shapes)
    constant(graph, "Sub/y", np.float32(128))
    node(graph, "Sub", "Sub", "ResizeBilinear", "Sub/y", **real)
    constant(graph, "Mul/y", np.float32(0.0078125))
    node(graph, "Mul", "Mul", "Sub", "Mul/y", **real)
    constant(graph, "conv/conv2d_params", KERNEL)
    node(
        graph,
        *("Conv2D", "conv/Conv2D", "Mul", "conv/conv2d_params"),
        **real,
        strides=ints(1, 29, 29, 1),
        padding=text(b"VALID"),
    )
    own = "conv/batchnorm"
    parts = {
        "moving_mean": MEAN,
        "moving_variance": VARIANCE,
        "beta": BETA,
        "gamma": GAMMA,
    }
    for name, array in parts.items():
        constant(graph, f"{own}/{name}", array)
    node(
        graph,
        *("BatchNormWithGlobalNormalization", own, "conv/Conv2D"),
        *(f"{own}/{name}" for name in parts),
        **real,
        variance_epsilon=tf.compat.v1.AttrValue(f=EPSILON),
        scale_after_normalization=tf.compat.v1.AttrValue(b=True),
    )
    node(graph, "CheckNumerics", "conv/CheckNumerics", own, **real).attr[
        "message"
    ].s = b"it is NaN"
    node(graph, "Identity", "conv/control", "conv/CheckNumerics", "^conv/CheckNumerics")
    graph.node[-1].attr["T"].type = tf.float32.as_datatype_enum
    node(graph, "Relu", "conv", "conv/control", **real)
    constant(graph, "mixed/join/concat_dim", np.int32(3))
    inputs = "mixed/join/concat_dim", "conv", "conv"
    two = tf.compat.v1.AttrValue(i=2)
    node(graph, "Concat", "mixed/join", *inputs, N=two, **real)
    node(
        graph,
        *("AvgPool", "pool_3", "mixed/join"),
        **real,
        ksize=ints(1, 11, 11, 1),
        strides=ints(1, 1, 1, 1),
        padding=text(b"VALID"),
    )
    constant(graph, "pool_3/_reshape/shape", np.array([1, 10], np.int32))
    node(
        graph,
        *("Reshape", "pool_3/_reshape", "pool_3", "pool_3/_reshape/shape"),
        **real,
        Tshape=whole,
    )
    constant(graph, "softmax/weights", WEIGHTS)
    node(
        graph,
        *("MatMul", "softmax/logits/MatMul", "pool_3/_reshape", "softmax/weights"),
        **real,
    )
    return graph
