"""The game in which the discriminator also tells the class: ACGAN."""

import functools

import keras
import tensorflow as tf
from keras import ops

from keras_gan.models import body, play
from keras_gan.models.classification import cross_entropy, is_right
from keras_gan.models.conditional_gan import ConditionalGAN
from keras_gan.models.exactness import exact
from keras_gan.models.looking import look
from keras_gan.registry import register


@register
class ACGAN(ConditionalGAN):
    """A conditional game whose discriminator is not told the class, but tells it.

    A head on the discriminator's body gives p(y|x), and both players want it right on
    what the generator makes of a class (Odena et al., 2017). With the cross-entropies
    C in nats and the weights w = class_weight, v = fake_class_weight,

        discriminator:  its objective + w (C(real) + v C(fake))
        generator:      its objective + w C(fake)

    With the paper's v = 1 both players may agree that what looks like an 8 is called a
    3; with v = 0 classes are learnt from the data alone. The head moves with the
    discriminator. (A `ConditionalGAN`, since samples, data and the generator have
    classes in the same way.)

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
        whole = body.with_body(discriminator)
        body.check_head(
            head,
            "head",
            whole.outputs[1].shape[1:],
            self.num_classes,
            f"There is a logit for each of num_classes={self.num_classes} classes.",
        )
        self.head = head
        # In a partial, since Keras would save the layers of an attribute once more.
        self._whole = functools.partial(whole)
        self._classifying = None

    def get_config(self):
        head = keras.saving.serialize_keras_object(self.head)
        return {**super().get_config(), "head": head}

    @classmethod
    def from_config(cls, config):
        head = keras.saving.deserialize_keras_object(config["head"])
        return super().from_config({**config, "head": head})

    def compile(
        self,
        loss="non_saturating",
        penalties=(),
        *,
        class_weight=1.0,
        fake_class_weight=1.0,
        **rules,
    ):
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

    def get_compile_config(self):
        own = ("class_weight", "fake_class_weight")
        config = super().get_compile_config()
        return {**config, **{k: getattr(self, k) for k in own}} if config else {}

    # Hooks ----------------------------------------------------------------------------

    def discriminator_networks(self):
        return {**super().discriminator_networks(), "head": self.head}

    def discriminate(self, samples, condition, training):
        return super().discriminate(samples, None, training)

    def class_logits(self, samples):
        """Samples -> class logits (batch, num_classes), in inference mode."""
        return self._look(samples, training=False)[1]

    def _look(self, samples, training):
        """Logits and class logits by one pass, in float32 at least."""
        logits, features = self._whole(samples, training=training)
        return exact(logits), exact(self.head(features, training=training))

    def discriminator_objective(self, real, fake, latents, condition, seed):
        looks = self._look(real, training=True), self._look(fake, training=True)
        logits, classes = zip(*looks, strict=True)
        objective = self.discriminator_costs(real, fake, logits, condition, seed)
        found = _classified(*classes, condition)
        play.turn.notes |= found
        cost = found["class_loss"] + self.fake_class_weight * found["fake_class_loss"]
        return objective + self.class_weight * cost

    def generator_objective(self, real, fake, latents, condition, seed):
        real_logits = self.discriminate(real, condition, training=True)
        fake_logits, classes = self._look(fake, training=True)
        objective = self.generator_costs((real_logits, fake_logits))
        return objective + self.class_weight * ops.mean(
            cross_entropy(classes, condition)
        )

    def judge(self, real, fake, latents, condition):
        logs = super().judge(real, fake, latents, condition)
        classes = [self.class_logits(samples) for samples in (real, fake)]
        return {**logs, **_classified(*classes, condition)}

    def answers(self):
        return {**super().answers(), "class": self.classify}

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
                lambda rows: ops.softmax(self.class_logits(rows)),
                reduce_retracing=True,
            )
        return look(self, self._classifying, samples, batch_size)


def _classified(real_logits, fake_logits, classes):
    """Cross-entropies in nats and shares of right answers, for the logs."""
    return {
        "class_loss": ops.mean(cross_entropy(real_logits, classes)),
        "fake_class_loss": ops.mean(cross_entropy(fake_logits, classes)),
        "class_accuracy": ops.mean(is_right(real_logits, classes)),
        "fake_class_accuracy": ops.mean(is_right(fake_logits, classes)),
    }
