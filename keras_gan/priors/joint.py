"""The joint prior: independent parts side by side."""

from collections.abc import Sequence
from typing import Self

import keras
import tensorflow as tf

from keras_gan.core.randomness import derived
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.priors.prior import Prior


@register
class Joint(Prior):
    """Joint prior z = (z_1, ..., z_n): independent priors side by side, seeds apart.

    Args:
        priors: list of `Prior`, at least one.

    Attributes:
        slices: list of slices, where each part stands in a latent vector.

    Raises:
        ValueError: for an empty list, or what is no prior in it.

    Example: the latents of InfoGAN on MNIST, 62 of noise and three codes.

    >>> from keras_gan.priors import Categorical, Uniform
    >>> prior = Joint([Uniform(62), Categorical(10), Uniform(1), Uniform(1)])
    >>> prior.latent_dim, prior.slices[1]
    (74, slice(62, 72, None))
    """

    def __init__(self, priors: Sequence[Prior]):
        if not isinstance(priors, list | tuple) or not priors:
            raise ValueError(
                "priors is a list of priors, such as [Normal(62), Categorical(10)]. "
                f"Received: priors={priors!r}."
            )
        for index, prior in enumerate(priors):
            if not isinstance(prior, Prior):
                raise ValueError(
                    f"priors[{index}] is no prior. Received: {prior!r}, where "
                    "keras_gan.priors.Normal(62) is one."
                )
        super().__init__(sum(prior.latent_dim for prior in priors))
        self.priors = list(priors)
        self.slices = []
        for prior in self.priors:
            start = self.slices[-1].stop if self.slices else 0
            self.slices.append(slice(start, start + prior.latent_dim))

    def __call__(self, batch_size: int | Tensor, seed: Tensor) -> Tensor:
        parts = [
            prior(batch_size, derived(seed, index))
            for index, prior in enumerate(self.priors)
        ]
        return tf.concat(parts, axis=1)

    @property
    def entropy(self) -> float:
        """The sum of the parts' entropies, a float in nats."""
        return sum(prior.entropy for prior in self.priors)

    def get_config(self) -> Config:
        serialize = keras.saving.serialize_keras_object
        return {"priors": [serialize(prior) for prior in self.priors]}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        revive = keras.saving.deserialize_keras_object
        return cls([revive(prior) for prior in config["priors"]])
