"""A last activation that no layer shows: of a subclassed discriminator, say."""

import keras
import numpy as np
import tensorflow as tf

from keras_gan.core import effects
from keras_gan.datasets import notices

ROWS = 8  # samples that are looked at, or as many packs


def warn_if_never_negative(logits_of, element, networks):
    """Warn if logits are never negative, as after a sigmoid or a ReLU.

    That those of some samples are not says little: of a network without training they
    often have one sign, and lie near 0. So each variable is turned round, and replaced
    by -1 and by 1. In a network that ends in a linear layer one of these, its last
    kernel's or bias', makes a logit negative; behind a sigmoid or a ReLU none does.

    Args:
        logits_of: callable from an element of the data to logits, a nest of them.
        element: nest of tensors (rows, ...), of the data.
        networks: those that make the logits, which are left as they are.
    """
    packs = max(getattr(network, "pack_size", 1) for network in networks)
    few = tf.nest.map_structure(lambda x: x[: ROWS * packs], element)

    def logits(changes=()):
        with effects.captured(changes):
            found = tf.nest.flatten(logits_of(few))
        return np.concatenate([np.ravel(part) for part in found])

    found = logits()
    if not (found >= 0).all():  # nor where one is NaN, which is told elsewhere
        return
    variables = [v for network in networks for v in network.trainable_variables]
    for variable in reversed(variables):  # the last layer's is mostly the last
        ones = keras.ops.ones_like(variable)
        for other in (-variable.value, -ones, ones):
            if not (logits([(variable, other)]) >= 0).all():
                return
    low, high = found.min(), found.max()
    kind = "a sigmoid" if high <= 1 else "a ReLU"
    notices.warn(
        f"The discriminator's last activation looks like {kind}: its logits of the "
        f"first samples lie between {low:.3g} and {high:.3g}, and none becomes "
        "negative whichever weight is changed. A game needs logits, above 0 for what "
        "it thinks real, below 0 for what it thinks fake: the losses apply the sigmoid "
        "themselves. Remove the last activation."
    )
