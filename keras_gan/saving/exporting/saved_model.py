"""SavedModel: a folder with named signatures, for TF Serving and its relatives."""

import contextlib
import errno
import io
import os
from typing import Any

import keras
import tensorflow as tf

from keras_gan.core import files
from keras_gan.saving.exporting import (
    about,
    agreement,
    half_precision,
    judging,
    quiet,
    signatures,
    warm_up,
)

# Where a SavedModel keeps what belongs to it and TensorFlow does not read.
EXTRA = "assets.extra"
# TensorFlow has other classes of errors, and says these in words.
_OF_DISKS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO, errno.EROFS)


def write(game: Any, path: str, dtype: str, warms_up: bool, verbose: bool) -> None:
    """Write what `game` draws and judges with as a SavedModel.

    Signatures, by rows, as TF Serving's `instances` and batching want them:
        serving_default: `latents` float32 (batch, latent_dim) -> `images` float32.
        generate: `seeds` int32 (batch,) -> `images` uint8, each row the one of
            `game.sample(1, seed)`, whatever stands beside it.
        png: the same -> `image_bytes`, PNG files; for images.
        discriminate: `images` float32 -> `logits`, and `probability` where
            sigmoid(logit) is meant as one by the loss (`judging`).
        classify: `images` -> `probabilities` (batch, K) and `labels`, the most
            probable ones; of an ACGAN or a SemiSupervisedGAN.
    and by numbers:
        sample: `num_samples` int32 scalar, `seed` int32 scalar -> `images` uint8, the
            rounded ones of `game.sample(num_samples, seed)`.

    Samples that are no images are called `samples`, and are float32 everywhere.
    Networks that take a condition take `labels` int32 (batch,) too, and `sample` has
    them in place of `num_samples`. `generate` and `png` of an InfoGAN take its codes
    (`codes.Code`). A label that is none, a seed below 0 and no samples are errors of
    the computation. What there is to be known of them is in JSON files in
    `assets.extra` (`about.of_game`).

    What was written is loaded and compared before the folder appears.

    Args:
        game: a built game.
        path: of a folder that does not exist yet.
        dtype: "float32", or "float16" for weights of two bytes.
        warms_up: whether TF Serving is given requests to begin with.
        verbose: whether to print the signatures.

    Raises:
        RuntimeError: if what was written draws other samples.
        OSError: if it cannot be written; nothing stays behind then.
    """
    archive = keras.export.ExportArchive()  # which tracks what the endpoints use
    found = signatures.of_game(game)
    if dtype == "float16":
        found = half_precision.of_signatures(found, game)
    for name, (function, inputs) in found.items():
        archive.add_endpoint(name, function, input_signature=inputs)
    said = io.StringIO()
    with files.new_folder(path) as folder:
        with contextlib.redirect_stdout(said), errors_of_the_disk(folder):
            archive.write_out(folder, verbose=verbose)
        _write_extra(folder, about.of_game(game))
        loaded = _loaded(folder)
        agreement.check(
            game, _running(loaded["serving_default"]), "SavedModel", dtype, asserts=True
        )
        if warms_up:
            requests = warm_up.requests_of(found)
            for name, inputs in requests:
                loaded[name](**inputs)  # one that fails would keep a server from it
            warm_up.write(os.path.join(folder, EXTRA), requests)
    if verbose:
        print(said.getvalue().replace(folder, path), end="")
        reason = judging.is_left_out(game)
        if reason is not None:
            print(f"There is no signature `discriminate`: {reason}.")


def _loaded(folder):
    """The signatures of a SavedModel, without TensorFlow's warnings for its readers.

    They are of gradients of gradients, which nothing here asks for.
    """
    with quiet.logging("absl"):
        return tf.saved_model.load(folder).signatures


def _running(signature):
    """A function of arrays by name to the samples that a signature draws."""

    def run(inputs):
        found = signature(**{name: tf.constant(part) for name, part in inputs.items()})
        return next(iter(found.values())).numpy()

    return run


def _write_extra(folder, found):
    extra = os.path.join(folder, EXTRA)
    os.makedirs(extra, exist_ok=True)
    for name, text in found.items():
        with open(os.path.join(extra, f"{name}.json"), "w", encoding="utf-8") as file:
            file.write(text)


@contextlib.contextmanager
def errors_of_the_disk(folder):
    """A scope in which what TensorFlow cannot write is an OSError, as Python's are."""
    try:
        yield
    except tf.errors.OpError as error:
        for number in _OF_DISKS:
            if os.strerror(number) in error.message:
                raise OSError(number, os.strerror(number), folder) from error
        if folder not in error.message:
            raise
        raise OSError(error.message) from error
