"""Data as `tf.data` pipelines that can stop and go on anywhere."""

from . import schemes, splits
from .dirac import Dirac
from .epoch_dataset import EpochDataset
from .few_labels import few_labels
from .gaussian_mixture import GaussianMixture
from .image_sizes import image_sizes
from .known_distribution import KnownDistribution
from .load import load
from .regroup import regroup
from .resumable import Resumable
from .swiss_roll import SwissRoll
from .two_moons import TwoMoons
from .watched import Watched

__all__ = [
    "Dirac",
    "EpochDataset",
    "GaussianMixture",
    "KnownDistribution",
    "Resumable",
    "SwissRoll",
    "TwoMoons",
    "Watched",
    "few_labels",
    "image_sizes",
    "load",
    "regroup",
    "schemes",
    "splits",
]
