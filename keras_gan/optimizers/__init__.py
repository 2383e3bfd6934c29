"""Optimizers: what Keras' own lack for games."""

from keras_gan.optimizers.adam import Adam

__all__ = ["Adam"]
