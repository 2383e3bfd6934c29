"""From a checked config to a game, or to one sentence why there is none."""

import keras_gan
from keras_gan.saving import configs


def build(config, name):
    """The compiled game of `config`, from the weights that its seed draws.

    Args:
        config: dict, as `run_config.read` gives it, with every shape filled in.
        name: str, what the user called the config, for messages.

    Raises:
        ValueError: for a config that describes no game.
    """
    try:
        return configs.build(config, keras_gan.models.GAN)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(
            f"{name} describes no game that can be built: {configs.cause(error)}"
        ) from error
