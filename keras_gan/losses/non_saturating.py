"""The non-saturating loss: the heuristic game that everybody trains."""

from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.losses.loss import LogisticLoss, mean


@register
class NonSaturating(LogisticLoss):
    """Non-saturating loss (NSGAN): G minimises -E log D(G(z)), strong where it loses.

    With logits a: G = E softplus(-a), slope -(1 - D) (Goodfellow et al., 2014,
    section 3; Goodfellow, 2016, section 3.2.3).

    Args:
        label_smoothing: float in [0, 1), one-sided.

    Example:

    >>> import keras
    >>> logits = keras.ops.zeros((4, 1))
    >>> round(float(NonSaturating().generator_loss(logits, logits)), 4)  # log 2
    0.6931
    """

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return mean(ops.softplus(-fake_logits))  # -log sigmoid(a)
