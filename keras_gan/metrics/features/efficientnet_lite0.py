"""EfficientNet-Lite0, trained on ImageNet, as an extractor for photographs."""

import keras
import numpy as np

from keras_gan.core.arguments import check_integer
from keras_gan.metrics.features import shipped
from keras_gan.metrics.features.network import Network
from keras_gan.metrics.features.recipes import named_in_configs

OUTPUTS = ("features", "probabilities", "logits")
BATCH = 32  # images at a time: at 224 x 224 some 0.5 GB
# Of each stage: side of the kernels, strides of its first block, expansion, filters,
# blocks (Tan and Le, 2019, table 1, without squeeze-and-excitation)
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


def layout(size: int) -> keras.Model:
    """The network, with its first weights, from (size, size, 3) to 1000 logits.

    Batch normalization is in the kernels and biases, which is the same in inference.

    Returns:
        `keras.Model`; its layer "features" gives 1280 numbers in [0, 6].
    """
    inputs = keras.Input((size, size, 3), name="images")
    x = _convolved(inputs, 32, 3, 2, "stem")
    block = 0
    for side, strides, expansion, filters, blocks in STAGES:
        for index in range(blocks):
            x = _block(
                x, side, 1 if index else strides, expansion, filters, f"block{block}"
            )
            block += 1
    x = _convolved(x, 1280, 1, 1, "head")
    x = keras.layers.GlobalAveragePooling2D(name="features", dtype="float32")(x)
    logits = keras.layers.Dense(1000, name="logits", dtype="float32")(x)
    return keras.Model(inputs, logits, name="efficientnet_lite0")


def _block(x, side, strides, expansion, filters, name):
    """An inverted residual (MobileNetV2): expand, filter each channel, project."""
    start = x
    if expansion > 1:
        x = _convolved(x, expansion * x.shape[-1], 1, 1, f"{name}_expand")
    x = keras.layers.DepthwiseConv2D(
        side, strides, "same", name=f"{name}_depthwise", dtype="float32"
    )(x)
    x = _relu6(x)
    x = _convolution(x, filters, 1, 1, f"{name}_project")
    if strides == 1 and start.shape == x.shape:
        x = keras.layers.Add(dtype="float32")([start, x])
    return x


def _convolved(x, filters, side, strides, name):
    return _relu6(_convolution(x, filters, side, strides, name))


def _convolution(x, filters, side, strides, name):
    return keras.layers.Conv2D(
        filters, side, strides, "same", name=name, dtype="float32"
    )(x)


def _relu6(x):
    return keras.layers.ReLU(max_value=6.0, dtype="float32")(x)


@named_in_configs
def efficientnet_lite0(output: str = "features", size: int = 224) -> Network:
    """EfficientNet-Lite0 features: 1280 pooled ones of a network trained on ImageNet.

    For photographs, offline. Its weights (Apache-2.0, zoo/efficientnet_lite0/) are in
    the package, rounded to float16, and computed with in float32. A score by it
    compares with scores by it at the same size only: its Frechet distance is no FID,
    and the score of its classes no Inception score.

    Args:
        output: "features", 1280 numbers in [0, 6]; "probabilities" of ImageNet's 1000
            classes, for `InceptionScore`; or "logits".
        size: int >= 32, the side that images are resized to. The network was trained at
            224; 128 takes a third of the time.

    Returns:
        `Network`, on images of any size, as bytes of size x size x 3, resized by
        Pillow's bicubic; at most 32 pass through it at a time.

    Raises:
        ValueError: for another `output` or `size`, or a file that is truncated or
            changed.

    Example:

    >>> efficientnet_lite0(size=64).of(np.zeros((2, 32, 32, 1))).shape
    (2, 1280)
    """
    if output not in OUTPUTS:
        raise ValueError(f"output is one of {OUTPUTS}. Received: {output!r}.")
    check_integer(size, "size", 32)
    whole = layout(size)
    with np.load(shipped.path_of("efficientnet_lite0", "weights.npz")) as arrays:
        for layer in whole.layers:
            if layer.weights:
                layer.set_weights(
                    [
                        arrays[f"{layer.name}/{part}"].astype(np.float32)
                        for part in ("kernel", "bias")
                    ]
                )
    layer = whole.get_layer("features" if output == "features" else "logits")
    outputs = layer.output
    if output == "probabilities":
        outputs = keras.layers.Softmax(name="probabilities", dtype="float32")(outputs)
    return Network(
        keras.Model(whole.inputs, outputs),
        pixel_range=(-127 / 128, 1),  # (byte - 127) / 128, as it was trained
        name=f"EfficientNet-Lite0, {output}",
        resizer="bicubic",
        batch_size=BATCH,
    )
