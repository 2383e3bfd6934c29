"""WGAN: the Wasserstein GAN, kept Lipschitz by weight clipping."""

from collections.abc import Callable
from typing import Any

import keras

from keras_gan.constraints import WeightClipping
from keras_gan.core.registry import register
from keras_gan.losses import Loss
from keras_gan.models.gan import GAN

CLIPPING = WeightClipping(0.01)


@register
class WGAN(GAN):
    """WGAN, the Wasserstein GAN: weights clipped, five discriminator updates a step.

    A `GAN` whose rules are by default those of Arjovsky et al. (2017, Algorithm 1):
    the Wasserstein loss, weights of the discriminator clipped to [-0.01, 0.01], 5 of
    its updates for each of the generator, RMSprop(5e-5) for both players. The paper's
    minibatch has 64 samples.

    Example:

    >>> import keras_gan
    >>> gan = WGAN(
    ...     keras_gan.networks.MLPGenerator((8, 8, 1), latent_dim=16),
    ...     keras_gan.networks.MLPDiscriminator((8, 8, 1)),
    ...     keras_gan.priors.Normal(16),
    ... )
    >>> gan.compile()
    >>> gan.discriminator_steps
    5
    """

    def compile(
        self,
        loss: str | Loss = "wasserstein",
        *,
        generator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_steps: int = 5,
        discriminator_constraint: Callable[[Any], Any] | None = CLIPPING,
        **rules: Any,
    ) -> None:
        """Set the rules of the game; those not named here are as in `GAN.compile`."""
        super().compile(
            loss,
            generator_optimizer=generator_optimizer or keras.optimizers.RMSprop(5e-5),
            discriminator_optimizer=(
                discriminator_optimizer or keras.optimizers.RMSprop(5e-5)
            ),
            discriminator_steps=discriminator_steps,
            discriminator_constraint=discriminator_constraint,
            **rules,
        )
