"""Small games of every family, on vectors of six numbers or other samples."""

import contextlib

import keras

from helpers import infogan_game
from keras_gan import models, networks, priors

CLASSES = 3


def parts(family, shape=(6,), latent_dim=4):
    """The parts of a game: the constructor's arguments, networks of a few weights."""
    prior, width = priors.Normal(latent_dim), 16
    others, discriminator = {}, networks.MLPDiscriminator(shape, widths=(width,))
    if family is models.InfoGAN:
        prior = infogan_game.prior()
        others = {"recognition": infogan_game.head(), "code_parts": infogan_game.CODES}
    if family is models.SemiSupervisedGAN:
        discriminator = networks.SemiSupervisedDiscriminator(shape, CLASSES, (width, 8))
    generator = networks.MLPGenerator(shape, prior.latent_dim, widths=(width,))
    if family in (models.ConditionalGAN, models.ACGAN):
        others = {"num_classes": CLASSES}
        generator = networks.ConditionalMLPGenerator(
            shape, latent_dim, CLASSES, widths=(width,)
        )
    if family is models.ConditionalGAN:
        discriminator = networks.ConditionalMLPDiscriminator(shape, CLASSES, (width,))
    if family is models.ACGAN:
        others["head"] = networks.ClassHead(width, CLASSES)
    both = {"generator": generator, "discriminator": discriminator}
    return {**both, "prior": prior, **others}


def make_gan(
    family=models.GAN, strategy=None, shape=(6,), latent_dim=4, own=None, **rules
):
    """A compiled game, with the same first weights every time.

    Args:
        family: a class of `keras_gan.models`.
        strategy: None or a `tf.distribute` strategy.
        shape, latent_dim: of the samples and of the latents; InfoGAN has latents of
            its own.
        own: dict of arguments of the constructor, in place of those of `parts`.
        **rules: of `compile`.
    """
    keras.utils.set_random_seed(11)
    with strategy.scope() if strategy else contextlib.nullcontext():
        taken = {**parts(family, shape, latent_dim), "ema_decay": 0.9, "seed": 5}
        gan = family(**{**taken, **(own or {})})
        gan.compile(**rules)
    return gan
