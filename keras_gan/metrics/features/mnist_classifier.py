"""The zoo's classifier of MNIST's digits as an extractor."""

import keras

from keras_gan.metrics.features import shipped
from keras_gan.metrics.features.network import Network
from keras_gan.metrics.features.recipes import named_in_configs

OUTPUTS = ("features", "probabilities", "logits")


@named_in_configs
def mnist_classifier(output: str = "features") -> Network:
    """MNIST classifier features: those of a small convolutional network for its digits.

    Its accuracy on the test images is in zoo/mnist_classifier/metadata.json, beside the
    command that trained it. A score by it compares with scores by it only: the Frechet
    distance of its features is no FID, and its classifier score no Inception score.

    Args:
        output: "features", 128 numbers >= 0 of its last hidden layer; "probabilities",
            of the ten digits; or "logits".

    Returns:
        `Network`, on images of any size, as bytes of 28 x 28 x 1.

    Raises:
        ValueError: for another `output`, or a file that is truncated or changed.

    Example:

    >>> import numpy as np
    >>> mnist_classifier("probabilities").dim((28, 28, 1))
    10
    """
    if output not in OUTPUTS:
        raise ValueError(f"output is one of {OUTPUTS}. Received: {output!r}.")
    path = shipped.path_of("mnist_classifier", "classifier.keras")
    classifier = keras.saving.load_model(path, compile=False)
    layer = classifier.get_layer("features" if output == "features" else "logits")
    outputs = layer.output
    if output == "probabilities":
        outputs = keras.layers.Softmax(name="probabilities")(outputs)
    model = keras.Model(classifier.inputs, outputs)
    return Network(model, pixel_range=(-1, 1), name=f"MNIST classifier, {output}")
