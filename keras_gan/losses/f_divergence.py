"""f-GAN losses: the game whose value is any f-divergence."""

import keras

from keras_gan.core.registry import register, snake_case
from keras_gan.core.typing import Config, Tensor
from keras_gan.divergences import f_divergences
from keras_gan.losses.loss import Loss, mean


@register
class FDivergence(Loss):
    """f-divergence loss (f-GAN): D bounds the divergence from below, G lowers it.

    With T = g(logit), the divergence's output activation: D maximises
    E T(x) - E f*(T(G(z))) and G minimises it, so D = -E T(x) + E f*(T(G(z))) and
    G = -E f*(T(G(z))) (Nowozin et al., 2016). At the best T = f'(p_data/p_model) the
    bound is the divergence itself. The score is T, and its threshold f'(1). With
    "gan" it is `Minimax`; with "jensen_shannon" its D is that minus log 4, its G plus
    log 2.

    Args:
        divergence: "kl", "reverse_kl", "pearson", "neyman", "squared_hellinger",
            "jensen_shannon", "jeffrey", "gan", or a
            `keras_gan.divergences.f_divergences.Divergence` (one of your own is
            registered with Keras to be saved).

    Raises:
        ValueError: for an unknown divergence.

    Example:

    >>> logits = keras.ops.zeros((4, 1))
    >>> round(float(FDivergence("gan").discriminator_loss(logits, logits)), 4)  # log 4
    1.3863
    """

    def __init__(
        self, divergence: str | Config | f_divergences.Divergence = "jensen_shannon"
    ):
        self.divergence = f_divergences.get(divergence)
        self.threshold = self.divergence.threshold

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        real = mean(self.divergence.activation(real_logits))
        return mean(self.divergence.conjugate_of_activation(fake_logits)) - real

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return -mean(self.divergence.conjugate_of_activation(fake_logits))

    def score(self, logits: Tensor) -> Tensor:
        """T = g(logit), the divergence's output activation."""
        return self.divergence.activation(logits)

    def get_config(self) -> Config:
        if type(self.divergence) in f_divergences.ALL:
            return {"divergence": snake_case(type(self.divergence).__name__)}
        return {"divergence": keras.saving.serialize_keras_object(self.divergence)}
