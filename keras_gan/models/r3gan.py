"""R3GAN: a relativistic loss with R1 and R2, and ramps over a burn-in."""

from typing import Any

import keras

from keras_gan.core.registry import register
from keras_gan.models.gan import GAN
from keras_gan.priors import Prior
from keras_gan.schedules import HalfLife
from keras_gan.training import checks
from keras_gan.training.r3gan_rules import HALF_LIFE, R3GANRules


@register
class R3GAN(R3GANRules, GAN):
    """R3GAN: a relativistic loss, flat at data and fakes, that needs no other tricks.

    A `GAN` whose rules are by default those of Huang et al. (2024): the relativistic
    loss, R1 and R2 at every update, Adam with beta_1 = 0, fresh latents and a fresh
    real minibatch for the generator, and half a cosine over a burn-in for gamma, the
    learning rate, Adam's beta_2, the half-life of the average and the augmentation's p.
    The penalties are about the slope at each sample by itself, so a discriminator with
    batch normalization is refused. `networks.R3GANGenerator` and `R3GANDiscriminator`
    are the paper's networks; any others play by these rules too.

    Args:
        generator, discriminator, prior, seed: as for `GAN`.
        ema_decay: as for `GAN`. The number of a `HalfLife` is where the half-life ends:
            it grows from 0 over the burn-in. 500 000 images are those of StackedMNIST
            and FFHQ, whose runs have 10 to 200 million; take a twentieth of a run at
            most.

    Raises:
        ValueError: for a discriminator with batch normalization; else as `GAN`.

    Example:

    >>> import keras_gan
    >>> sizes = {"widths": (32, 16), "blocks": 1}
    >>> gan = R3GAN(
    ...     keras_gan.networks.R3GANGenerator((8, 8, 1), latent_dim=16, **sizes),
    ...     keras_gan.networks.R3GANDiscriminator((8, 8, 1), **sizes),
    ...     keras_gan.priors.Normal(16),
    ...     ema_decay=keras_gan.schedules.HalfLife(10_000),
    ... )
    >>> gan.compile(gamma=(0.5, 0.05), burn_in=0.1)
    >>> gan.penalties[0].gamma
    Cosine(start=0.5, end=0.05, until=0.1)
    """

    conditional_family = "ConditionalR3GAN"

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior,
        ema_decay: float | HalfLife | None = HALF_LIFE,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, discriminator, prior, ema_decay, seed, **kwargs)
        checks.check_no_batch_normalization(discriminator, "R3GAN")
