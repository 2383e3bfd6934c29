"""The game in which the discriminator also tells the class: ACGAN."""

import functools

import keras
import tensorflow as tf
from keras import ops

from keras_gan import effects
from keras_gan.models import body, play
from keras_gan.models.classification import cross_entropy, is_right
from keras_gan.models.conditional_gan import ConditionalGAN
from keras_gan.models.looking import look
from keras_gan.registry import register


@register
class ACGAN(ConditionalGAN):
    """A conditional game whose discriminator is not told the class, but tells it.

    A head on the discriminator's body gives p(y|x), and both players want it right on
    what the generator makes of a class (Odena et al., 2017). With the cross-entropies
    C in nats

        discriminator:  its objective + class_weight (C(real) + C(fake))
        generator:      its objective + class_weight C(fake)

    The head moves with the discriminator. (A `ConditionalGAN`, since samples, data and
    the generator have classes in the same way.)

    Args:
        generator: built `keras.Model`, [latents, labels] -> samples.
        discriminator: built functional `keras.Model`, samples -> logits.
        head: built `keras.Model`, the input of the discriminator's last layer -> class
            logits (batch, num_classes), such as `networks.ClassHead`.
        prior, num_classes, class_shares, ema_decay, seed: as for `ConditionalGAN`.

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

    def __init__(
        self,
        generator,
        discriminator,
        head,
        prior,
        num_classes,
        class_shares=None,
        ema_decay=None,
        seed=0,
        **kwargs,
    ):
        super().__init__(
            generator,
            discriminator,
            prior,
            num_classes,
            class_shares,
            ema_decay,
            seed,
            **kwargs,
        )
        seen = body.body_of(discriminator)
        body.check_head(
            head,
            "head",
            seen.output_shape[1:],
            self.num_classes,
            f"There is a logit for each of num_classes={self.num_classes} classes.",
        )
        self.head = head
        # In a partial, since Keras would save the layers of an attribute once more.
        self._body = functools.partial(seen)
        self._classifying = None

    def get_config(self):
        head = keras.saving.serialize_keras_object(self.head)
        return {**super().get_config(), "head": head}

    @classmethod
    def from_config(cls, config):
        head = keras.saving.deserialize_keras_object(config["head"])
        return super().from_config({**config, "head": head})

    def compile(
        self, loss="non_saturating", penalties=(), *, class_weight=1.0, **rules
    ):
        """Set the rules of the game; those not named here are as in `GAN.compile`.

        Args:
            class_weight: float > 0, of the cross-entropies.

        Raises:
            ValueError: for a weight that is not positive, or as `GAN.compile`.
        """
        if not class_weight > 0:
            raise ValueError(
                f"class_weight is positive. Received: class_weight={class_weight!r}."
            )
        super().compile(loss, penalties, **rules)
        self.class_weight = float(class_weight)
        names = ("class_loss", "class_accuracy", "fake_class_accuracy")
        self.trackers += [keras.metrics.Mean(name=name) for name in names]

    def get_compile_config(self):
        config = super().get_compile_config()
        return {**config, "class_weight": self.class_weight} if config else {}

    # Hooks ----------------------------------------------------------------------------

    def discriminator_networks(self):
        return {**super().discriminator_networks(), "head": self.head}

    def discriminate(self, samples, condition, training):
        return super().discriminate(samples, None, training)

    def class_logits(self, samples, training):
        """Samples -> class logits (batch, num_classes), in float32 at least."""
        with effects.captured():  # what the body counts, `discriminate` has counted
            features = self._body(samples, training=training)
        logits = self.head(features, training=training)
        return ops.cast(logits, keras.backend.result_type(logits.dtype, "float32"))

    def discriminator_objective(self, real, fake, latents, condition, seed):
        objective = super().discriminator_objective(
            real, fake, latents, condition, seed
        )
        found = self._classified(real, fake, condition, training=True)
        play.turn.notes |= found
        return objective + self.class_weight * found["class_loss"]

    def generator_objective(self, real, fake, latents, condition, seed):
        objective = super().generator_objective(real, fake, latents, condition, seed)
        logits = self.class_logits(fake, training=True)
        return objective + self.class_weight * ops.mean(
            cross_entropy(logits, condition)
        )

    def judge(self, real, fake, latents, condition):
        logs = super().judge(real, fake, latents, condition)
        return {**logs, **self._classified(real, fake, condition, training=False)}

    def answers(self):
        return {**super().answers(), "class": self.classify}

    def _classified(self, real, fake, classes, training):
        real_logits = self.class_logits(real, training)
        fake_logits = self.class_logits(fake, training)
        losses = [
            cross_entropy(logits, classes) for logits in (real_logits, fake_logits)
        ]
        return {
            "class_loss": ops.mean(losses[0]) + ops.mean(losses[1]),
            "class_accuracy": ops.mean(is_right(real_logits, classes)),
            "fake_class_accuracy": ops.mean(is_right(fake_logits, classes)),
        }

    def classify(self, samples, batch_size=256):
        """The class probabilities p(y|x) of samples.

        Args:
            samples: float array (n, ...), images in [-1, 1].
            batch_size: int, how many samples the network computes at a time.

        Returns:
            Float32 NumPy array (n, num_classes).

        Raises:
            ValueError: for samples of another shape, dtype or range.
        """
        if self._classifying is None:
            self._classifying = tf.function(
                lambda rows: ops.softmax(self.class_logits(rows, training=False)),
                reduce_retracing=True,
            )
        return look(self, self._classifying, samples, batch_size)
