"""Schedules: numbers that change over a run, written relative to its length."""

from keras_gan.schedules.cosine import Cosine
from keras_gan.schedules.half_life import HalfLife
from keras_gan.schedules.linear import Linear
from keras_gan.schedules.schedule import Schedule

__all__ = ["Cosine", "HalfLife", "Linear", "Schedule"]
