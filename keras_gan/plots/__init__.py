"""Plots of games, losses and trajectories: numbers in, matplotlib figures out.

No picture touches pyplot or its settings; a notebook shows the
figure that is returned, `write_png` and `write_gif` keep it.
"""

from keras_gan.plots.generator_costs import GeneratorCost, generator_costs
from keras_gan.plots.maximum_likelihood import maximum_likelihood
from keras_gan.plots.mode_seeking import Fit, mode_seeking
from keras_gan.plots.one_dimensional_game import Moment1D, one_dimensional_game
from keras_gan.plots.sampling_designs import sampling_designs
from keras_gan.plots.sampling_points import sampling_points
from keras_gan.plots.training_curves import training_curves
from keras_gan.plots.trajectories import trajectories
from keras_gan.plots.two_dimensional_game import Moment2D, two_dimensional_game
from keras_gan.plots.value_functions import Contrast, value_functions
from keras_gan.plots.writing import write_gif, write_png

__all__ = [
    "Contrast",
    "Fit",
    "GeneratorCost",
    "Moment1D",
    "Moment2D",
    "generator_costs",
    "maximum_likelihood",
    "mode_seeking",
    "one_dimensional_game",
    "sampling_designs",
    "sampling_points",
    "training_curves",
    "trajectories",
    "two_dimensional_game",
    "value_functions",
    "write_gif",
    "write_png",
]
