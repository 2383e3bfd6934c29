"""The semi-supervised GAN: a classifier that learns from samples without labels."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan import datasets
from keras_gan.core import distribution, graphs
from keras_gan.core.registry import register
from keras_gan.losses import Loss
from keras_gan.models.gan import GAN
from keras_gan.penalties import Penalty
from keras_gan.priors import Prior
from keras_gan.schedules import HalfLife
from keras_gan.training import activations, labels, minibatches, play
from keras_gan.training.classification import (
    OfLabelled,
    check_outputs,
    cross_entropy,
    is_right,
    of_labelled,
)
from keras_gan.training.model import regularization
from keras_gan.training.precision import at_least_float32
from keras_gan.training.predicting import predict_in_batches
from keras_gan.training.rounds import Round

GENERATOR_COSTS = ("feature_matching", "loss")


@register
class SemiSupervisedGAN(GAN):
    """Semi-supervised GAN: a discriminator that also names the class of real samples.

    Salimans et al. (2016), "Improved Techniques for Training GANs". The discriminator
    gives K class logits l_k and features f(x). Fakes are a class of their own whose
    logit is 0, so that D(x) = Z/(Z + 1) with Z = sum_k exp l_k, and the logit of
    realness is log Z: losses, scores and penalties are about that one. D's loss has the
    cross-entropy of the classes of the samples that have a label,

        D = loss + class_weight * E -log p(y | x),    p(k | x) = exp l_k / Z,

    the mean over the labelled samples of the global minibatch, nothing if there are
    none. G's loss is feature matching, of the mean features of its samples and the
    data's:

        G = |E f(x) - E f(G(z))|^2.

    Data are (samples, labels), with -1 where the label is missing, or (samples,
    (labelled samples, labels)), as many of these as of those: see
    `datasets.few_labels`. The first form learns classes from samples of the game
    itself, in a pass of their own.

    With `ema_decay` the discriminator is averaged too; `classify` and the `error_rate`
    of `evaluate` are by its average.

    Args:
        generator, prior, ema_decay, seed: as for `GAN`.
        discriminator: built functional `keras.Model`, samples -> [class logits (batch,
            K), features (batch, d)], such as `networks.SemiSupervisedDiscriminator`.

    Raises:
        TypeError, ValueError: for parts that do not fit each other.

    Example:

    >>> import keras_gan
    >>> gan = SemiSupervisedGAN(
    ...     keras_gan.networks.SemiSupervisedGenerator((8, 8, 1), widths=(20,)),
    ...     keras_gan.networks.SemiSupervisedDiscriminator((8, 8, 1), widths=(30, 20)),
    ...     keras_gan.priors.Uniform(100, 0.0, 1.0),
    ... )
    >>> gan.compile()
    >>> digits = keras_gan.datasets.load("digits", batch_size=100, labels=True)
    >>> data = keras_gan.datasets.few_labels(digits, per_class=10)
    >>> history = gan.fit(data, verbose=0)
    >>> images, labels = next(iter(digits))
    >>> gan.classify(images).shape
    (100, 10)
    """

    discriminator_outputs = 2

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        check_outputs(discriminator)
        super().__init__(generator, discriminator, prior, ema_decay, seed, **kwargs)
        self.num_classes = discriminator.outputs[0].shape[-1]
        self._classifying = graphs.RowsGraph(
            lambda rows: ops.softmax(self.class_logits(rows))
        )

    def compile(
        self,
        loss: str | Loss = "non_saturating",
        penalties: Sequence[str | Penalty] = (),
        *,
        generator_cost: str = "feature_matching",
        class_weight: float = 1.0,
        generator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | str | None = None,
        latents: str = "fresh",
        **rules: Any,
    ) -> None:
        """Set the rules of the game; those not named here are as in `GAN.compile`.

        Args:
            generator_cost: "feature_matching", or "loss": what `loss` makes it pay.
            class_weight: float > 0. The paper's formula has 1; its code, where the
                discriminator's loss counts half, has 2.
            generator_optimizer, discriminator_optimizer: Keras optimizers or their
                names; None is Adam(0.003, beta_1=0.5), as in the paper's code.

        Raises:
            ValueError: for an unknown `generator_cost`, a weight that is not positive,
                or as `GAN.compile`.
        """
        if generator_cost not in GENERATOR_COSTS:
            raise ValueError(
                f"generator_cost is one of {GENERATOR_COSTS}. "
                f"Received: {generator_cost!r}."
            )
        if not class_weight > 0:
            raise ValueError(
                f"class_weight is positive. Received: class_weight={class_weight!r}."
            )
        super().compile(
            loss,
            penalties,
            generator_optimizer=generator_optimizer or _adam(),
            discriminator_optimizer=discriminator_optimizer or _adam(),
            latents=latents,
            **rules,
        )
        self.generator_cost = generator_cost
        self.class_weight = float(class_weight)
        self.trackers += [
            OfLabelled(name=name)
            for name in ("class_loss", "class_accuracy", "error_rate")
        ]

    def get_compile_config(self) -> dict[str, Any]:
        own = ("generator_cost", "class_weight")
        config = super().get_compile_config()
        return {**config, **{k: getattr(self, k) for k in own}} if config else {}

    def averaged_networks(self) -> dict[str, keras.Model]:
        return self.networks()

    def _end_is_seen(self):
        return activations.activation_before(self.discriminator.outputs[0]) == "linear"

    @property
    def _classifier(self):
        """The network that classifies: the averaged discriminator, or itself."""
        return self.ema_discriminator or self.discriminator

    def check_data(self, dataset: tf.data.Dataset, name: str) -> None:
        labelled = labels.labelled_part(dataset)
        labels.check_labels_spec(labelled.element_spec, self.num_classes, name)
        if labelled is not dataset:
            labels.check_beside(dataset, self.generator, self.discriminator, name)
        known = dataset if isinstance(dataset, datasets.EpochDataset) else labelled
        labels.check_classes(known, self.num_classes, name, missing=True)

    def minibatch_rules(self, element: Any) -> list[tuple[tf.Tensor, Any]]:
        pairs, beside = super().minibatch_rules(element), element[1]
        classes = beside
        if isinstance(beside, tuple):
            samples, classes = beside
            pairs += minibatches.of_samples(samples, self.generator, self.discriminator)
        return [*pairs, (classes, minibatches.Classes(self.num_classes, missing=True))]

    def split(self, data: Any) -> tuple[Any, Any]:
        real, beside, _ = keras.utils.unpack_x_y_sample_weight(data)
        samples, classes = beside if isinstance(beside, tuple) else (real, beside)
        return real, (samples, ops.cast(classes, "int32"))

    def generate(self, latents: Any, side: Any, training: bool) -> Any:
        return super().generate(latents, None, training)

    def draw(self, latents: Any, side: Any) -> Any:
        return super().draw(latents, None)

    def discriminate(
        self, samples: Any, side: Any, training: bool, seed: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Samples -> the logit of realness (batch, 1), log sum_k exp l_k."""
        samples = self.augmented(samples, training, seed)
        logits, _ = _outputs(self.discriminator, samples, training)
        return ops.logsumexp(logits, axis=-1, keepdims=True)

    def discriminator_objective(
        self, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        objective, logs = super().discriminator_objective(round)
        samples, classes = round.side
        samples = self.augmented(samples, True, round.side_seed)
        logits, _ = _outputs(self.discriminator, samples, training=True)
        loss, accuracy = (
            distribution.mean_of_step(of_labelled(values, classes), axis=0)
            for values in (cross_entropy(logits, classes), is_right(logits, classes))
        )
        logs = play.merged(logs, {"class_loss": loss, "class_accuracy": accuracy})
        cost = ops.divide_no_nan(*ops.unstack(loss))
        return objective + self.class_weight * cost, logs

    def generator_objective(
        self, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        if self.generator_cost == "loss":
            return super().generator_objective(round)
        shown = (
            self.augmented(samples, True, seed)
            for samples, seed in (
                (round.real, round.real_seed),
                (round.fake, round.fake_seed),
            )
        )
        real_mean, fake_mean = (
            distribution.mean_of_step(
                _outputs(self.discriminator, samples, training=True)[1], axis=0
            )
            for samples in shown
        )
        distance = ops.sum(ops.square(real_mean - fake_mean))
        return distance + regularization(self.generator_variables), {}

    def evaluation_logs(self, round: Round) -> dict[str, tf.Tensor]:
        samples, classes = round.side
        logits, _ = _outputs(self._classifier, samples, training=False)
        wrong = of_labelled(1.0 - is_right(logits, classes), classes)
        found = {"error_rate": ops.mean(wrong, axis=0)}
        return play.merged(super().evaluation_logs(round), found)

    def evaluation_functions(self) -> dict[str, Callable[..., Any]]:
        return {**super().evaluation_functions(), "class": self.classify}

    def classify(self, samples: ArrayLike, batch_size: int = 256) -> np.ndarray:
        """The class probabilities p(k | x) of samples, taken to be real.

        Args:
            samples: float array (n, ...), images in [-1, 1].
            batch_size: int, how many samples the network computes at a time.

        Returns:
            Float32 NumPy array (n, K), by the (averaged) discriminator.

        Raises:
            ValueError: for samples of another shape, dtype or range.
        """
        return predict_in_batches(self, self._classifying, samples, batch_size)

    def class_logits(self, samples: tf.Tensor) -> tf.Tensor:
        """Samples -> class logits (batch, K), in inference mode, as `classify`."""
        return _outputs(self._classifier, samples, training=False)[0]


def _outputs(network, samples, training):
    """Class logits and features, in float32 at least."""
    logits, features = network(samples, training=training)
    return at_least_float32(logits), at_least_float32(features)


def _adam():
    """The paper's optimizer, a new one for each player."""
    return keras.optimizers.Adam(0.003, beta_1=0.5)
