"""Written exports, as those who know neither Keras nor this package run them."""

import numpy as np

SUFFIXES = {"tf_saved_model": "", "onnx": ".onnx", "litert": ".tflite"}


def written(game, folder, format, dtype="float32"):
    """The path of an export of a game in this format."""
    path = folder / f"{format}-{dtype}{SUFFIXES[format]}"
    game.export(path, format=format, dtype=dtype)
    return path


def runner(path):
    """A function of arrays by name to the samples that a written export draws."""
    if path.suffix == ".onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return lambda inputs: session.run(None, inputs)[0]
    if path.suffix == ".tflite":
        from ai_edge_litert.interpreter import Interpreter

        signature = Interpreter(str(path)).get_signature_runner("serving_default")
        return lambda inputs: np.array(next(iter(signature(**inputs).values())))
    import tensorflow as tf

    signature = tf.saved_model.load(path).signatures["serving_default"]

    def run(inputs):
        found = signature(**{name: tf.constant(part) for name, part in inputs.items()})
        return next(iter(found.values())).numpy()

    run.archive = signature  # its variables live as long as it does
    return run
