"""Classification: what class logits say of labels, some of them missing (-1)."""

import keras
from keras import ops

from keras_gan.training import activations


def cross_entropy(logits, classes):
    """-log p(y | x) for each row, in nats: log sum_k exp l_k - l_y."""
    own = ops.sum(ops.one_hot(classes, logits.shape[-1]) * logits, axis=-1)
    return ops.logsumexp(logits, axis=-1) - own


def is_right(logits, classes):
    """1 for each row whose largest logit is that of its class, else 0."""
    return ops.cast(ops.argmax(logits, axis=-1) == classes, "float32")


def of_labelled(values, classes):
    """(value, 1) for each row that has a label, (0, 0) for the others.

    The mean over rows is then (sum of the labelled values, number of labels) / rows,
    and the first over the second the mean over labelled rows.
    """
    known = ops.cast(classes >= 0, values.dtype)
    return ops.stack([known * values, known], axis=-1)


class OfLabelled(keras.metrics.Mean):
    """The mean over labelled samples of what `of_labelled` gives."""

    def update_state(self, mean_and_share, sample_weight):
        mean, share = ops.unstack(mean_and_share)
        rows = ops.cast(sample_weight, share.dtype)
        super().update_state(ops.divide_no_nan(mean, share), rows * share)


def check_outputs(discriminator):
    """Raise unless a network gives class logits (batch, K) and features (batch, d).

    Raises:
        ValueError: for other outputs, and for class logits that end in an activation.
    """
    if not isinstance(discriminator, keras.Model) or not discriminator.built:
        return  # `GAN` says what is wrong
    outputs = getattr(discriminator, "outputs", None) or []
    shapes = [tuple(output.shape) for output in outputs]
    if [len(shape) for shape in shapes] != [2, 2]:
        raise ValueError(
            "The discriminator of SemiSupervisedGAN has two outputs, class logits "
            "(batch, K) and features (batch, d), such as "
            "networks.SemiSupervisedDiscriminator. Received: one whose outputs have "
            f"the shapes {shapes}."
        )
    activation = activations.activation_before(outputs[0])
    if activation in activations.LIMITS:
        raise ValueError(
            f"The class logits of the discriminator end in {activation}, but the game "
            "takes the softmax itself. Remove the last activation (activation=None)."
        )
