"""Scores of a trained game, by a protocol that stands beside them."""

from keras_gan.evaluation.answers import Reals, matched_error, score_answers
from keras_gan.evaluation.measure import measure
from keras_gan.evaluation.protocol import FEATURES, Protocol

__all__ = [
    "FEATURES",
    "Protocol",
    "Reals",
    "matched_error",
    "measure",
    "score_answers",
]
