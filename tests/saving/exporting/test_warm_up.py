"""Requests to warm up by are TF Serving's own messages, and are answered."""

import os

import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.small import mlp
from tensorflow_serving.apis import prediction_log_pb2

from keras_gan import models
from keras_gan.saving.exporting import saved_model


def requests_in(folder):
    """Signature -> inputs by name, as TF Serving's own classes read them."""
    path = os.path.join(folder, "assets.extra", "tf_serving_warmup_requests")
    found = {}
    for record in tf.data.TFRecordDataset([path]).as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record)
        assert log.WhichOneof("log_type") == "predict_log"
        request = log.predict_log.request
        assert not request.model_spec.name  # TF Serving's own is taken
        found[request.model_spec.signature_name] = {
            name: tf.make_ndarray(part) for name, part in request.inputs.items()
        }
    return found


@pytest.mark.parametrize("family", [models.GAN, models.ACGAN, models.InfoGAN])
def test_each_signature_by_rows_is_asked_once_and_answers(tmp_path, family):
    """TF Serving with batching refuses scalars, and then does not load the model."""
    gan = make_gan(family, shape=(4, 4, 1))
    gan.export(tmp_path / "1", warm_up=True)
    signatures = tf.saved_model.load(tmp_path / "1").signatures
    requests = requests_in(tmp_path / "1")
    assert set(requests) == set(signatures) - {"sample"}
    for name, inputs in requests.items():
        assert {value.shape[:1] for value in inputs.values()} == {(1,)}
        found = signatures[name](**{k: tf.constant(v) for k, v in inputs.items()})
        for output in found.values():
            assert output.shape[0] == 1


def test_a_request_that_fails_is_not_kept(tmp_path, monkeypatch):
    """It would keep TF Serving from loading the model."""
    wrong = [("generate", {"seeds": tf.constant([-1])})]
    monkeypatch.setattr(saved_model.warm_up, "requests_of", lambda signatures: wrong)
    with pytest.raises(tf.errors.InvalidArgumentError, match="a seed is at least 0"):
        mlp().export(tmp_path / "1", warm_up=True)
    assert os.listdir(tmp_path) == []


def test_none_are_written_unasked(tmp_path):
    mlp().export(tmp_path / "1")
    extra = os.listdir(tmp_path / "1" / "assets.extra")
    assert "tf_serving_warmup_requests" not in extra
