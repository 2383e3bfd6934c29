"""Precision: the least in which objectives are computed."""

import keras
from keras import ops


def at_least_float32(outputs):
    """The outputs of a network, in float32 at least."""
    return ops.cast(outputs, keras.backend.result_type(outputs.dtype, "float32"))
