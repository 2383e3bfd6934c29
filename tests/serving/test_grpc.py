"""TF Serving's protocol: PredictionService and ModelService answer for an export.

TF Serving itself cannot be installed here. Its servicers and stubs can: a servicer of
the fewest lines answers with the SavedModel as TF Serving does.
"""

import concurrent.futures
import contextlib
import io

import grpc
import numpy as np
import pytest
import tensorflow as tf
from grpc_client import predict, versions
from PIL import Image
from tensorflow_serving.apis import (
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_log_pb2,
    prediction_service_pb2_grpc,
)

from keras_gan.metrics.features import mnist_classifier
from keras_gan.models import GAN
from keras_gan.pixels import to_uint8

VERSION = 3


class Servicer(
    prediction_service_pb2_grpc.PredictionServiceServicer,
    model_service_pb2_grpc.ModelServiceServicer,
):
    """The answers of one SavedModel, called "digits"."""

    def __init__(self, path):
        self._loaded = tf.saved_model.load(path)

    def Predict(self, request, context):
        asked = request.model_spec
        self._check(asked, context)
        given = {k: tf.make_ndarray(x) for k, x in request.inputs.items()}
        try:
            signature = self._loaded.signatures[asked.signature_name]
            found = signature(**{k: tf.constant(x) for k, x in given.items()})
        except (KeyError, TypeError, tf.errors.InvalidArgumentError) as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        answer = predict_pb2.PredictResponse()
        for name, values in found.items():
            answer.outputs[name].CopyFrom(tf.make_tensor_proto(values.numpy()))
        return answer

    def GetModelStatus(self, request, context):
        self._check(request.model_spec, context)
        available = get_model_status_pb2.ModelVersionStatus.AVAILABLE
        answer = get_model_status_pb2.GetModelStatusResponse()
        answer.model_version_status.add(version=VERSION, state=available)
        return answer

    def _check(self, asked, context):
        if asked.name != "digits":
            context.abort(grpc.StatusCode.NOT_FOUND, f"Servable not found: {asked}")


@pytest.fixture(scope="module")
def gan():
    return GAN.from_preset("conditional_mnist")


@pytest.fixture(scope="module")
def exported(gan, tmp_path_factory):
    path = tmp_path_factory.mktemp("digits") / str(VERSION)
    gan.export(path, warm_up=True)
    return path


@pytest.fixture(scope="module")
def channel(exported):
    with contextlib.ExitStack() as stack:
        threads = stack.enter_context(concurrent.futures.ThreadPoolExecutor(4))
        server, servicer = grpc.server(threads), Servicer(exported)
        prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
            servicer, server
        )
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        stack.callback(lambda: server.stop(None).wait())
        yield stack.enter_context(grpc.insecure_channel(f"127.0.0.1:{port}"))


def int32(*numbers):
    return np.array(numbers, np.int32)


def test_the_bytes_are_those_of_sample(gan, channel):
    seeds, labels = int32(0, 5, 5), int32(7, 7, 2)
    found = predict(channel, "digits", "generate", seeds=seeds, labels=labels)["images"]
    drawn = [
        gan.sample(1, seed=int(seed), condition=int(label))
        for seed, label in zip(seeds, labels, strict=True)
    ]
    assert found.dtype == np.uint8 and found.shape == (3, 28, 28, 1)
    # the products of 1 and of 3 rows may be rounded in another order
    assert abs(found.astype(int) - to_uint8(np.concatenate(drawn))).max() <= 1
    assert found.std() > 20  # digits, and no grey


def test_each_class_is_that_digit(channel):
    """Of 100 PNG files, as the package's classifier of MNIST reads them."""
    labels = np.arange(100, dtype=np.int32) % 10
    found = predict(
        channel, "digits", "png", seeds=np.arange(100, dtype=np.int32), labels=labels
    )
    files = [Image.open(io.BytesIO(file)) for file in found["image_bytes"]]
    images = np.stack([np.asarray(file) for file in files])[..., None] / 127.5 - 1
    said = mnist_classifier("probabilities").of(images.astype(np.float32))
    # 0.99 by its card: 7 wrong of 100 would be 6 standard errors off
    assert (said.argmax(axis=1) != labels).sum() < 7


def test_what_there_is_to_ask(channel):
    assert versions(channel, "digits") == {VERSION: "AVAILABLE"}


@pytest.mark.parametrize(
    "ask",
    [
        lambda channel: predict(channel, "faces", "png", seeds=int32(1)),
        lambda channel: versions(channel, "faces"),
    ],
)
def test_an_unknown_model_is_not_found(channel, ask):
    with pytest.raises(grpc.RpcError) as error:
        ask(channel)
    assert error.value.code() == grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("label", [-1, 10])
@pytest.mark.parametrize("signature", ["generate", "png"])
def test_a_class_that_is_none_is_an_invalid_argument(channel, signature, label):
    """Also beside one that is a class: the request has no answer."""
    with pytest.raises(grpc.RpcError) as error:
        predict(channel, "digits", signature, seeds=int32(1, 2), labels=int32(7, label))
    assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "labels are from 0 to 9" in error.value.details()


def test_warm_up_requests_are_answered(exported, channel):
    """Sent as TF Serving reads them from the export's own file."""
    path = str(exported / "assets.extra" / "tf_serving_warmup_requests")
    stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    asked = []
    for record in tf.data.TFRecordDataset([path]).as_numpy_iterator():
        request = prediction_log_pb2.PredictionLog.FromString(
            record
        ).predict_log.request
        request.model_spec.name = "digits"
        for output in stub.Predict(request, 60).outputs.values():
            assert output.tensor_shape.dim[0].size == 1
        asked.append(request.model_spec.signature_name)
    assert {"serving_default", "generate", "png"} <= set(asked)
