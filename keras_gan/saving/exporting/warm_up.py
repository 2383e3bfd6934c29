"""Requests by which TF Serving warms up: `assets.extra/tf_serving_warmup_requests`.

A TFRecord of PredictionLogs, of one request for each signature by rows, so that the
first answer to a user is no slower than the others. A server that batches refuses
scalars, such as those of `sample`, and would not load a model that asks it for them.
The messages are those of TF Serving's `prediction_log.proto` and `predict.proto`, as
many of their fields as are set: these few numbers have not changed since 2017, and so
no package of servers is needed here.
"""

import functools
import os
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

NAME = "tf_serving_warmup_requests"
_PACKAGE = "keras_gan.warm_up"  # not TF Serving's, which may be loaded too
_FIELD = descriptor_pb2.FieldDescriptorProto
# Message -> field -> (number, type). A message within one has the bytes of a `bytes`.
_MESSAGES = {
    "ModelSpec": {"signature_name": (3, _FIELD.TYPE_STRING)},
    "Input": {"key": (1, _FIELD.TYPE_STRING), "value": (2, _FIELD.TYPE_BYTES)},
    "PredictRequest": {
        "model_spec": (1, _FIELD.TYPE_BYTES),
        "inputs": (2, _FIELD.TYPE_BYTES),
    },
    "PredictLog": {"request": (1, _FIELD.TYPE_BYTES)},
    "PredictionLog": {"predict_log": (6, _FIELD.TYPE_BYTES)},
}


def requests_of(signatures: dict[str, Any]) -> list[tuple[str, dict[str, tf.Tensor]]]:
    """Pairs (signature, inputs by name), of one row of zeros, of those that take rows.

    Args:
        signatures: name -> `signatures.Signature`.
    """

    def zeros(spec):
        return tf.zeros(
            [1 if side is None else side for side in spec.shape], spec.dtype
        )

    return [
        (name, {spec.name: zeros(spec) for spec in signature.inputs})
        for name, signature in signatures.items()
        if all(spec.shape.rank for spec in signature.inputs)
    ]


def write(folder: str, requests: list[tuple[str, dict[str, tf.Tensor]]]) -> None:
    """Write requests, such as `requests_of` gives, into `assets.extra`."""
    with tf.io.TFRecordWriter(os.path.join(folder, NAME)) as writer:
        for name, inputs in requests:
            writer.write(_prediction_log(name, inputs))


def _prediction_log(signature, inputs):
    specification = _message("ModelSpec", signature_name=signature)
    pairs = [
        _message("Input", key=name, value=_tensor_proto(tensor))
        for name, tensor in inputs.items()
    ]
    request = _message("PredictRequest", model_spec=specification, inputs=pairs)
    log = _message("PredictLog", request=request)
    return _message("PredictionLog", predict_log=log)


def _tensor_proto(tensor):
    return tf.make_tensor_proto(np.asarray(tensor)).SerializeToString()


def _message(name, **fields):
    """The bytes of a message; a list has an entry for each of a repeated field."""
    return _classes()[name](**fields).SerializeToString(deterministic=True)


@functools.cache
def _classes():
    """Name -> class of a message."""
    file = descriptor_pb2.FileDescriptorProto(
        name="keras_gan/warm_up.proto", package=_PACKAGE, syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            label = _FIELD.LABEL_OPTIONAL
            if field == "inputs":
                label = _FIELD.LABEL_REPEATED
            message.field.add(name=field, number=number, type=kind, label=label)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")
        )
        for name in _MESSAGES
    }
