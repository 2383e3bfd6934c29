"""KServe model of an exported SavedModel: `pip install kserve tensorflow`.

python kserve_model.py serving/digits/1 --model_name digits --http_port 8080

It answers on ALL interfaces of the machine: KServe has no option for the address.
"""

import base64
import sys

import kserve
import tensorflow as tf
from kserve.errors import InvalidInput


class Exported(kserve.Model):
    """A SavedModel that answers `instances` by rows, as TF Serving does."""

    def __init__(self, name, path):
        super().__init__(name)
        self.loaded = tf.saved_model.load(path)
        self.ready = True

    def predict(self, payload, headers=None):
        if not isinstance(payload, dict):  # bytes, where the type is none of JSON's
            raise InvalidInput("Send JSON, with Content-Type: application/json.")
        try:
            name = payload.get("signature_name", "serving_default")
            signature = self.loaded.signatures[name]
            inputs = {
                key: tf.constant([row[key] for row in payload["instances"]], spec.dtype)
                for key, spec in signature.structured_input_signature[1].items()
            }
            found = signature(**inputs)
        except (KeyError, TypeError, ValueError, tf.errors.OpError) as error:
            raise InvalidInput(f"{type(error).__name__}: {error}") from error
        columns = [listed(values) for values in found.values()]
        rows = [
            dict(zip(found, row, strict=True)) for row in zip(*columns, strict=True)
        ]
        return {"predictions": rows if len(columns) > 1 else columns[0]}


def listed(values):
    """A tensor as JSON has it; PNG files as base64, in the form of TF Serving."""
    rows = values.numpy().tolist()
    if values.dtype != tf.string:
        return rows
    return [{"b64": base64.b64encode(file).decode()} for file in rows]


if __name__ == "__main__":
    arguments = kserve.model_server.args
    served = Exported(arguments.model_name, sys.argv[1])
    kserve.ModelServer(enable_grpc=False).start([served])
