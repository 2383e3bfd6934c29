"""The conditional GAN: both players are told the class."""

from collections.abc import Sequence
from typing import Any

import keras

from keras_gan.core.registry import register
from keras_gan.models.gan import GAN
from keras_gan.priors import Prior
from keras_gan.schedules import HalfLife
from keras_gan.training.class_conditional import ClassConditional


@register
class ConditionalGAN(ClassConditional, GAN):
    """Conditional GAN: a game of samples with classes, G(z, y) against D(x, y).

    Both networks take [inputs, labels], labels being ints (batch,), and have the same
    losses as without them, of p(x|y) in place of p(x) (Mirza and Osindero, 2014).
    A fake is judged under the class that it was made for: that of the real sample in
    its row, so that reals and fakes of a minibatch have the same classes.

    Args:
        generator: built `keras.Model`, [latents, labels] -> samples.
        discriminator: built `keras.Model`, [samples, labels] -> logits.
        prior: `keras_gan.priors.Prior`, of latents without the class.
        num_classes: int >= 1; labels are ints from 0 to num_classes - 1.
        class_probabilities: floats, one a class, that sum to 1: the classes of samples
            that are drawn without a condition. None: equal shares.
        ema_decay, seed: as for `GAN`.
        class_names: list of str, one a class, such as `class_names` of the data; None
            for classes that are numbers.

    Raises:
        ValueError: for networks of another number of classes, shares that are none;
            else as `GAN`.

    Example:

    >>> from keras_gan import networks, priors
    >>> gan = ConditionalGAN(
    ...     networks.ConditionalMLPGenerator((8, 8, 1), latent_dim=16, num_classes=10),
    ...     networks.ConditionalMLPDiscriminator((8, 8, 1), num_classes=10),
    ...     priors.Normal(16),
    ...     num_classes=10,
    ... )
    >>> gan.compile()
    >>> gan.sample(3, seed=0, condition=[7, 7, 1]).shape
    (3, 8, 8, 1)
    """

    conditioned = ("generator", "discriminator")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior,
        num_classes: int,
        class_probabilities: Sequence[float] | None = None,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        class_names: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, discriminator, prior, ema_decay, seed, **kwargs)
        self._set_classes(num_classes, class_probabilities, class_names)
