"""Keras' classes that a config may name: parts of networks, none that runs code.

Listed by name, so that what a later version of Keras adds is not trusted unseen. Left
out are layers that call a function or another file (`Lambda`, `TFSMLayer`, layers of
other frameworks, lookup tables) and operations that take a function (`Map`, `Scan`).
"""

LAYERS = (
    *("Activation", "ActivityRegularization", "Add", "AdditiveAttention"),
    *("AlphaDropout", "Attention", "Average", "AveragePooling1D", "AveragePooling2D"),
    *("AveragePooling3D", "BatchNormalization", "Bidirectional", "CategoryEncoding"),
    *("CenterCrop", "Concatenate", "Conv1D", "Conv1DTranspose", "Conv2D"),
    *("Conv2DTranspose", "Conv3D", "Conv3DTranspose", "ConvLSTM1D", "ConvLSTM2D"),
    *("ConvLSTM3D", "Cropping1D", "Cropping2D", "Cropping3D", "Dense"),
    *("DepthwiseConv1D", "DepthwiseConv2D", "Dot", "Dropout", "ELU", "EinsumDense"),
    *("Embedding", "Flatten", "GRU", "GRUCell", "GaussianDropout", "GaussianNoise"),
    *("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"),
    *("GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D"),
    *("GroupNormalization", "GroupQueryAttention", "Identity", "InputLayer", "LSTM"),
    *("LSTMCell", "LayerNormalization", "LeakyReLU", "Masking", "MaxPooling1D"),
    *("MaxPooling2D", "MaxPooling3D", "Maximum", "Minimum", "MultiHeadAttention"),
    *("Multiply", "Normalization", "PReLU", "Permute", "RMSNormalization", "RNN"),
    *("RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip"),
    *("RandomRotation", "RandomTranslation", "RandomZoom", "ReLU", "RepeatVector"),
    *("Rescaling", "Reshape", "Resizing", "SeparableConv1D", "SeparableConv2D"),
    *("SimpleRNN", "SimpleRNNCell", "Softmax", "SpatialDropout1D"),
    *("SpatialDropout2D", "SpatialDropout3D", "SpectralNormalization"),
    *("StackedRNNCells", "Subtract", "TimeDistributed", "UnitNormalization"),
    *("UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D"),
    *("ZeroPadding2D", "ZeroPadding3D"),
)
MODELS = ("Functional", "Sequential")
OPERATIONS = {
    "keras.src.ops.core": ("Cast", "Slice", "StopGradient", "Unstack"),
    "keras.src.ops.image": ("CropImages", "PadImages", "RGBToGrayscale", "Resize"),
    "keras.src.ops.linalg": ("Norm",),
    "keras.src.ops.math": ("Erf", "Logsumexp", "Rsqrt", "TopK"),
    "keras.src.ops.nn": (
        *("AveragePool", "Celu", "Conv", "ConvTranspose", "DepthToSpace"),
        *("DepthwiseConv", "DotProductAttention", "Elu", "Gelu", "Glu", "HardSigmoid"),
        *("HardSilu", "HardTanh", "LayerNorm", "LeakyRelu", "LogSigmoid"),
        *("LogSoftmax", "MaxPool", "Moments", "Normalize", "OneHot", "RMSNorm"),
        *("Relu", "Relu6", "Selu", "Sigmoid", "Silu", "Softmax", "Softplus"),
        *("Softsign", "SpaceToDepth"),
    ),
    "keras.src.ops.numpy": (
        *("Abs", "Absolute", "Add", "Amax", "Amin", "Append", "Arctan", "Argmax"),
        *("Average", "BroadcastTo", "Ceil", "Clip", "Concatenate", "Copy", "Cos"),
        *("Cosh", "Cumsum", "Diff", "Divide", "DivideNoNan", "Dot", "Einsum"),
        *("Equal", "Exp", "ExpandDims", "Expm1", "Flip", "Floor", "FloorDivide"),
        *("FullLike", "GetItem", "Greater", "GreaterEqual", "Hstack", "Less"),
        *("LessEqual", "Log", "Log1p", "LogicalAnd", "LogicalNot", "LogicalOr"),
        *("Matmul", "Max", "Maximum", "Mean", "Min", "Minimum", "Mod", "Moveaxis"),
        *("Multiply", "Negative", "NotEqual", "OnesLike", "Outer", "Pad", "Power"),
        *("Prod", "Ravel", "Reciprocal", "Repeat", "Reshape", "Roll", "Round"),
        *("Sign", "Sin", "Sinh", "Split", "Sqrt", "Square", "Squeeze", "Stack"),
        *("Std", "Subtract", "Sum", "Swapaxes", "Take", "TakeAlongAxis", "Tan"),
        *("Tanh", "Tensordot", "Tile", "Transpose", "Tril", "Triu", "TrueDivide"),
        *("Var", "Vstack", "Where", "ZerosLike"),
    ),
}
# Of these modules all that is public: numbers that start, move or bound weights.
WHOLE_MODULES = (
    *("keras.initializers", "keras.optimizers", "keras.optimizers.schedules"),
    *("keras.constraints", "keras.regularizers"),
)
# Those of pairs: what they keep is a number each. (Others have thresholds, of which a
# config could ask for any number.)
METRICS = (
    *("CosineSimilarity", "KLDivergence", "LogCoshError", "Mean", "MeanAbsoluteError"),
    *("MeanAbsolutePercentageError", "MeanSquaredError", "Poisson"),
    *("MeanSquaredLogarithmicError", "RootMeanSquaredError"),
)
LISTED = {
    "keras": ("DTypePolicy", "Sequential"),
    "keras.layers": LAYERS,
    "keras.metrics": METRICS,
    "keras.models": MODELS,
    "keras.src.models.functional": ("Functional",),
    "keras.src.models.sequential": ("Sequential",),
    **OPERATIONS,
}
# How Keras writes plain values in the calls of a functional model.
VALUES = ("__keras_tensor__", "__slice__", "__ellipsis__", "__tuple__", "__numpy__")


def is_known(module: str | None, name: str) -> bool:
    """Whether a config may name the class `name` of Keras' module `module`.

    >>> is_known("keras.layers", "Dense"), is_known("keras.layers", "Lambda")
    (True, False)
    """
    if module is None:
        return name in VALUES
    return module in WHOLE_MODULES or name in LISTED.get(module, ())
