"""The catalogue of `keras-gan lab`: names, files and sentences, without an import."""

import difflib
import os
from typing import NamedTuple


class Experiment(NamedTuple):
    """An entry of the catalogue.

    Attributes:
        module: its file in this folder, without the ending.
        files: the names of the pictures that it draws.
        shows: what is seen, as half a sentence.
    """

    module: str
    files: tuple
    shows: str


EXPERIMENTS = {
    "game-1d": Experiment(
        "game_1d",
        ("game-1d.png", "game-1d.gif"),
        "one-dimensional GAN: both densities, the discriminator, the map z to x",
    ),
    "game-2d": Experiment(
        "game_2d",
        ("game-2d.png",),
        "two-dimensional GAN: real, fake, and the discriminator as a map",
    ),
    "costs": Experiment(
        "costs",
        ("costs.png",),
        "three generator losses, the size and the noise of their gradients",
    ),
    "kl": Experiment(
        "kl",
        ("kl.png",),
        "mode covering by KL, mode seeking by reverse KL: one Gaussian, two modes",
    ),
    "mle": Experiment(
        "mle",
        ("mle.png",),
        "maximum likelihood is minimum KL, the better the larger the sample",
    ),
    "designs": Experiment(
        "designs",
        ("designs.png", "points.png"),
        "sampling designs: which items, and which pixels, each of them draws",
    ),
    "dirac": Experiment(
        "dirac",
        ("dirac.png",),
        "Dirac-GAN: which methods converge, which oscillate, which diverge",
    ),
}


def find(name):
    """The experiment called `name`.

    Raises:
        ValueError: for an unknown name, with the nearest ones.
    """
    if name in EXPERIMENTS:
        return EXPERIMENTS[name]
    near = difflib.get_close_matches(name, EXPERIMENTS, n=3, cutoff=0.4) or EXPERIMENTS
    raise ValueError(
        f"Unknown experiment {name!r}. Did you mean {', '.join(near)}? `keras-gan lab` "
        "shows all names."
    )


def paths(experiment, folder):
    """The paths of the pictures of an experiment."""
    return [os.path.join(folder, name) for name in experiment.files]
