"""Consensus optimisation: both players also make the joint gradient small."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from keras_gan.core import distribution, gradients
from keras_gan.core.registry import register
from keras_gan.losses import Loss
from keras_gan.models.gan import GAN
from keras_gan.penalties import Penalty
from keras_gan.training import play

FIXED = {  # both players are updated once, at the same time, on the same minibatch
    "updates": "simultaneous",
    "discriminator_steps": 1,
    "latents": "shared",
    "real": "shared",
}


@register
class ConsensusGAN(GAN):
    """Consensus optimisation of a GAN: both objectives hold gamma/2 |joint gradient|^2.

    With v(w) = (grad_psi D's objective, grad_theta G's objective) at w = (psi, theta),
    both are updated at the same time: w <- w - h (v(w) + gamma grad_w 1/2 |v(w)|^2)
    (Mescheder et al., 2017, "The Numerics of GANs", whose players maximise, so that
    their v has the other sign). grad 1/2 |v|^2 = J'v with J the Jacobian of v. Where
    the Jacobian -J of the plain game's flow has eigenvalues on the imaginary axis, as
    the Dirac-GAN does, -J - gamma J'J has them to the left of it.

    v is the gradient of the global minibatch on any number of replicas. The optimizers
    are given the whole direction; with SGD the step is the formula. The logs hold
    `consensus`, gamma/2 |v|^2, and `d_loss` and `g_loss` with it. What a layer counts
    as constant, as `SpectralNormalization` its two vectors, is constant in J too.

    Args:
        as for `GAN`; `compile` takes `gamma` and no order of updates.

    Example:

    >>> import keras_gan
    >>> gan = ConsensusGAN(
    ...     keras_gan.networks.MLPGenerator((2,), latent_dim=2, widths=(8,)),
    ...     keras_gan.networks.MLPDiscriminator((2,), widths=(8,)),
    ...     keras_gan.priors.Normal(2),
    ... )
    >>> gan.compile(gamma=10.0, generator_optimizer=keras.optimizers.RMSprop(1e-4))
    >>> gan.updates
    'simultaneous'
    """

    def compile(
        self,
        loss: str | Loss = "non_saturating",
        penalties: Sequence[str | Penalty] = (),
        gamma: float = 1.0,
        **rules: Any,
    ) -> None:
        """Set the rules of the game; those not named here are as in `GAN.compile`.

        Args:
            gamma: float >= 0, the weight of 1/2 |v|^2; 0 is the plain game with
                simultaneous updates.

        Raises:
            ValueError: for a negative gamma, for another order of updates than the one
                there is here, for a lazy penalty (every > 1), for float16, in which
                second derivatives are lost, or as `GAN.compile`.
        """
        if not gamma >= 0:
            raise ValueError(f"gamma is at least 0. Received: gamma={gamma!r}.")
        for name, fixed in FIXED.items():
            if rules.pop(name, fixed) != fixed:
                raise ValueError(
                    "Both players of ConsensusGAN are updated once, at the same time "
                    f"and on the same minibatch: {name} is {fixed!r}. Leave it out."
                )
        super().compile(loss, penalties, **FIXED, **rules)
        for penalty in self.penalties:
            if penalty.every > 1:
                raise ValueError(
                    "A lazy penalty is right on average, which its square in |v|^2 is "
                    f"not. Received: {penalty.name} with every={penalty.every}. Give "
                    "it every=1."
                )
        for optimizer in (self.generator_optimizer, self.discriminator_optimizer):
            if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
                raise ValueError(
                    "ConsensusGAN multiplies gradients with second derivatives, which "
                    "float16 does not hold. Received: a LossScaleOptimizer or networks "
                    "of policy mixed_float16. Use float32 or mixed_bfloat16."
                )
        self.gamma = float(gamma)
        self.trackers.append(keras.metrics.Mean(name="consensus"))

    def get_compile_config(self) -> dict[str, Any]:
        config = super().get_compile_config()
        config = {k: v for k, v in config.items() if k not in FIXED}
        return {**config, "gamma": self.gamma} if self.compiled else {}

    def _move(self, data):
        return play.step(self, data, _agree)


def _agree(game, minibatches, share):
    """Consensus updates: gradients at one point, gamma J'v added, then both updates."""
    variables = [*game.discriminator_variables, *game.generator_variables]
    tape = gradients.tape_of(variables)
    with tape:
        d_slopes, g_slopes, logs = play.both_gradients(game, minibatches[0], share)
        own = [*d_slopes, *g_slopes]
        # A replica has J and v of its own rows. With v of all rows as a constant, its
        # own J'v adds up over the replicas to the whole one.
        v = [tf.stop_gradient(part) for part in distribution.global_sum(own)]
        aligned = sum(tf.reduce_sum(a * b) for a, b in zip(own, v, strict=True))
    slopes = gradients.by_variables(tape, aligned, variables)
    own = [part + game.gamma * slope for part, slope in zip(own, slopes, strict=True)]
    players = len(d_slopes)
    play.move_both(game, own[:players], own[players:])
    consensus = 0.5 * game.gamma * sum(tf.reduce_sum(part**2) for part in v)
    paid = {key: logs[key] + consensus for key in ("d_loss", "g_loss")}
    return {**logs, **paid, "consensus": consensus}
