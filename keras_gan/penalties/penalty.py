"""The base of penalties: terms of the discriminator's loss about its gradient."""

from collections.abc import Callable
from typing import Any, Self

import keras

from keras_gan.core import gradients
from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import snake_case
from keras_gan.core.typing import Config, Discriminate, Nest, Tensor
from keras_gan.schedules import Schedule

PLACES = ("real", "fake", "between")


class Penalty:
    """A penalty: a term of the discriminator's loss that looks at its gradient.

    A subclass implements `__call__(discriminate, real, fake, seed)` -> scalar, the mean
    over the batch. `real` and `fake` are what the discriminator is shown, nests of
    float tensors (batch, ...); `discriminate` maps such samples to logits by a pass of
    its own, which updates no batch statistics; `seed` is an int32 tensor of shape (2,).

    Args:
        every: int >= 1. A lazy penalty is applied on every n-th update of the
            discriminator and counts n times there (Karras et al., 2020, section 3.1,
            "lazy regularization"), starting with the first one.
        name: str, its log key; by default the class name in snake case.

    Attributes:
        at: "real", "fake" or "between": where its points lie, so whose side `side` and
            whose draws of noise `discriminate` takes. Between the two both have one
            side.

    Raises:
        ValueError: if `every` is not a positive integer.
    """

    at = "between"

    def __init__(self, every: int = 1, name: str | None = None):
        self.every = check_integer(every, "every", 1)
        self.name = name or snake_case(type(self).__name__)

    def prepared(self, real: Nest) -> Callable[..., Tensor]:
        """The penalty for one batch: a callable like itself.

        Called at every update, also where a lazy penalty is not due, since replicas
        cannot ask each other inside of a branch. A penalty that needs a number of the
        global batch works it out here; the others return themselves.
        """
        return self

    def __call__(
        self, discriminate: Discriminate, real: Nest, fake: Nest, seed: Tensor
    ) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} lacks __call__.")

    def of_run(self, run: Any) -> Self:
        """The same penalty as a game uses it, whose schedules follow a run.

        Args:
            run: `training.run_length.RunLength`.
        """
        changing = {n: v for n, v in vars(self).items() if isinstance(v, Schedule)}
        if not changing:
            return self
        penalty = type(self).from_config(self.get_config())
        for name, schedule in changing.items():
            setattr(penalty, name, run.following(schedule))
        return penalty

    def get_config(self) -> Config:
        return {"every": self.every, "name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        read = keras.saving.deserialize_keras_object
        objects = {k: read(v) for k, v in config.items() if isinstance(v, dict)}
        return cls(**{**config, **objects})


class SlopePenalty(Penalty):
    """A penalty on the slope, |grad D|, at the very samples that the loss is about.

    A subclass sets `at` to "real" or "fake" and implements `of_gradient(gradient)` ->
    scalar, of the gradient of the logits by these samples. One that is due at every
    update takes it from the same forward pass as the loss; a lazy one has a pass of its
    own, with the same draws.
    """

    def of_gradient(self, gradient: Nest) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} lacks of_gradient.")

    def __call__(
        self, discriminate: Discriminate, real: Nest, fake: Nest, seed: Tensor | None
    ) -> Tensor:
        samples = real if self.at == "real" else fake
        return self.of_gradient(gradients.by_inputs(discriminate, samples))


class DifferencePenalty(Penalty):
    """A penalty on how logits differ between the samples of the loss and points near.

    A subclass sets `at` to "real" or "fake" and implements `near(samples, seed)` -> a
    nest like `samples`, and `of_logits(logits, near_logits)` -> scalar. One that is due
    at every update takes the samples' logits from the forward pass of the loss; a lazy
    one has passes of its own, with the same draws.
    """

    def near(self, samples: Nest, seed: Tensor) -> Nest:
        raise NotImplementedError(f"{type(self).__name__} lacks near.")

    def of_logits(self, logits: Nest, near: Nest) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} lacks of_logits.")

    def __call__(
        self, discriminate: Discriminate, real: Nest, fake: Nest, seed: Tensor
    ) -> Tensor:
        samples = real if self.at == "real" else fake
        near = discriminate(self.near(samples, seed))
        return self.of_logits(discriminate(samples), near)
