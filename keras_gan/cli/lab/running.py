"""Running an experiment of the catalogue: from its name to its pictures on the disk."""

import importlib
import os

from keras_gan import plots
from keras_gan.cli import reporting
from keras_gan.cli.lab import catalogue

PNG_WIDTH, GIF_WIDTH = 1200, 480  # pixels


def run(experiment, folder, seed):
    """Play an experiment, write its pictures into `folder`, and print their paths.

    Args:
        experiment: `catalogue.Experiment`.
        folder: str; made if it is not there.
        seed: int in [0, 2**31 - 1], of all that is random in the experiment.

    Raises:
        OSError: if a picture cannot be written; each is there as a whole or not at all.
    """
    module = importlib.import_module(f"keras_gan.cli.lab.{experiment.module}")
    pictures = module.draw(seed)
    for path in catalogue.paths(experiment, folder):
        picture = pictures[os.path.basename(path)]
        if path.endswith(".gif"):
            with reporting.progress("Drawing", len(picture)) as advance:
                plots.write_gif(path, _counted(picture, advance), GIF_WIDTH)
        else:
            plots.write_png(path, picture, PNG_WIDTH)
        reporting.say(os.path.abspath(path))


def _counted(film, advance):
    for drawing in film:
        yield drawing()
        advance()
