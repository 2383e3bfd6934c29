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
    "relatives-1d": Experiment(
        "relatives_1d",
        ("relatives-1d.png",),
        "NCE, maximum likelihood and a GAN, one value function: what each finds",
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
PAGES = ("game-2d",)  # those that `--html` makes a page of
LOOKS = 50  # at each of a page's games, at equal distances, besides that at its start


def check_page(name, html, steps):
    """Refuse the options of a page where there is none, and steps that it cannot show.

    Args:
        name: str or None, of an experiment.
        html: str or None, where the page goes.
        steps: int or None, of each of its games.

    Raises:
        ValueError: for another experiment, or steps without a page or that are not the
            same number between two looks.
    """
    if html is not None and name not in PAGES:
        raise ValueError(f"--html is for {', '.join(PAGES)}. Received: {name}")
    if html is None and steps is not None:
        raise ValueError(
            "--steps is the length of the games of a page: pass --html page.html too."
        )
    if steps is not None and steps % LOOKS:
        near = max(1, round(steps / LOOKS)) * LOOKS
        raise ValueError(
            f"--steps is a multiple of {LOOKS}, the moments that the page shows. "
            f"Received: --steps {steps}; {near} is the nearest."
        )


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
