"""Feature extractors, each with its preprocessing."""

from keras_gan.metrics.features.channels import Channels
from keras_gan.metrics.features.efficientnet_lite0 import efficientnet_lite0
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.features.identity import Identity
from keras_gan.metrics.features.inception_v3 import inception_v3
from keras_gan.metrics.features.mnist_classifier import mnist_classifier
from keras_gan.metrics.features.names import NAMES, check_name, get
from keras_gan.metrics.features.network import Network
from keras_gan.metrics.features.pixels import Pixels

__all__ = [
    "NAMES",
    "Channels",
    "Extractor",
    "Identity",
    "Network",
    "Pixels",
    "check_name",
    "efficientnet_lite0",
    "get",
    "inception_v3",
    "mnist_classifier",
]
