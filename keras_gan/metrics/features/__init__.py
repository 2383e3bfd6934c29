"""Feature extractors, each with its preprocessing."""

from keras_gan.metrics.features.absent import Absent
from keras_gan.metrics.features.channels import Channels
from keras_gan.metrics.features.dinov2 import dinov2
from keras_gan.metrics.features.efficientnet_lite0 import efficientnet_lite0
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.features.identity import Identity
from keras_gan.metrics.features.inception_2015 import inception_2015
from keras_gan.metrics.features.inception_v3 import inception_v3
from keras_gan.metrics.features.mnist_classifier import mnist_classifier
from keras_gan.metrics.features.names import NAMES, OF_FILES, check_name, get
from keras_gan.metrics.features.network import Network
from keras_gan.metrics.features.pixels import Pixels

__all__ = [
    "NAMES",
    "OF_FILES",
    "Absent",
    "Channels",
    "Extractor",
    "Identity",
    "Network",
    "Pixels",
    "check_name",
    "dinov2",
    "efficientnet_lite0",
    "get",
    "inception_2015",
    "inception_v3",
    "mnist_classifier",
]
