"""Training: how a generative model is fitted, evaluated and kept, and a game played."""

from keras_gan.training.model import GenerativeModel
from keras_gan.training.rounds import Round

__all__ = ["GenerativeModel", "Round"]
