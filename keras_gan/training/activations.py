"""Last activations: what the layers of a functional network say that it ends in."""

import math

import keras

from keras_gan.core import compat

# What Keras' activations give at least and at most; those not named have no limit.
SIGMOIDS = ("sigmoid", "hard_sigmoid", "sparse_sigmoid", "softmax", "sparsemax")
BOTH_WAYS = ("tanh", "hard_tanh", "softsign")
LIMITS = {
    **dict.fromkeys(SIGMOIDS, (0, 1)),
    **dict.fromkeys(BOTH_WAYS, (-1, 1)),
    "relu6": (0, 6),
    **dict.fromkeys(
        ("relu", "softplus", "sparse_plus", "squareplus", "exponential"), (0, math.inf)
    ),
    **dict.fromkeys(("log_sigmoid", "log_softmax"), (-math.inf, 0)),
    **dict.fromkeys(("elu", "celu"), (-1, math.inf)),
    **{"selu": (-1.76, math.inf), "silu": (-0.28, math.inf)},
    **{"gelu": (-0.17, math.inf), "mish": (-0.31, math.inf)},
    "hard_silu": (-0.375, math.inf),
}
# What leaves numbers as they are, or some of them at 0: layers and operations.
SEEN_THROUGH = (
    *(
        "Reshape",
        "Flatten",
        "Identity",
        "Squeeze",
        "ExpandDims",
        "Permute",
        "Transpose",
    ),
    *("Cast", "Dropout", "ReproducibleDropout", "AlphaDropout"),
    *("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
)
# Activations that are layers, or operations such as `keras.ops.sigmoid`.
OF_CLASS = {
    **{"Sigmoid": "sigmoid", "HardSigmoid": "hard_sigmoid", "Softmax": "softmax"},
    **{"SparseSigmoid": "sparse_sigmoid", "Sparsemax": "sparsemax"},
    **{"Tanh": "tanh", "HardTanh": "hard_tanh", "Softsign": "softsign"},
    **{"Relu": "relu", "ReLU": "relu", "Relu6": "relu6", "Exp": "exponential"},
    **{"Softplus": "softplus", "SparsePlus": "sparse_plus", "Squareplus": "squareplus"},
    **{"LogSigmoid": "log_sigmoid", "LogSoftmax": "log_softmax"},
    **{"Elu": "elu", "ELU": "elu", "Celu": "celu", "Selu": "selu", "Silu": "silu"},
    **{"Gelu": "gelu", "HardSilu": "hard_silu"},
}
KNOWN = ("keras", "keras_gan", "tensorflow")  # whose names mean what they say


def last_activation(network):
    """The name of the activation that a functional network ends in.

    Returns:
        A name such as "linear", which is to be trusted; of a function of the user's its
        name and module; or None where no layer shows one.
    """
    if not getattr(network, "outputs", None) or len(network.outputs) != 1:
        return None
    return activation_before(network.outputs[0])


def activation_before(output):
    """The activation that made a functional network's output, as `last_activation`.

    Layers and operations that leave numbers as they are, or drop some, are looked
    through.
    """
    operation, node = compat.origin(output)
    while _is_seen_through(operation):
        inputs = compat.inputs_of_call(operation, node)
        if len(inputs) != 1:
            return None
        operation, node = compat.origin(inputs[0])
    if isinstance(operation, keras.Model):
        return last_activation(operation)
    if isinstance(operation, keras.layers.Wrapper):
        operation = operation.layer
    return _name_of(operation)


def is_bounded(generator):
    """Whether a network is seen to reach [-1, 1] only, as by a last tanh."""
    return last_activation(generator) in BOTH_WAYS


def limits_in_words(activation):
    """The limits of an activation of `LIMITS`.

    Example:

    >>> limits_in_words("relu"), limits_in_words("tanh")
    ('never negative', 'never beyond [-1, 1]')
    """
    low, high = LIMITS[activation]
    if low == 0:
        return "never negative"
    if high == 0:
        return "never positive"
    return f"never below {low}" if high == math.inf else f"never beyond [{low}, {high}]"


def _name_of(operation):
    """The name of the activation of a layer, or that an operation is, or None."""
    if not _is_known(type(operation)):
        return None  # a layer of the user's may do anything after its activation
    name = OF_CLASS.get(type(operation).__name__)
    if name is None:
        return _name_of_function(getattr(operation, "activation", None))
    bent = (
        getattr(operation, "negative_slope", 0) or getattr(operation, "alpha", 1) != 1
    )
    return None if bent else name


def _name_of_function(function):
    if isinstance(function, keras.Layer):
        return _name_of(function)
    name = getattr(function, "__name__", None)
    if name is None or _is_known(function):
        return name
    return f"{name} of {function.__module__}"


def _is_known(thing):
    return (getattr(thing, "__module__", None) or "").split(".")[0] in KNOWN


def _is_seen_through(operation):
    if not _is_known(type(operation)):
        return False
    is_activation = isinstance(operation, keras.layers.Activation)
    return type(operation).__name__ in SEEN_THROUGH or (
        is_activation and _name_of_function(operation.activation) == "linear"
    )
