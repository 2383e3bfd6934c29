"""The hinge loss: a margin for the discriminator."""

from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.losses.loss import Loss, mean


@register
class Hinge(Loss):
    """Hinge loss: D wants real logits above 1 and fake ones below -1; G raises its own.

    D = E max(0, 1 - D(x)) + E max(0, 1 + D(G(z))), G = -E D(G(z)) (Lim and Ye, 2017;
    Miyato et al., 2018).

    Example:

    >>> import keras
    >>> logits = keras.ops.zeros((4, 1))
    >>> float(Hinge().discriminator_loss(logits, logits))
    2.0
    """

    threshold = 0.0

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        real = mean(ops.relu(1 - real_logits))
        return real + mean(ops.relu(1 + fake_logits))

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return -mean(fake_logits)
