"""The maximum-likelihood loss of the generator."""

from keras_gan.core.exponential import tangent_exp
from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.losses.loss import LogisticLoss, mean


@register
class MaximumLikelihood(LogisticLoss):
    """Maximum-likelihood loss: G minimises -E exp(logit), KL's gradient at the best D.

    At the optimum exp(a) = p_data/p_model, and the expected gradient is that of
    KL(p_data || p_model) (Goodfellow, 2016, section 3.2.4). Above a = 20 the
    exponential is continued by its tangent, so that value and gradient stay finite.

    Args:
        label_smoothing: float in [0, 1), one-sided.

    Example:

    >>> import keras
    >>> logits = keras.ops.zeros((4, 1))
    >>> float(MaximumLikelihood().generator_loss(logits, logits))
    -1.0
    """

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return -mean(tangent_exp(fake_logits))
