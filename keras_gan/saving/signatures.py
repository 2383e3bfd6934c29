"""Signatures of a SavedModel: what it computes, by the names that servers ask for."""

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from keras_gan.core.randomness import seed_of
from keras_gan.core.typing import Tensor
from keras_gan.pixels import to_uint8

PICTURES = (1, 2, 3, 4)  # channels; two are shown as red and green


class Signature(NamedTuple):
    """A signature.

    Attributes:
        function: of tensors, to a dict of tensors by the names of the outputs.
        inputs: list of `tf.TensorSpec`, with the names of the inputs.
    """

    function: Callable[..., dict[str, Tensor]]
    inputs: list[tf.TensorSpec]


def of_game(game: Any) -> dict[str, Signature]:
    """The signatures of the generator that `game.sample` uses, by name.

    Args:
        game: a built game.

    Returns:
        "serving_default", "generate", "sample", and for images "png"; as documented at
        `export.export_saved_model`.
    """
    latents = tf.TensorSpec((None, game.prior.latent_dim), tf.float32, name="latents")
    seeds, labels = (
        tf.TensorSpec((None,), tf.int32, name=name) for name in ("seeds", "labels")
    )
    count, seed = (
        tf.TensorSpec((), tf.int32, name=name) for name in ("num_samples", "seed")
    )
    drawn = _Drawn(game)
    if drawn.is_told:
        told, sample = [labels], Signature(drawn.of_labels, [labels, seed])
    else:
        told, sample = [], Signature(drawn.of_number, [count, seed])
    found = {
        "serving_default": Signature(drawn.of_latents, [latents, *told]),
        "generate": Signature(drawn.of_seeds, [seeds, *told]),
        "sample": sample,
    }
    if drawn.makes_pictures:
        found["png"] = Signature(drawn.as_png, [seeds, *told])
    return found


class _Drawn:
    """Functions of a game that draw, and refuse what no sample is drawn for."""

    def __init__(self, game):
        self._prior, self._sampler = game.prior, game.sampler
        self.is_told = "generator" in game.conditioned
        self._num_classes = game.num_classes if self.is_told else None
        shape = self._sampler.output_shape
        self._output = "images" if len(shape) == 4 else "samples"
        self.makes_pictures = len(shape) == 4 and shape[3] in PICTURES

    def of_latents(self, latents, *labels):
        labels = [self._checked(part, latents) for part in labels]
        inputs = [latents, *labels] if labels else latents
        return {self._output: self._sampler(inputs, training=False)}

    def of_seeds(self, seeds, *labels):
        def latents_of(seed):
            return self._prior(1, seed_of(seed, "sample"))[0]

        spec = tf.TensorSpec((self._prior.latent_dim,), tf.float32)
        latents = tf.map_fn(latents_of, _seeds(seeds), fn_output_signature=spec)
        return self._as_bytes(self.of_latents(latents, *labels))

    def of_number(self, num_samples, seed):
        least = tf.debugging.assert_positive(
            num_samples, "num_samples is at least 1", name="num_samples"
        )
        with tf.control_dependencies([least]):
            rows = tf.identity(num_samples)
        latents = self._prior(rows, seed_of(_seeds(seed), "sample"))
        return self._as_bytes(self.of_latents(latents))

    def of_labels(self, labels, seed):
        latents = self._prior(tf.shape(labels)[0], seed_of(_seeds(seed), "sample"))
        return self._as_bytes(self.of_latents(latents, labels))

    def as_png(self, seeds, *labels):
        images = self.of_seeds(seeds, *labels)["images"]
        if images.shape[3] == 2:
            images = tf.pad(images, [[0, 0], [0, 0], [0, 0], [0, 1]])
        spec = tf.TensorSpec((), tf.string)
        encoded = tf.map_fn(tf.io.encode_png, images, fn_output_signature=spec)
        return {"image_bytes": encoded}  # TF Serving sends what ends so as base64

    def _as_bytes(self, found):
        """Images as bytes; other samples as they are."""
        if self._output != "images":
            return found
        return {"images": to_uint8(found["images"])}

    def _checked(self, labels, latents):
        """Labels that are classes, one for each row; others are an error in the graph.

        Out of range a lookup would take the last class, or whatever lies there.
        """
        last = self._num_classes - 1
        checks = [
            tf.debugging.assert_non_negative(labels, f"labels are from 0 to {last}"),
            tf.debugging.assert_less_equal(
                labels, last, f"labels are from 0 to {last}"
            ),
            tf.debugging.assert_equal(
                tf.shape(labels)[0], tf.shape(latents)[0], "a label for each row"
            ),
        ]
        with tf.control_dependencies(checks):
            return tf.identity(labels)


def _seeds(seeds):
    least = tf.debugging.assert_non_negative(seeds, "a seed is at least 0")
    with tf.control_dependencies([least]):
        return tf.identity(seeds)
