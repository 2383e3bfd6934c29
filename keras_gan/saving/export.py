"""Export: a SavedModel with named signatures, for TF Serving."""

import contextlib
import errno
import io
import json
import os

import keras
import tensorflow as tf

from keras_gan.core import files
from keras_gan.core.randomness import seed_of
from keras_gan.pixels import to_uint8

# Where a SavedModel keeps what belongs to it and TensorFlow does not read.
CLASS_NAMES = os.path.join("assets.extra", "class_names.json")
# TensorFlow has other classes of errors, and says these in words.
_OF_DISKS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO, errno.EROFS)


def export_saved_model(
    game: keras.Model, filepath: str | os.PathLike, verbose: bool = False
) -> None:
    """Write the generator that `game.sample` uses as a SavedModel.

    Signatures:
        serving_default: `latents` float32 (batch, latent_dim) -> images.
        generate: `num_samples` int32 scalar, `seed` int32 scalar -> uint8 images, the
            rounded ones of `game.sample(num_samples, seed)`.

    Where the generator takes a condition, both take `labels` int32 (batch,) too, and
    `generate` needs no `num_samples`: it is the number of labels. What the classes are
    called, where they have names, is a JSON list in `assets.extra/class_names.json`.

    The folder appears as a whole, or not at all.

    Args:
        game: a built game.
        filepath: a folder that does not exist yet.
        verbose: whether to print the signatures.

    Raises:
        FileExistsError: if something is there already.
        OSError: if it cannot be written; nothing stays behind then.
    """
    filepath = os.fspath(filepath)
    if os.path.exists(filepath):
        raise FileExistsError(
            f"{filepath} exists already, and an export never overwrites. Choose "
            "another folder (TF Serving takes a new version number), or remove it."
        )
    prior, sampler = game.prior, game.sampler
    latents = tf.TensorSpec((None, prior.latent_dim), tf.float32, name="latents")
    labels = tf.TensorSpec((None,), tf.int32, name="labels")
    count, seed = (
        tf.TensorSpec((), tf.int32, name=name) for name in ("num_samples", "seed")
    )

    def serve(latents):
        return sampler(latents, training=False)

    def generate(num_samples, seed):
        return to_uint8(serve(prior(num_samples, seed_of(seed, "sample"))))

    def serve_classes(latents, labels):
        return sampler([latents, labels], training=False)

    def generate_classes(labels, seed):
        latents = prior(tf.shape(labels)[0], seed_of(seed, "sample"))
        return to_uint8(serve_classes(latents, labels))

    archive = keras.export.ExportArchive()
    archive.track(sampler)
    if "generator" in game.conditioned:
        endpoints = {
            "serving_default": (serve_classes, [latents, labels]),
            "generate": (generate_classes, [labels, seed]),
        }
    else:
        endpoints = {
            "serving_default": (serve, [latents]),
            "generate": (generate, [count, seed]),
        }
    for name, (function, signature) in endpoints.items():
        archive.add_endpoint(name, function, input_signature=signature)
    said = io.StringIO()
    with files.new_folder(filepath) as folder:
        with contextlib.redirect_stdout(said), _errors_of_the_disk(folder):
            archive.write_out(folder, verbose=verbose)
        _write_class_names(game, folder)
    if verbose:
        print(said.getvalue().replace(folder, filepath), end="")


@contextlib.contextmanager
def _errors_of_the_disk(folder):
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


def _write_class_names(game, folder):
    names = getattr(game, "class_names", None)
    if names is None:
        return
    path = os.path.join(folder, CLASS_NAMES)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(names, file, ensure_ascii=False)
