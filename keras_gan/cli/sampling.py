"""`keras-gan sample`, `export`, `explore`: samples, an exported form, a page."""

import os

import numpy as np

import keras_gan
from keras_gan import pixels
from keras_gan.cli.reporting import say
from keras_gan.core import files

KINDS = {"tf_saved_model": "SavedModel", "onnx": "ONNX", "litert": "LiteRT"}


def sample(preset, num_samples, seed, output, label=None):
    """Draw samples of a preset into a grid, an array file, or a folder of pictures.

    Args:
        preset: path of a preset's folder.
        num_samples: int >= 1.
        seed: int, which latents.
        output: path that ends in .png or .npz, or of a new folder.
        label: str, the class of all samples by name or number, or None for any.

    Raises:
        ValueError: for a label, if the preset's game draws without classes.
    """
    game = keras_gan.models.GAN.from_preset(preset)
    if label is None:
        images = game.sample(num_samples, seed=seed)
    elif "generator" in game.conditioned:
        images = game.sample(num_samples, seed=seed, condition=_class(label, game))
    else:
        raise ValueError(
            f"{type(game).__name__} draws without classes. Received: --label {label}. "
            "Leave it out, or take a preset of a ConditionalGAN."
        )
    kind = os.path.splitext(output)[1].lower()
    if kind == ".png":
        pixels.write_png(output, pixels.image_grid(images))
    elif kind == ".npz":
        with files.new_file(output) as file:
            np.savez_compressed(file, images=pixels.to_uint8(images), seed=seed)
    else:
        with files.new_folder(output) as folder:
            for index, picture in enumerate(pixels.as_pictures(images)):
                pixels.write_png(os.path.join(folder, f"{index:05d}.png"), picture)
    say(f"{num_samples} samples: {os.path.abspath(output)}")


def _class(label, game):
    """A label as `sample` takes it: a name where the game has names, else a number."""
    if game.class_names:
        return label
    if not label.isdecimal():
        raise ValueError(
            f"The classes of this game are numbers from 0 to {game.num_classes - 1}. "
            f"Received: --label {label}."
        )
    return int(label)


def export(preset, output, format, dtype, warm_up):
    """Write what a preset draws with to `output`; see `GAN.export`."""
    game = keras_gan.models.GAN.from_preset(preset)
    game.export(output, format, dtype, warm_up)
    say(f"{KINDS[format]}: {os.path.abspath(output)}")


def explore(preset, name, output, overwrite):
    """Write the page of a preset to `output`; see `keras_gan.explore.page`."""
    game = keras_gan.models.GAN.from_preset(preset)
    keras_gan.explore.page(game, output, name, overwrite)
    size = os.path.getsize(output) / 1e6
    say(f"Page, {size:.1f} MB: {os.path.abspath(output)}")
