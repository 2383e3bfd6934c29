"""The relativistic average loss: a sample is compared with the other side's average."""

from keras import ops

from keras_gan.core import distribution
from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.losses.loss import Loss, mean


@register
class RelativisticAverage(Loss):
    """Relativistic average loss (RaSGAN): more real than the other side is on average.

    With the logits r = D(x), a = D(G(z)) and their means: D = E softplus(-(r - E a)) +
    E softplus(a - E r), and G the same with real and fake exchanged: E softplus(-(a -
    E r)) + E softplus(r - E a) (Jolicoeur-Martineau, 2019). The two sides may have
    different numbers of rows. In a step under several replicas the means are those of
    the global batch.

    Only differences of logits count: a constant added to all of them changes nothing.
    So no logit is a threshold between real and fake, scores are raw logits, and no
    accuracy is logged.

    Example:

    >>> import keras
    >>> real, fake = keras.ops.zeros((4, 1)), keras.ops.zeros((6, 1))
    >>> round(float(RelativisticAverage().discriminator_loss(real, fake)), 4)  # 2 log 2
    1.3863
    """

    threshold = None

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        real = real_logits - distribution.mean_of_step(fake_logits)
        fake = fake_logits - distribution.mean_of_step(real_logits)
        return mean(ops.softplus(-real)) + mean(ops.softplus(fake))

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return self.discriminator_loss(fake_logits, real_logits)
