"""The least exactness in which objectives are computed."""

import keras
from keras import ops


def exact(outputs):
    """What a network gives, in float32 at least."""
    return ops.cast(outputs, keras.backend.result_type(outputs.dtype, "float32"))
