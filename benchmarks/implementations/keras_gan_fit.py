"""`keras_gan.models.GAN`, as its users run it."""

import keras
from networks import keras_networks

from keras_gan import models, penalties, priors

from .fitted import Fitted


def _adams(beta_2):
    return {
        f"{player}_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=beta_2)
        for player in ("generator", "discriminator")
    }


RULES = {  # the others play by the defaults
    "r3gan": lambda: {
        "loss": "relativistic",
        "penalties": [penalties.R1(1.0), penalties.R2(1.0)],
        "latents": "fresh",
        "real": "fresh",
        **_adams(0.99),
    },
    "hinge": lambda: {"loss": "hinge", **_adams(0.9)},
}


class KerasGanFit(Fitted):
    """`gan.compile()` with the defaults, but for the given options, and `gan.fit`."""

    def __init__(self, workload, steps, **options):
        keras.utils.set_random_seed(0)
        networks = keras_networks.build(workload)
        family = models.WGANGP if workload.family == "wgan_gp" else models.GAN
        gan = family(*networks, priors.Normal(workload.latent_dim))
        rules = RULES.get(workload.family, dict)()
        gan.compile(**{"updates": workload.updates, **rules, **options})
        game = "shared" if workload.updates == "alternating" else "simultaneous"
        super().__init__(gan, workload, steps, game)
