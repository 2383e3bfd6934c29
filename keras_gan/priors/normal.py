"""The standard normal prior."""

from keras_gan import randomness
from keras_gan.priors.prior import Prior
from keras_gan.registry import register


@register
class Normal(Prior):
    """z ~ N(0, I).

    Args:
        latent_dim: int >= 1.

    Example:

    >>> from keras_gan.randomness import seed_of
    >>> tuple(Normal(3)(5, seed_of(0, "docs")).shape)
    (5, 3)
    """

    def __call__(self, batch_size, seed):
        return randomness.normal((batch_size, self.latent_dim), seed)
