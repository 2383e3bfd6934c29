"""Evaluation of a trained game: scores, and the protocol that they were measured by."""

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
