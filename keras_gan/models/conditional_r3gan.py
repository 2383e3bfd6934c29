"""The conditional R3GAN: R3GAN's rules in a game whose players are told the class."""

from collections.abc import Sequence
from typing import Any

import keras

from keras_gan.core.registry import register
from keras_gan.models.gan import GAN
from keras_gan.priors import Prior
from keras_gan.schedules import HalfLife
from keras_gan.training import checks
from keras_gan.training.class_conditional import ClassConditional
from keras_gan.training.r3gan_rules import HALF_LIFE, R3GANRules


@register
class ConditionalR3GAN(R3GANRules, ClassConditional, GAN):
    """Conditional R3GAN: R3GAN's rules (Huang et al., 2024) with classes.

    Networks, data and samples have classes as in `ConditionalGAN`, the rules are those
    of `R3GAN`. A fake is compared with the real sample in its row, so with one of its
    class; the generator's fresh minibatch has labels of its own.

    Args:
        generator: built `keras.Model`, [latents, labels] -> samples.
        discriminator: built `keras.Model`, [samples, labels] -> logits.
        prior, num_classes, class_probabilities, seed, class_names: as for
            `ConditionalGAN`.
        ema_decay: as for `R3GAN`; CIFAR-10's half-life ends at 5 million images of 250.

    Raises:
        ValueError: for a discriminator with batch normalization; else as
            `ConditionalGAN`.

    Example:

    >>> from keras_gan import networks, priors
    >>> sizes = {"widths": (32, 16), "blocks": 1, "num_classes": 10}
    >>> gan = ConditionalR3GAN(
    ...     networks.R3GANGenerator((8, 8, 1), latent_dim=16, **sizes),
    ...     networks.R3GANDiscriminator((8, 8, 1), **sizes),
    ...     priors.Normal(16),
    ...     num_classes=10,
    ... )
    >>> gan.compile(gamma=(0.05, 0.005), burn_in=0.08, augmentation=0.55)
    >>> gan.augmentation.p
    Cosine(start=0, end=0.55, until=0.08)
    """

    conditioned = ("generator", "discriminator")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior,
        num_classes: int,
        class_probabilities: Sequence[float] | None = None,
        ema_decay: float | HalfLife | None = HALF_LIFE,
        seed: int = 0,
        class_names: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, discriminator, prior, ema_decay, seed, **kwargs)
        checks.check_no_batch_normalization(discriminator, "ConditionalR3GAN")
        self._set_classes(num_classes, class_probabilities, class_names)
