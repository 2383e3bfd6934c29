"""Signatures of a SavedModel: what it computes, by the names that servers ask for."""

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from keras_gan.core.randomness import seed_of
from keras_gan.core.typing import Tensor
from keras_gan.pixels import to_uint8
from keras_gan.saving.exporting import codes, judging, labels

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
    """The signatures of what `game` draws and judges with, by name.

    Args:
        game: a built game.

    Returns:
        "serving_default", "generate", "sample"; for images "png"; "discriminate" and
        "classify" where there are such; as documented at `saved_model.write`.
    """
    drawn = _Drawn(game)
    seeds = tf.TensorSpec((None,), tf.int32, name="seeds")
    count, seed = (
        tf.TensorSpec((), tf.int32, name=name) for name in ("num_samples", "seed")
    )
    if drawn.told:
        sample = Signature(drawn.of_labels, [*drawn.told, seed])
    else:
        sample = Signature(drawn.of_number, [count, seed])
    of_seeds = [seeds, *drawn.told, *(code.spec for code in drawn.codes)]
    found = {
        "serving_default": Signature(drawn.of_latents, drawn.inputs),
        "generate": Signature(drawn.of_seeds, of_seeds),
        "sample": sample,
    }
    if drawn.makes_pictures:
        found["png"] = Signature(drawn.as_png, of_seeds)
    if judging.is_left_out(game) is None:
        judge = judging.Judge(game)
        found["discriminate"] = Signature(judge.discriminate, judge.inputs)
        if judge.classifies:
            found["classify"] = Signature(judge.classify, judge.inputs[:1])
    return found


class _Drawn:
    """Functions of a game that draw, and refuse what no sample is drawn for."""

    def __init__(self, game):
        self._prior, self._sampler = game.prior, game.sampler
        self.codes = codes.of_game(game)
        self.told = [labels.SPEC] if labels.are_told(game, "generator") else []
        self._num_classes = game.num_classes if self.told else None
        width = game.prior.latent_dim
        latents = tf.TensorSpec((None, width), tf.float32, name="latents")
        self.inputs = [latents, *self.told]
        self._output = labels.name_of_samples(game)
        shape = self._sampler.output_shape
        self.makes_pictures = len(shape) == 4 and shape[3] in PICTURES

    def of_latents(self, latents, *told):
        told = [labels.checked(part, self._num_classes, latents) for part in told]
        inputs = [latents, *told] if told else latents
        found = self._sampler(inputs, training=False)
        return {self._output: tf.cast(found, tf.float32)}

    def of_seeds(self, seeds, *rows):
        def latents_of(seed):
            return self._prior(1, seed_of(seed, "sample"))[0]

        spec = tf.TensorSpec((self._prior.latent_dim,), tf.float32)
        latents = tf.map_fn(latents_of, _seeds(seeds), fn_output_signature=spec)
        told, given = rows[: len(self.told)], rows[len(self.told) :]
        for code, values in zip(self.codes, given, strict=True):
            latents = code.replaced(latents, code.checked(values, latents))
        return self._as_bytes(self.of_latents(latents, *told))

    def of_number(self, num_samples, seed):
        least = tf.debugging.assert_positive(
            num_samples, "num_samples is at least 1", name="num_samples"
        )
        with tf.control_dependencies([least]):
            rows = tf.identity(num_samples)
        latents = self._prior(rows, seed_of(_seeds(seed), "sample"))
        return self._as_bytes(self.of_latents(latents))

    def of_labels(self, told, seed):
        latents = self._prior(tf.shape(told)[0], seed_of(_seeds(seed), "sample"))
        return self._as_bytes(self.of_latents(latents, told))

    def as_png(self, seeds, *rows):
        images = self.of_seeds(seeds, *rows)["images"]
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


def _seeds(seeds):
    least = tf.debugging.assert_non_negative(seeds, "a seed is at least 0")
    with tf.control_dependencies([least]):
        return tf.identity(seeds)
