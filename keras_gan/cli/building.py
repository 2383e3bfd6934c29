"""Building a game from a checked config, or one sentence why there is none."""

import os

import keras_gan
from keras_gan.cli import zoo
from keras_gan.saving import configs, hdf5, size_limit
from keras_gan.saving.hubs import METADATA, WEIGHTS


def build(config, name, preset=None):
    """The compiled game of `config`, from the weights that its seed draws.

    Args:
        config: dict, as `run_config.read` gives it, with every shape filled in.
        name: str, what the user called the config, for messages.
        preset: path of the preset that it is the config of, whose weights bound its
            size; None if there is none, and the memory bounds it.

    Raises:
        ValueError: for a config that describes no game, or one that is too large.
    """
    limit = size_limit.of_memory() if preset is None else _of_weights(preset)
    try:
        with limit:
            return configs.build(config, keras_gan.models.GAN)
    except size_limit.TooLargeError as error:
        raise ValueError(f"{name}: {error}") from error
    except configs.ERRORS as error:
        raise ValueError(
            f"{name} describes no game that can be built: {configs.cause(error)}"
        ) from error


def _of_weights(preset):
    metadata = zoo.read_json(os.path.join(preset, METADATA))
    held = hdf5.check(os.path.join(preset, WEIGHTS))
    return size_limit.of_preset(metadata, held, preset)
