"""ACGAN: a conditional game whose discriminator also tells the class."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core import graphs
from keras_gan.core.registry import register
from keras_gan.losses import Loss
from keras_gan.models.gan import GAN
from keras_gan.penalties import Penalty
from keras_gan.priors import Prior
from keras_gan.schedules import HalfLife
from keras_gan.training import backbone, play
from keras_gan.training.class_conditional import ClassConditional
from keras_gan.training.classification import cross_entropy, is_right
from keras_gan.training.precision import at_least_float32
from keras_gan.training.predicting import predict_in_batches
from keras_gan.training.rounds import Round


@register
class ACGAN(ClassConditional, GAN):
    """ACGAN: a conditional GAN whose discriminator is not told the class, but tells it.

    An auxiliary classifier, a head on the discriminator's backbone, gives p(y|x), and
    both players minimise its cross-entropy on what the generator makes of a class
    (Odena et al., 2017). With the cross-entropies C in nats and the weights w =
    class_weight, v = fake_class_weight,

        discriminator:  its objective + w (C(real) + v C(fake))
        generator:      its objective + w C(fake)

    With the paper's v = 1 both players may agree that what looks like an 8 is called a
    3; with v = 0 classes are learnt from the data alone. The head is updated with the
    discriminator. Samples, data and the generator have classes as in `ConditionalGAN`.

    Args:
        generator: built `keras.Model`, [latents, labels] -> samples.
        discriminator: built functional `keras.Model`, samples -> logits.
        head: built `keras.Model`, the input of the discriminator's last layer -> class
            logits (batch, num_classes), such as `networks.ClassHead`.
        prior, num_classes, class_probabilities, ema_decay, seed, class_names: as for
            `ConditionalGAN`.

    Raises:
        ValueError: for parts that do not fit each other; else as `ConditionalGAN`.

    Example:

    >>> from keras_gan import networks, priors
    >>> gan = ACGAN(
    ...     networks.ConditionalMLPGenerator((8, 8, 1), latent_dim=16, num_classes=10),
    ...     networks.MLPDiscriminator((8, 8, 1), widths=(64, 32)),
    ...     networks.ClassHead(num_features=32, num_classes=10),
    ...     priors.Normal(16),
    ...     num_classes=10,
    ... )
    >>> gan.compile()
    >>> gan.classify(gan.sample(3, seed=0, condition=7)).shape
    (3, 10)
    """

    conditioned = ("generator",)
    auxiliary = ("head",)

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        head: keras.Model,
        prior: Prior,
        num_classes: int,
        class_probabilities: Sequence[float] | None = None,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        class_names: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        backbone.check_is_head(head, "head")
        super().__init__(
            generator,
            discriminator,
            prior,
            ema_decay,
            seed,
            head=head,
            **kwargs,
        )
        self._set_classes(num_classes, class_probabilities, class_names)
        with_features = backbone.discriminator_with_features(discriminator)
        backbone.check_head(
            head,
            "head",
            with_features.outputs[1].shape[1:],
            self.num_classes,
            f"There is a logit for each of num_classes={self.num_classes} classes.",
        )
        # In a partial, since Keras would save the layers of an attribute once more.
        self._with_features = functools.partial(with_features)
        self._classifying = graphs.RowsGraph(
            lambda rows: ops.softmax(self.class_logits(rows))
        )

    def compile(
        self,
        loss: str | Loss = "non_saturating",
        penalties: Sequence[str | Penalty] = (),
        *,
        class_weight: float = 1.0,
        fake_class_weight: float = 1.0,
        **rules: Any,
    ) -> None:
        """Set the rules of the game; those not named here are as in `GAN.compile`.

        Args:
            class_weight: float > 0, of the cross-entropies.
            fake_class_weight: float >= 0, of that of fakes in the discriminator's turn.

        Raises:
            ValueError: for other weights, or as `GAN.compile`.
        """
        if not class_weight > 0:
            raise ValueError(
                f"class_weight is positive. Received: class_weight={class_weight!r}."
            )
        if not fake_class_weight >= 0:
            raise ValueError(
                "fake_class_weight is at least 0. "
                f"Received: fake_class_weight={fake_class_weight!r}."
            )
        super().compile(loss, penalties, **rules)
        self.class_weight = float(class_weight)
        self.fake_class_weight = float(fake_class_weight)
        names = ("class_loss", "fake_class_loss", "class_accuracy")
        self.trackers += [
            keras.metrics.Mean(name=name) for name in (*names, "fake_class_accuracy")
        ]

    def get_compile_config(self) -> dict[str, Any]:
        own = ("class_weight", "fake_class_weight")
        config = super().get_compile_config()
        return {**config, **{k: getattr(self, k) for k in own}} if config else {}

    # Hooks ----------------------------------------------------------------------------

    def discriminator_networks(self) -> dict[str, keras.Model]:
        return {**super().discriminator_networks(), "head": self.head}

    def discriminate(
        self, samples: Any, side: Any, training: bool, seed: tf.Tensor | None = None
    ) -> tf.Tensor:
        return super().discriminate(samples, None, training, seed)

    def look(
        self, samples: Any, side: Any, training: bool, seed: tf.Tensor | None = None
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Logits, and the features that the head looks at, by one pass."""
        samples = self.augmented(samples, training, seed)
        logits, features = self._with_features(samples, training=training)
        return at_least_float32(logits), features

    def class_logits(self, samples: tf.Tensor) -> tf.Tensor:
        """Samples -> class logits (batch, num_classes), in inference mode."""
        _, features = self._with_features(samples, training=False)
        return self._told(features, training=False)

    def _told(self, features, training):
        """Class logits of features, in float32 at least."""
        return at_least_float32(self.head(features, training=training))

    def discriminator_objective(
        self, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        looks = self.looks(round)
        objective, logs = self.discriminator_objective_from_looks(*looks, round)
        classes = [self._told(look.extras, training=True) for look in looks]
        found = _classified(*classes, round.side)
        cost = found["class_loss"] + self.fake_class_weight * found["fake_class_loss"]
        return objective + self.class_weight * cost, play.merged(logs, found)

    def generator_objective(
        self, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        real, fake = self.looks(round, penalised=False)
        objective, logs = self.generator_objective_from_looks(real, fake, round)
        classes = self._told(fake.extras, training=True)
        cost = ops.mean(cross_entropy(classes, round.side))
        return objective + self.class_weight * cost, logs

    def evaluation_logs(self, round: Round) -> dict[str, tf.Tensor]:
        classes = [self.class_logits(samples) for samples in (round.real, round.fake)]
        found = _classified(*classes, round.side)
        return play.merged(super().evaluation_logs(round), found)

    def evaluation_functions(self) -> dict[str, Callable[..., Any]]:
        return {**super().evaluation_functions(), "class": self.classify}

    def classify(self, samples: ArrayLike, batch_size: int = 256) -> np.ndarray:
        """The class probabilities p(y|x) of samples.

        Args:
            samples: float array (n, ...), images in [-1, 1].
            batch_size: int, how many samples the network computes at a time.

        Returns:
            Float32 NumPy array (n, num_classes).

        Raises:
            ValueError: for samples of another shape, dtype or range.
        """
        return predict_in_batches(self, self._classifying, samples, batch_size)


def _classified(real_logits, fake_logits, classes):
    """Cross-entropies in nats and shares of right answers, for the logs."""
    return {
        "class_loss": ops.mean(cross_entropy(real_logits, classes)),
        "fake_class_loss": ops.mean(cross_entropy(fake_logits, classes)),
        "class_accuracy": ops.mean(is_right(real_logits, classes)),
        "fake_class_accuracy": ops.mean(is_right(fake_logits, classes)),
    }
