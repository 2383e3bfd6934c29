"""How far samples are from data."""

from keras_gan.metrics.emc_mse import EMCMSE, emc_mse
from keras_gan.metrics.emc_rms import EMCRMS, emc_rms

__all__ = ["EMCMSE", "EMCRMS", "emc_mse", "emc_rms"]
