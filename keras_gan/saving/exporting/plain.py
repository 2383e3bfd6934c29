"""The generator as a graph for formats that hold no assertion: what is wrong is NaN."""

from typing import Any

import numpy as np
import tensorflow as tf

from keras_gan.saving.exporting import codes, labels
from keras_gan.saving.exporting.signatures import Signature


def of_game(game: Any) -> Signature:
    """latents[, labels][, codes] -> `images` (or `samples`), float32.

    ONNX and LiteRT take -1 for the last class, and what a lookup finds beyond it
    differs with the runtime. So the row of a label that is no class, or of a code that
    is none, is NaN in each of them; and all rows are where there are fewer or more
    labels than latents, unless the runtime refuses that itself.

    Args:
        game: a built game.
    """
    sampler, found = game.sampler, codes.of_game(game)
    told = [labels.SPEC] if labels.are_told(game, "generator") else []
    last = game.num_classes - 1 if told else None
    name = labels.name_of_samples(game)
    latents = tf.TensorSpec((None, game.prior.latent_dim), tf.float32, name="latents")

    def function(latents, *rows):
        classes, given = rows[: len(told)], rows[len(told) :]
        right = tf.ones((1,), tf.bool)
        for part in rows:
            right &= tf.equal(tf.shape(part)[0], tf.shape(latents)[0])
        for part in classes:
            right &= (part >= 0) & (part <= last)
        for code, values in zip(found, given, strict=True):
            right &= code.is_right(values)
            latents = code.replaced(latents, values)
        classes = [tf.clip_by_value(part, 0, last) for part in classes]
        inputs = [latents, *classes] if classes else latents
        samples = tf.cast(sampler(inputs, training=False), tf.float32)
        if rows:
            right = tf.reshape(right, [-1, *[1] * (len(samples.shape) - 1)])
            samples = tf.where(right, samples, np.float32(np.nan))
        return {name: samples}

    return Signature(function, [latents, *told, *(code.spec for code in found)])
