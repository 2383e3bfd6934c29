"""A SavedModel with named signatures, for TF Serving."""

import os

import keras
import tensorflow as tf

from keras_gan.pixels import to_uint8
from keras_gan.randomness import seed_of


def export_saved_model(game, filepath, verbose=False):
    """Write the generator that `game.sample` uses as a SavedModel.

    Signatures:
        serving_default: `latents` float32 (batch, latent_dim) -> images.
        generate: `num_samples` int32 scalar, `seed` int32 scalar -> uint8 images, the
            rounded ones of `game.sample(num_samples, seed)`.

    Args:
        game: a built game.
        filepath: a folder that does not exist yet.
        verbose: whether to print the signatures.

    Raises:
        FileExistsError: if something is there already.
    """
    filepath = os.fspath(filepath)
    if os.path.exists(filepath):
        raise FileExistsError(
            f"{filepath} exists already, and an export never overwrites. Choose "
            "another folder (TF Serving takes a new version number), or remove it."
        )
    prior, sampler = game.prior, game.sampler

    def serve(latents):
        return sampler(latents, training=False)

    def generate(num_samples, seed):
        latents = prior(num_samples, seed_of(seed, "sample"))
        return to_uint8(sampler(latents, training=False))

    archive = keras.export.ExportArchive()
    archive.track(sampler)
    latents = tf.TensorSpec((None, prior.latent_dim), tf.float32, name="latents")
    scalar = [tf.TensorSpec((), tf.int32, name=n) for n in ("num_samples", "seed")]
    archive.add_endpoint("serving_default", serve, input_signature=[latents])
    archive.add_endpoint("generate", generate, input_signature=scalar)
    archive.write_out(filepath, verbose=verbose)
