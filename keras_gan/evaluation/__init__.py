"""Scores of a trained game, by a protocol that stands beside them."""

from keras_gan.evaluation.measure import measure
from keras_gan.evaluation.protocol import FEATURES, Protocol

__all__ = ["FEATURES", "Protocol", "measure"]
