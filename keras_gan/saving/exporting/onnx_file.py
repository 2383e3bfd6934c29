"""An ONNX file of the generator, for ONNX Runtime, OpenVINO, Triton and browsers."""

from typing import Any

import numpy as np
import tensorflow as tf

from keras_gan.core import files
from keras_gan.saving.exporting import about, agreement, half_precision, plain, quiet

OPSET = 18  # of December 2022: ONNX Runtime from 1.14 on, OpenVINO from 2023.0 on


def write(game: Any, path: str, dtype: str) -> None:
    """Write what `plain.of_game` computes as an ONNX file.

    The batch is dynamic, and called `batch`. What `about.of_game` says is in the
    file's metadata. float16: kernels are stored in two bytes, and computed with as
    float32.

    Args:
        game: a built game.
        path: of a file that does not exist yet.
        dtype: "float32" or "float16".

    Raises:
        RuntimeError: if the file draws other samples.
        OSError: if it cannot be written; nothing stays behind then.
    """
    import onnx
    import onnxruntime
    import tf2onnx

    function, inputs = plain.of_game(game)
    graph = tf.function(function, input_signature=inputs, autograph=False)
    with quiet.logging("tf2onnx"):
        model, _ = tf2onnx.convert.from_function(graph, inputs, opset=OPSET)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    if dtype == "float16":
        _halve(model.graph)
    onnx.helper.set_model_props(model, about.of_game(game))
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise RuntimeError(
            f"ONNX cannot compute {game.sampler.name}: {error}. Nothing is written."
        ) from error
    with files.draft(path) as temporary:
        onnx.save(model, temporary)
        session = onnxruntime.InferenceSession(
            temporary, providers=["CPUExecutionProvider"]
        )
        agreement.check(
            game, lambda given: session.run(None, given)[0], "ONNX file", dtype
        )


def _halve(graph):
    """Store kernels as float16; a Cast makes them float32 when the file is loaded."""
    import onnx

    casts = []
    for tensor in graph.initializer:
        is_float = tensor.data_type == onnx.TensorProto.FLOAT
        if not is_float or len(tensor.dims) < half_precision.FEWEST_SIDES:
            continue
        name, values = tensor.name, onnx.numpy_helper.to_array(tensor)
        stored = onnx.numpy_helper.from_array(
            values.astype(np.float16), f"{name}/float16"
        )
        tensor.CopyFrom(stored)
        cast = onnx.helper.make_node(
            "Cast", [tensor.name], [name], to=onnx.TensorProto.FLOAT
        )
        casts.append(cast)
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
