"""Client of TF Serving by gRPC: `pip install tensorflow-serving-api`.

python grpc_client.py 127.0.0.1:8500 digits --labels 7 7 --seeds 0 1
"""

import argparse

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

SECONDS = 60


def predict(channel, model, signature, **inputs):
    """NumPy arrays by the names of a signature's outputs.

    Args:
        channel: `grpc.Channel`.
        model, signature: str.
        **inputs: NumPy arrays of the types that the signature takes.
    """
    request = predict_pb2.PredictRequest()
    request.model_spec.name = model
    request.model_spec.signature_name = signature
    for name, values in inputs.items():
        request.inputs[name].CopyFrom(tf.make_tensor_proto(values))
    stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    outputs = stub.Predict(request, SECONDS).outputs
    return {name: tf.make_ndarray(values) for name, values in outputs.items()}


def versions(channel, model):
    """Version -> state ("AVAILABLE", "LOADING", ...) of a model."""
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = model
    stub = model_service_pb2_grpc.ModelServiceStub(channel)
    found = stub.GetModelStatus(request, SECONDS).model_version_status
    states = get_model_status_pb2.ModelVersionStatus.State
    return {status.version: states.Name(status.state) for status in found}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("model")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--labels", type=int, nargs="+", help="where it has classes")
    arguments = parser.parse_args()
    given = {"seeds": np.array(arguments.seeds, np.int32)}
    if arguments.labels:
        given["labels"] = np.array(arguments.labels, np.int32)
    with grpc.insecure_channel(arguments.address) as line:
        print(versions(line, arguments.model))
        files = predict(line, arguments.model, "png", **given)["image_bytes"]
    for number, file in enumerate(files):
        with open(f"{number}.png", "wb") as picture:
            picture.write(file)
