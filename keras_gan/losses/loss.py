"""The base of adversarial losses: what both players minimise, given logits."""

from typing import Self

import tensorflow as tf
from keras import ops

from keras_gan.core.covariance import as_floats
from keras_gan.core.typing import Config, Tensor


class Loss:
    """An adversarial loss: what the discriminator and the generator minimise.

    The two belong together (a hinge discriminator against a Wasserstein generator is a
    bug), so a loss is the pair. A subclass implements `discriminator_loss` and
    `generator_loss`, both scalar means over the batch, in nats for the logistic family.

    Attributes:
        threshold: the score above which a sample counts as called real, or None where
            scores have no such point and no accuracy is logged.
    """

    threshold: float | None = 0.5

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The discriminator's loss: scalar, from logits of any equal-rank shapes."""
        raise NotImplementedError(f"{type(self).__name__} lacks discriminator_loss.")

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The generator's loss: scalar. Most losses do not look at `real_logits`."""
        raise NotImplementedError(f"{type(self).__name__} lacks generator_loss.")

    def score(self, logits: Tensor) -> Tensor:
        """The score of logits, as the logs print it: the logits themselves."""
        return logits

    @property
    def score_names(self) -> tuple[str, ...]:
        """The log keys of `scores`."""
        names = ("real_score", "fake_score")
        if self.threshold is None:
            return names
        return (*names, "real_accuracy", "fake_accuracy")

    def scores(self, real_logits: Tensor, fake_logits: Tensor) -> dict[str, Tensor]:
        """The mean scores, and the shares that are called right, for the logs."""
        real, fake = self.score(real_logits), self.score(fake_logits)
        means = [mean(real), mean(fake)]
        if self.threshold is not None:
            for right in (real > self.threshold, fake <= self.threshold):
                means.append(mean(ops.cast(right, "float32")))
        return dict(zip(self.score_names, means, strict=True))

    def get_config(self) -> Config:
        return {}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(**config)


class LogisticLoss(Loss):
    """A loss whose discriminator is a logistic classifier, D(x) = sigmoid(logit).

    The discriminator minimises -E log D(x) - E log(1 - D(G(z))) (Goodfellow et al.,
    2014, eq. 1, with the sign turned), without the factor 1/2 of the 2016 tutorial: an
    undecided discriminator has loss 2 log 2.

    Args:
        label_smoothing: float in [0, 1), one-sided: the target of real samples is
            1 - label_smoothing (Salimans et al., 2016, section 3.4).
    """

    def __init__(self, label_smoothing: float = 0.0):
        self.label_smoothing = checked_smoothing(label_smoothing)

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        # -(1 - s) log sigmoid(a) - s log(1 - sigmoid(a)) = softplus(-a) + s a
        real = ops.softplus(-real_logits) + self.label_smoothing * real_logits
        return mean(real) + mean(ops.softplus(fake_logits))

    def score(self, logits: Tensor) -> Tensor:
        """D(x) = sigmoid(logit), in [0, 1]."""
        return ops.sigmoid(logits)

    def get_config(self) -> Config:
        return {"label_smoothing": self.label_smoothing}


def checked_smoothing(label_smoothing: float) -> float:
    """Return `label_smoothing` as a float, or raise a ValueError outside [0, 1)."""
    number = as_floats(label_smoothing, "label_smoothing")
    if number.ndim or not 0 <= number < 1:
        raise ValueError(
            "label_smoothing is subtracted from the target 1 of real samples and lies "
            f"in [0, 1). Received: label_smoothing={label_smoothing}."
        )
    return float(number)


def mean(values: Tensor) -> Tensor:
    """The mean over a batch; a ValueError for one without rows, whose mean is NaN."""
    if tf.TensorShape(values.shape).num_elements() == 0:
        raise ValueError(
            "A loss is a mean over a batch of at least one row. Received: logits of "
            f"shape {tuple(values.shape)}. Leave empty batches out."
        )
    return ops.mean(values)
