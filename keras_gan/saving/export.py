"""Export: a SavedModel with named signatures, for TF Serving."""

import contextlib
import errno
import io
import json
import os

import keras
import tensorflow as tf

from keras_gan.core import files
from keras_gan.saving import signatures

# Where a SavedModel keeps what belongs to it and TensorFlow does not read.
CLASS_NAMES = os.path.join("assets.extra", "class_names.json")
# TensorFlow has other classes of errors, and says these in words.
_OF_DISKS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO, errno.EROFS)


def export_saved_model(
    game: keras.Model, filepath: str | os.PathLike, verbose: bool = False
) -> None:
    """Write the generator that `game.sample` uses as a SavedModel.

    Signatures, by rows, as TF Serving's `instances` and batching want them:
        serving_default: `latents` float32 (batch, latent_dim) -> `images` float32.
        generate: `seeds` int32 (batch,) -> `images` uint8, each row the one of
            `game.sample(1, seed)`, whatever stands beside it.
        png: the same -> `image_bytes`, PNG files; for images.
        sample: `num_samples` int32 scalar, `seed` int32 scalar -> `images` uint8, the
            rounded ones of `game.sample(num_samples, seed)`.

    Samples that are no images are called `samples`, and are float32 everywhere.
    Where the generator takes a condition, the first three take `labels` int32 (batch,)
    too, and `sample` has them in place of `num_samples`. What the classes are called,
    where they have names, is a JSON list in `assets.extra/class_names.json`. A label
    that is none, a seed below 0 and no samples are errors of the computation.

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
    archive = keras.export.ExportArchive()
    archive.track(game.sampler)
    for name, (function, inputs) in signatures.of_game(game).items():
        archive.add_endpoint(name, function, input_signature=inputs)
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
