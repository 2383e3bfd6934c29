"""WGAN-GP: the Wasserstein GAN, kept Lipschitz by a gradient penalty."""

from collections.abc import Sequence
from typing import Any

import keras

from keras_gan.core.registry import register
from keras_gan.losses import Loss
from keras_gan.models.gan import GAN
from keras_gan.penalties import GradientPenalty, Penalty
from keras_gan.priors import Prior
from keras_gan.schedules import HalfLife
from keras_gan.training import checks

PENALTIES = (GradientPenalty(weight=10.0),)


@register
class WGANGP(GAN):
    """WGAN-GP, the Wasserstein GAN with gradient penalty: slopes of one.

    A `GAN` whose rules are by default those of Gulrajani et al. (2017, Algorithm 1):
    the Wasserstein loss, `GradientPenalty(10)`, 5 updates of the discriminator for each
    of the generator, Adam(1e-4, beta_1=0, beta_2=0.9) for both players. The paper's
    penalty is about the slope at each sample by itself, so a discriminator with batch
    normalization is refused.

    Raises:
        ValueError: for a discriminator with batch normalization; else as `GAN`.

    Example:

    >>> import keras_gan
    >>> gan = WGANGP(
    ...     keras_gan.networks.MLPGenerator((8, 8, 1), latent_dim=16),
    ...     keras_gan.networks.MLPDiscriminator((8, 8, 1)),
    ...     keras_gan.priors.Normal(16),
    ... )
    >>> gan.compile()
    >>> gan.penalties[0].weight
    10.0
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, discriminator, prior, ema_decay, seed, **kwargs)
        checks.check_no_batch_normalization(discriminator, "WGANGP")

    def compile(
        self,
        loss: str | Loss = "wasserstein",
        penalties: Sequence[str | Penalty] = PENALTIES,
        *,
        generator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_steps: int = 5,
        **rules: Any,
    ) -> None:
        """Set the rules of the game; those not named here are as in `GAN.compile`."""
        super().compile(
            loss,
            penalties,
            generator_optimizer=generator_optimizer or adam(),
            discriminator_optimizer=discriminator_optimizer or adam(),
            discriminator_steps=discriminator_steps,
            **rules,
        )


def adam():
    """The paper's optimizer, a new one for each player."""
    return keras.optimizers.Adam(1e-4, beta_1=0.0, beta_2=0.9)
