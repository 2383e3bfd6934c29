"""Evaluation of a trained game: scores, and the protocol that they were measured by."""

from keras_gan.evaluation.evaluation_functions import Reals, class_scores, matched_error
from keras_gan.evaluation.measure import measure
from keras_gan.evaluation.protocol import FEATURES, Protocol

__all__ = [
    "FEATURES",
    "Protocol",
    "Reals",
    "class_scores",
    "matched_error",
    "measure",
]
