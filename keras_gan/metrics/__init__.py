"""Metrics of samples: how far they are from data."""

from keras_gan.metrics import features
from keras_gan.metrics.class_coverage import ClassCoverage, class_coverage
from keras_gan.metrics.density_coverage import DensityCoverage, density_coverage
from keras_gan.metrics.frechet_distance import FrechetDistance, frechet_distance
from keras_gan.metrics.inception_score import InceptionScore, inception_score
from keras_gan.metrics.kernel_distance import KernelDistance, kernel_distance
from keras_gan.metrics.mode_coverage import Coverage, ModeCoverage, mode_coverage
from keras_gan.metrics.nearest_neighbors import NearestNeighbors, nearest_neighbors
from keras_gan.metrics.paired_mse import PairedMSE, paired_mse
from keras_gan.metrics.paired_rmse import PairedRMSE, paired_rmse
from keras_gan.metrics.parzen_window import ParzenWindow, parzen_window
from keras_gan.metrics.precision_recall import PrecisionRecall, precision_recall
from keras_gan.metrics.score import Score, scores

__all__ = [
    "ClassCoverage",
    "Coverage",
    "DensityCoverage",
    "FrechetDistance",
    "InceptionScore",
    "KernelDistance",
    "ModeCoverage",
    "NearestNeighbors",
    "PairedMSE",
    "PairedRMSE",
    "ParzenWindow",
    "PrecisionRecall",
    "Score",
    "class_coverage",
    "density_coverage",
    "features",
    "frechet_distance",
    "inception_score",
    "kernel_distance",
    "mode_coverage",
    "nearest_neighbors",
    "paired_mse",
    "paired_rmse",
    "parzen_window",
    "precision_recall",
    "scores",
]
