"""`keras_gan.models.GAN`, as its users run it."""

import keras
from networks import keras_networks

from keras_gan import models, priors

from .fitted import Fitted


class KerasGanFit(Fitted):
    """`gan.compile()` with the defaults, but for the given options, and `gan.fit`."""

    def __init__(self, work, steps, **options):
        keras.utils.set_random_seed(0)
        networks = keras_networks.build(work)
        family = {"gan": models.GAN, "wgan_gp": models.WGANGP}[work.family]
        gan = family(*networks, priors.Normal(work.latent_dim))
        gan.compile(updates=work.updates, **options)
        game = "shared" if work.updates == "alternating" else "simultaneous"
        super().__init__(gan, work, steps, game)
