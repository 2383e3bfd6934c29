"""The relativistic loss: a real sample is compared with a fake one."""

from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.losses.loss import Loss, mean


@register
class Relativistic(Loss):
    """Relativistic loss (RSGAN): real samples are to look more real than their fakes.

    With the logits r = D(x) and a = D(G(z)) of the same row: D = E softplus(-(r - a)),
    that is -E log sigmoid(r - a), and G = E softplus(-(a - r)) (Jolicoeur-Martineau,
    2019). An undecided discriminator has loss log 2: one term, not two.

    Only differences of logits count: a constant added to all of them changes nothing.
    So no logit is a threshold between real and fake, scores are raw logits, and no
    accuracy is logged.

    Raises:
        ValueError: in both methods, if there are not as many real logits as fake ones.

    Example:

    >>> import keras
    >>> logits = keras.ops.zeros((4, 1))
    >>> round(float(Relativistic().discriminator_loss(logits, logits)), 4)  # log 2
    0.6931
    """

    threshold = None

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        check_pairs(real_logits, fake_logits)
        return mean(ops.softplus(-(real_logits - fake_logits)))

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        check_pairs(real_logits, fake_logits)
        return mean(ops.softplus(-(fake_logits - real_logits)))


def check_pairs(real_logits: Tensor, fake_logits: Tensor) -> None:
    """Raise a ValueError unless each real logit has a fake one beside it."""
    shapes = tuple(real_logits.shape), tuple(fake_logits.shape)
    alike = len(shapes[0]) == len(shapes[1]) and all(
        None in (real, fake) or real == fake for real, fake in zip(*shapes, strict=True)
    )
    if not alike:
        raise ValueError(
            "Relativistic pairs each real logit with the fake one of the same row, so "
            f"both have one shape. Received: real_logits of shape {shapes[0]}, "
            f"fake_logits of shape {shapes[1]}. RelativisticAverage takes any two "
            "numbers of rows."
        )
