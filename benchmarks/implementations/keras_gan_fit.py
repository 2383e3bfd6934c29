"""`keras_gan.models.GAN`, as its users run it."""

import keras
from networks import keras_networks

from keras_gan import models, priors

from .fitted import Fitted


class KerasGanFit(Fitted):
    """`gan.compile()` with the defaults, but for the given options, and `gan.fit`."""

    def __init__(self, workload, steps, **options):
        keras.utils.set_random_seed(0)
        networks = keras_networks.build(workload)
        family = {"gan": models.GAN, "wgan_gp": models.WGANGP}[workload.family]
        gan = family(*networks, priors.Normal(workload.latent_dim))
        gan.compile(updates=workload.updates, **options)
        game = "shared" if workload.updates == "alternating" else "simultaneous"
        super().__init__(gan, workload, steps, game)
