"""`keras-gan lab game-2d --html`: a page with all variants of the game, played."""

import os

import numpy as np

from keras_gan.cli import reporting
from keras_gan.cli.lab import game_2d_variants as variants
from keras_gan.explore import game_page

START = {"Game": "NSGAN", "R1": "off", "Packing": "1", "k": "1"}  # what is shown first
NUM_REAL = 250


def write(path, seed, steps=None, overwrite=False):
    """Play all variants, write the page, and print where it is.

    Args:
        path: str, something.html.
        seed: int in [0, 2**31 - 1].
        steps: int, of the generator in each game, a multiple of `variants.LOOKS`; None
            is `variants.STEPS`.
        overwrite: bool.

    Raises:
        OSError: if the page cannot be written; it is there as a whole or not at all.
    """
    steps = variants.STEPS if steps is None else steps
    page(variants.played(seed, steps), path, steps, overwrite)
    size = os.path.getsize(path) / 1e6
    reporting.say(f"Page, {size:.1f} MB: {os.path.abspath(path)}")


def page(games, path, steps, overwrite=False):
    """Write the page of games that were played, `variants.Played`."""
    looks = len(games[0].looks)
    facts = {
        "title": "A game of points",
        "reach": variants.REACH,
        "steps": np.linspace(0, steps, looks).astype(int).tolist(),
        "real": variants.DATA.sample(NUM_REAL, seed=0),
        "num_modes": len(variants.DATA.means),
        "switches": [
            {**switch._asdict(), "options": [one._asdict() for one in switch.options]}
            for switch in variants.SWITCHES
        ],
        "refused": variants.REFUSED,
        "start": next((i for i, g in enumerate(games) if g.choice == START), 0),
    }
    trajectories = [_trajectory(game) for game in games]
    game_page.game_page(trajectories, path, facts=facts, overwrite=overwrite)


def _trajectory(game):
    return game_page.Trajectory(
        choice=game.choice,
        values=np.stack([look.values for look in game.looks]),
        points=np.stack([look.points for look in game.looks]),
        d_loss=game.d_loss,
        g_loss=game.g_loss,
        modes=[look.coverage.modes for look in game.looks],
        good=[look.coverage.good_share for look in game.looks],
        is_probability=game.choice["Game"] != "WGAN-GP",
    )
