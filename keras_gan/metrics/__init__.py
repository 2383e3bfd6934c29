"""How far samples are from data."""

from keras_gan.metrics.emc_mse import EMCMSE, emc_mse
from keras_gan.metrics.emc_rms import EMCRMS, emc_rms
from keras_gan.metrics.mode_coverage import Coverage, ModeCoverage, mode_coverage

__all__ = [
    "EMCMSE",
    "EMCRMS",
    "Coverage",
    "ModeCoverage",
    "emc_mse",
    "emc_rms",
    "mode_coverage",
]
