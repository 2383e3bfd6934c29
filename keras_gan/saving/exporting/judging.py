"""Judgements of samples in a SavedModel: logits, probabilities and classes."""

from typing import Any

import tensorflow as tf

from keras_gan.core.typing import Tensor
from keras_gan.divergences.batch_dependence import depends_on_batch
from keras_gan.losses.loss import LogisticLoss
from keras_gan.saving.exporting import labels

FAR = 4.0  # a generator without tanh may go beyond [-1, 1]; bytes are farther away


def is_left_out(game: Any) -> str | None:
    """The reason why a game's discriminator cannot be asked row by row, or None.

    A server puts rows of several callers into one batch, so the answer to one must not
    depend on the others.
    """
    size = getattr(game.discriminator, "pack_size", 1)
    if size > 1:
        return f"its discriminator sees {size} samples at once, and has a logit of all"
    if _depends_on_batch(game, training=False):
        return "the logit of a sample depends on the rest of its batch"
    return None


def is_calibrated(game: Any) -> bool:
    """Whether sigmoid(logit) is the probability that a sample is real, by the loss.

    It is for a logistic one with the targets 0 and 1; not where training sees logits
    that depend on the rest of the batch, as with batch normalization.
    """
    loss = game.loss if game.compiled else None
    is_logistic = isinstance(loss, LogisticLoss) and loss.label_smoothing == 0
    return is_logistic and not _depends_on_batch(game, training=True)


class Judge:
    """Functions of a game that judge samples, and refuse what is none.

    Attributes:
        inputs: list of `tf.TensorSpec`: samples, and labels where they are taken.
        classifies: bool, whether there is `classify`.
    """

    def __init__(self, game: Any) -> None:
        self._game = game
        self._calibrated = is_calibrated(game)
        self.classifies = hasattr(game, "class_logits")
        shape = game.sampler.output_shape[1:]
        self._name = labels.name_of_samples(game)
        told = labels.are_told(game, "discriminator")
        samples = tf.TensorSpec((None, *shape), tf.float32, name=self._name)
        self.inputs = [samples, *([labels.SPEC] if told else [])]

    def discriminate(self, samples: Tensor, *told: Tensor) -> dict[str, Tensor]:
        """`logits`, and `probability` where they are calibrated."""
        side = None
        for part in told:
            side = labels.checked(part, self._game.num_classes, samples)
        logits = self._game.discriminate(self._checked(samples), side, training=False)
        found = {"logits": tf.cast(logits, tf.float32)}
        if self._calibrated:
            found["probability"] = tf.sigmoid(found["logits"])
        return found

    def classify(self, samples: Tensor) -> dict[str, Tensor]:
        """`probabilities` of the classes, and `labels`, the most probable ones."""
        logits = self._game.class_logits(self._checked(samples))
        found = tf.cast(tf.nn.softmax(logits), tf.float32)
        most = tf.argmax(found, axis=-1, output_type=tf.int32)
        return {"probabilities": found, "labels": most}

    def _checked(self, samples):
        """Samples that are finite, and not bytes; others are an error in the graph."""
        limit, what = samples.dtype.max, "finite"
        if self._name == "images":
            limit, what = FAR, "in [-1, 1]"
        right = tf.reduce_all(tf.abs(samples) <= limit)  # false for NaN
        check = tf.debugging.Assert(right, [f"{self._name} are {what}"])
        with tf.control_dependencies([check]):
            return tf.identity(samples)


def _depends_on_batch(game, training):
    """Whether an output of the discriminator for a sample depends on other samples."""
    shape = game.sampler.output_shape[1:]
    if None in shape:
        return False
    samples = tf.TensorSpec((None, *shape), tf.float32)
    told = [labels.SPEC] if labels.are_told(game, "discriminator") else []

    def outputs(parts):
        inputs = list(parts) if told else parts[0]
        return game.discriminator(inputs, training=training)

    return depends_on_batch(outputs, (samples, *told))
