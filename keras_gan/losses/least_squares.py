"""The least-squares loss (LSGAN)."""

from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.losses.loss import Loss, checked_smoothing, mean


@register
class LeastSquares(Loss):
    """Least-squares loss (LSGAN): D regresses 1 for real and 0 for fake; G wants 1.

    D = 1/2 E(D(x) - 1)^2 + 1/2 E D(G(z))^2 and G = 1/2 E(D(G(z)) - 1)^2 on the raw
    outputs, without a sigmoid (Mao et al., 2017, with the targets a = 0, b = c = 1).

    Args:
        label_smoothing: float in [0, 1), one-sided: D's target for real samples is
            1 - label_smoothing.

    Example:

    >>> import keras
    >>> logits = keras.ops.zeros((4, 1))
    >>> float(LeastSquares().discriminator_loss(logits, logits))
    0.5
    """

    def __init__(self, label_smoothing: float = 0.0):
        self.label_smoothing = checked_smoothing(label_smoothing)

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        real = mean(ops.square(real_logits - (1 - self.label_smoothing)))
        return 0.5 * real + 0.5 * mean(ops.square(fake_logits))

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return 0.5 * mean(ops.square(fake_logits - 1))

    def get_config(self) -> Config:
        return {"label_smoothing": self.label_smoothing}
