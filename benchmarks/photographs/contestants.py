"""The games that are compared on photographs of 32 x 32, and their rules."""

import keras

from keras_gan import augmentations, models, networks, optimizers, penalties, priors
from keras_gan.saving import configs

SHAPE, BATCH = (32, 32, 3), 64


def dcgan(
    upsampling="transposed",
    augmentation=None,
    filters=32,
    rate=5e-4,
    gamma=1.0,
    relativistic=False,
):
    """The zoo's `dcgan`, as it is, or with resize-convolutions or an augmentation."""
    game = models.GAN(
        networks.DCGANGenerator(
            SHAPE, 64, filters=filters, synchronized=True, upsampling=upsampling
        ),
        networks.DCGANDiscriminator(SHAPE, filters=filters, normalization=None),
        priors.Normal(64),
        ema_decay=0.998,
    )
    game.compile(
        loss="relativistic" if relativistic else "non_saturating",
        penalties=[penalties.R1(gamma), *([penalties.R2(gamma)] * relativistic)],
        generator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
        augmentation=augmentation,
    )
    return game


def sngan(width=64, rates=(1e-4, 4e-4)):
    """SNGAN 64/64 by hinge; one move each, at SAGAN's rates (Zhang et al., 2019)."""
    game = models.GAN(
        networks.SNGANGenerator(SHAPE, 128, width),
        networks.SNGANDiscriminator(SHAPE, width),
        priors.Normal(128),
        ema_decay=0.998,
    )
    game.compile(
        loss="hinge",
        generator_optimizer=optimizers.Adam(rates[0], beta_1=0.0, beta_2=0.9),
        discriminator_optimizer=optimizers.Adam(rates[1], beta_1=0.0, beta_2=0.9),
        augmentation=augmentations.DiffAugment(),
    )
    return game


def r3gan(widths, blocks, gamma=(2.0, 0.2), learning_rate=(2e-4, 5e-5)):
    """R3GAN by the rules of FFHQ-64: a few thousand images, as flowers are."""
    sizes = {"widths": widths, "blocks": blocks}
    game = models.R3GAN(
        networks.R3GANGenerator(SHAPE, 64, **sizes),
        networks.R3GANDiscriminator(SHAPE, **sizes),
        priors.Normal(64),
        ema_decay=0.998,
    )
    game.compile(gamma=gamma, learning_rate=learning_rate, augmentation=0.3)
    return game


CONTESTANTS = {
    "dcgan": dcgan,
    "dcgan-nearest": lambda: dcgan("nearest"),
    "dcgan-augmented": lambda: dcgan("transposed", augmentations.DiffAugment()),
    "dcgan-nearest-augmented": lambda: dcgan("nearest", augmentations.DiffAugment()),
    "sngan-augmented": sngan,
    "r3gan-small": lambda: r3gan((128, 64, 32, 16), 1),
    "r3gan-large": lambda: r3gan((256, 128, 64, 32), 2),
}


def made(name):
    """The compiled game of a contestant, with new weights."""
    keras.utils.set_random_seed(0)
    return CONTESTANTS[name]()


def config(name):
    """The text of a contestant's config, which `keras-gan train` takes."""
    game = made(name)
    data = {"source": None, "batch_size": BATCH}
    return configs.dumps({**configs.of_game(game), "data": data, "epochs": 1})


def images_of_a_step(game):
    """The real images that a step takes."""
    return BATCH * game.minibatches_per_step
