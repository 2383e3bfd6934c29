"""`keras-gan curves`: the training curves of a run as a picture."""

import os

from keras_gan import plots
from keras_gan.cli.reporting import say
from keras_gan.saving import checkpoints

WIDTH = 1200  # pixels


def draw(run, output):
    """Draw the curves of the newest checkpoint, and print where they are.

    Args:
        run: path of a run's folder, of a training that ended, stopped, or goes on.
        output: path of the PNG.

    Raises:
        ValueError: if no epoch has ended yet.
    """
    found = checkpoints.newest(os.path.join(run, "checkpoints"))
    logs = found[1]["history"]["logs"] if found else {}
    if not logs:
        raise ValueError(f"The run in {run} has not come to the end of an epoch yet.")
    plots.write_png(output, plots.training_curves(logs), WIDTH)
    say(f"Curves: {os.path.abspath(output)}")
