"""The minimax loss: the zero-sum game of the first GAN paper."""

from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.losses.loss import LogisticLoss, mean


@register
class Minimax(LogisticLoss):
    """Minimax loss (MMGAN): G minimises E log(1 - D(G(z))), zero-sum and saturating.

    With logits a = logit(D(G(z))): G = -E softplus(a), and its slope is -D: where the
    discriminator is sure of a fake, the generator learns nothing (Goodfellow et al.,
    2014, eq. 1).

    Args:
        label_smoothing: float in [0, 1), one-sided.

    Example:

    >>> import keras
    >>> logits = keras.ops.zeros((4, 1))
    >>> round(float(Minimax().generator_loss(logits, logits)), 4)  # -log 2
    -0.6931
    """

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return -mean(ops.softplus(fake_logits))  # log(1 - sigmoid(a))
