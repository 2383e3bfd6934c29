"""Feature extractors, each with its preprocessing."""

from keras_gan.metrics.features.channels import Channels
from keras_gan.metrics.features.extractor import Extractor, get
from keras_gan.metrics.features.identity import Identity
from keras_gan.metrics.features.inception_v3 import inception_v3
from keras_gan.metrics.features.mnist_classifier import mnist_classifier
from keras_gan.metrics.features.network import Network
from keras_gan.metrics.features.pixels import Pixels

__all__ = [
    "Channels",
    "Extractor",
    "Identity",
    "Network",
    "Pixels",
    "get",
    "inception_v3",
    "mnist_classifier",
]
