"""Experiments: many runs that differ in a few entries, told apart with their errors."""

from keras_gan.experiments.comparison import Comparison, Run
from keras_gan.experiments.differences import Difference, difference
from keras_gan.experiments.grid import Variant, axes, variants

__all__ = [
    "Comparison",
    "Difference",
    "Run",
    "Variant",
    "axes",
    "difference",
    "variants",
]
