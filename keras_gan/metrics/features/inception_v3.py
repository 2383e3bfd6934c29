"""Keras' InceptionV3 as an extractor."""

import keras

from keras_gan.metrics.features.network import Network


def inception_v3(weights: str | None = "imagenet") -> Network:
    """InceptionV3 features: the 2048 pooled ones of Keras' network.

    Its weights are not those of the Inception network of 2015, by which FID, KID and IS
    are defined: name the result "Frechet distance (Keras InceptionV3)" and compare it
    with its like only.

    Args:
        weights: "imagenet", which Keras downloads once, the path of a weights file, or
            None, random weights.

    Returns:
        `Network`, on images of any size, as bytes of 299 x 299 x 3 in [-1, 1]; at most
        32 pass through it at a time.
    """
    model = keras.applications.InceptionV3(
        include_top=False, weights=weights, input_shape=(299, 299, 3), pooling="avg"
    )
    return Network(model, pixel_range=(-1, 1), name="Keras InceptionV3", batch_size=32)
