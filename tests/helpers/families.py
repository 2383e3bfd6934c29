"""Small games of every family, on vectors of six numbers or other samples."""

import contextlib

import keras

from helpers import infogan_game
from helpers.classes import CLASSES
from keras_gan import models, networks, priors


def parts(family=models.GAN, shape=(6,), latent_dim=4, width=16, dropout=0.0):
    """The parts of a game: the constructor's arguments, by name.

    Args:
        family: a class of `keras_gan.models`.
        shape: of the samples.
        latent_dim: of the latents; InfoGAN has some of its own.
        width: of the one hidden layer of each network.
        dropout: of a discriminator without classes.
    """
    prior, others = priors.Normal(latent_dim), {}
    if family is models.InfoGAN:
        prior = infogan_game.prior()
    of_classes = models.ConditionalGAN, models.ConditionalR3GAN
    if family in (*of_classes, models.ACGAN):
        others["num_classes"] = CLASSES
        generator = networks.ConditionalMLPGenerator(
            shape, latent_dim, CLASSES, (width,)
        )
    else:
        generator = networks.MLPGenerator(shape, prior.latent_dim, (width,))
    if family in of_classes:
        discriminator = networks.ConditionalMLPDiscriminator(shape, CLASSES, (width,))
    elif family is models.SemiSupervisedGAN:
        discriminator = networks.SemiSupervisedDiscriminator(shape, CLASSES, (width, 8))
    else:
        discriminator = networks.MLPDiscriminator(shape, (width,), dropout)
    if family is models.ACGAN:
        others["head"] = networks.ClassHead(width, CLASSES)
    if family is models.InfoGAN:
        others["recognition"] = infogan_game.head(num_features=width)
        others["code_indices"] = infogan_game.CODES
    players = {"generator": generator, "discriminator": discriminator}
    return {**players, "prior": prior, **others, "ema_decay": 0.9, "seed": 5}


PARTS = ("shape", "latent_dim", "width", "dropout")


def make_gan(family=models.GAN, strategy=None, own=None, **options):
    """A compiled game, with the same first weights every time.

    Args:
        family: a class of `keras_gan.models`.
        strategy: None or a `tf.distribute` strategy.
        own: dict of arguments of the constructor, in place of those of `parts`.
        **options: of `parts`, and the rules of `compile`.
    """
    chosen = {name: options.pop(name) for name in PARTS if name in options}
    keras.utils.set_random_seed(11)
    with strategy.scope() if strategy else contextlib.nullcontext():
        gan = family(**{**parts(family, **chosen), **(own or {})})
        gan.compile(**options)
    return gan
