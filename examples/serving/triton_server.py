"""Triton server of an exported ONNX file: `pip install nvidia-pytriton onnxruntime`.

python triton_server.py digits.onnx digits
"""

import sys

import numpy as np
import onnxruntime
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

ADDRESS = "127.0.0.1"  # Triton's own default is all interfaces
TYPES = {"tensor(float)": np.float32, "tensor(int32)": np.int32}


def specification(value):
    """Triton's tensor of one row; it knows no scalars, so a label is of shape (1,)."""
    return Tensor(
        name=value.name, dtype=TYPES[value.type], shape=tuple(value.shape[1:]) or (1,)
    )


def serve(path, name, http_port=8000, grpc_port=8001):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (output,) = session.get_outputs()
    ranks = {value.name: len(value.shape) for value in session.get_inputs()}

    @batch
    def infer(**inputs):
        given = {k: x if x.ndim == ranks[k] else x[:, 0] for k, x in inputs.items()}
        return {output.name: session.run(None, given)[0]}

    addresses = TritonConfig(
        http_address=ADDRESS,
        http_port=http_port,
        grpc_address=ADDRESS,
        grpc_port=grpc_port,
        allow_metrics=False,  # a third port
    )
    with Triton(config=addresses) as triton:
        triton.bind(
            model_name=name,
            infer_func=infer,
            inputs=[specification(value) for value in session.get_inputs()],
            outputs=[specification(output)],
            config=ModelConfig(
                max_batch_size=32,
                batcher=DynamicBatcher(max_queue_delay_microseconds=2000),
            ),
        )
        triton.serve()


if __name__ == "__main__":
    serve(*sys.argv[1:3], *map(int, sys.argv[3:]))
