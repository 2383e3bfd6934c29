"""A last activation that no layer shows: of a subclassed network, or a function."""

import keras
import numpy as np
import tensorflow as tf

from keras_gan.core import effects
from keras_gan.datasets import notices

ROWS = 8  # samples that are looked at, or as many packs
LARGE = 1000.0  # for a number that no activation brings to 1 unless it squashes
# What may be true of all outputs of a network -> whether some outputs break it.
BROKEN = {
    "never negative": lambda outputs: (outputs < 0).any(),
    "never positive": lambda outputs: (outputs > 0).any(),
    "never beyond [-1, 1]": lambda outputs: (np.abs(outputs) > 1.001).any(),
}
ONE_SIDED = ("never negative", "never positive")


def warn_of_logits(logits_of, element, networks):
    """Warn if logits have a limit, as after a sigmoid, a ReLU or a tanh.

    Args:
        logits_of: callable from an element of the data to logits, a nest of them.
        element: nest of tensors (rows, ...), of the data.
        networks: those that make the logits, which are left as they are.
    """
    packs = max(getattr(network, "pack_size", 1) for network in networks)
    said = _limits(logits_of, element, networks, ROWS * packs, tuple(BROKEN))
    if said is not None:
        notices.warn(
            f"The discriminator's last activation looks like {said}. A game needs "
            "logits, above 0 for what it thinks real, below 0 for what it thinks fake: "
            "the losses apply the sigmoid themselves. Remove the last activation."
        )


def warn_of_images(images_of, element, networks):
    """Warn if a generator's images are never negative or never positive.

    Args:
        images_of: callable from an element of the data to as many generated images.
        element: nest of tensors (rows, ...), of the data.
        networks: those that make the images, which are left as they are.
    """
    said = _limits(images_of, element, networks, ROWS, ONE_SIDED)
    if said is not None:
        notices.warn(
            f"The generator's last activation looks like {said}. Images lie in [-1, 1] "
            "here, as the real ones do: -1 is black and 1 is white. End in tanh."
        )


def _limits(outputs_of, element, networks, rows, kinds):
    """The limits of a network's outputs, in words, or None.

    That it is of some samples says little: of a network without training they often
    have one sign, and lie near 0. So the samples are enlarged, and each variable is
    turned round, and replaced by large numbers. In a network that ends in a linear
    layer one of these, its last kernel's or bias', breaks it; behind a sigmoid, say,
    none does.
    """
    few = tf.nest.map_structure(lambda x: x[:rows], element)
    enlarged = tf.nest.map_structure(
        lambda x: LARGE * x if x.dtype.is_floating else x, few
    )
    variables = [v for network in networks for v in network.trainable_variables]

    def outputs(changes=(), element=few):
        with effects.captured(changes):
            return [np.asarray(part) for part in tf.nest.flatten(outputs_of(element))]

    def changed():
        yield outputs(element=enlarged)
        for variable in reversed(variables):  # the last layer's is mostly the last
            large = LARGE * keras.ops.ones_like(variable)
            for other in (-variable.value, -large, large):
                yield outputs([(variable, other)])

    found = outputs()
    left = [_unbroken(part) if np.isfinite(part).all() else [] for part in found]
    others = changed()
    while any(set(kinds).intersection(kept) for kept in left):
        more = next(others, None)
        if more is None:
            break
        left = [_unbroken(*pair) for pair in zip(more, left, strict=True)]
    for part, kept in zip(found, left, strict=True):
        for kind in kinds:
            if kind in kept:
                return (
                    f"{_looks_like(kept)}: its outputs for the first samples lie "
                    f"between {part.min():.3g} and {part.max():.3g}, and are {kind}, "
                    "whichever weight is changed"
                )
    return None


def _unbroken(outputs, kinds=tuple(BROKEN)):
    return [kind for kind in kinds if not BROKEN[kind](outputs)]


def _looks_like(kinds):
    within = "never beyond [-1, 1]" in kinds
    if "never negative" in kinds:
        return "a sigmoid" if within else "a ReLU"
    return "a logarithm" if "never positive" in kinds else "a tanh"
