"""The Wasserstein loss: the dual of the earth mover's distance."""

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.losses.loss import Loss, mean


@register
class Wasserstein(Loss):
    """Wasserstein loss: D maximises E D(x) - E D(G(z)), G minimises the same (WGAN).

    For a 1-Lipschitz discriminator its maximum is the Wasserstein-1 distance (Arjovsky
    et al., 2017, eq. 2): pass a penalty or a constraint that makes it Lipschitz.
    Scores are raw outputs with no threshold, so no accuracy is logged.

    Example:

    >>> import keras
    >>> one = keras.ops.ones((4, 1))
    >>> float(Wasserstein().discriminator_loss(2 * one, one))
    -1.0
    """

    threshold = None

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return mean(fake_logits) - mean(real_logits)

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return -mean(fake_logits)
