"""What samples are looked at by: extractors of features, with their preprocessing."""

from keras_gan.metrics.features.extractor import Extractor, get
from keras_gan.metrics.features.inception_v3 import inception_v3
from keras_gan.metrics.features.network import Network
from keras_gan.metrics.features.pixels import Pixels
from keras_gan.metrics.features.samples import Samples

__all__ = ["Extractor", "Network", "Pixels", "Samples", "get", "inception_v3"]
