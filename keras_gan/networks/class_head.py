"""The classifier head on a discriminator's backbone."""

import keras
from keras import layers

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.networks.network import Network


@register
class ClassHead(Network):
    """Class head: features (batch, num_features) -> class logits (batch, num_classes).

    One dense layer beside that of the discriminator's logit, for `models.ACGAN`.

    Args:
        num_features: int >= 1, the numbers that the discriminator's logit is made of.
        num_classes: int >= 1.

    Raises:
        ValueError: for a number below 1.

    Example:

    >>> ClassHead(num_features=2048, num_classes=10).output_shape
    (None, 10)
    """

    def __init__(self, num_features: int, num_classes: int, name: str | None = None):
        num_features = check_integer(num_features, "num_features", 1)
        num_classes = check_integer(num_classes, "num_classes", 1)
        features = keras.Input((num_features,), name="features")
        logits = layers.Dense(num_classes, dtype="float32", name="class_logits")
        super().__init__(
            features,
            logits(features),
            name=name,
            num_features=num_features,
            num_classes=num_classes,
        )
