"""The page of a two-dimensional game: its variants, with a slider over time.

It holds what was played as bytes: values of D on a map, 256 levels between the least
and the largest of each moment, and the points of G, to 1/65535 of the map's side.
"""

import gzip
import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from keras_gan.explore import document

CHARTS = document.HERE / "vendor" / "chart_js"
POLICY = (
    "default-src 'none'; "
    "script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; "
    "img-src data:"
)
SCRIPTS = (
    "unpacking",
    "controls",
    "game_trajectories",
    "game_charts",
    "game_switches",
    "game_main",
)


class Trajectory(NamedTuple):
    """A game that was played, as numbers.

    Attributes:
        choice: dict, the option of each switch, by its title.
        values: float array (looks, side, side), of D on the map; each row is an x2.
        points: float array (looks, n, 2), of G.
        d_loss, g_loss: float arrays (looks - 1,), means of the steps between looks.
        modes: int array (looks,), modes that G's points fall on.
        good: float array (looks,), the share of them that are on a mode.
        is_probability: whether `values` are in [0, 1].
    """

    choice: dict[str, str]
    values: np.ndarray
    points: np.ndarray
    d_loss: np.ndarray
    g_loss: np.ndarray
    modes: np.ndarray
    good: np.ndarray
    is_probability: bool


def game_page(
    trajectories: Sequence[Trajectory],
    filepath: str | os.PathLike,
    *,
    facts: dict[str, Any],
    overwrite: bool = False,
) -> None:
    """Write a page, an HTML file, that shows how games of points went, also offline.

    Args:
        trajectories: all of one number of looks, side of map and number of points.
        filepath: something.html.
        facts: "title"; "reach", of the map from -reach to reach; "steps" at each look;
            "real" points; "num_modes"; "switches", each with its "title", what is
            "said" of it, and its "options", each with a "name" and what is "said";
            "refused", pairs of a choice and the reason why it was not played.
        overwrite: whether to replace a file that is there.

    Raises:
        ValueError: for another suffix.
        FileExistsError: if something is there, without `overwrite`.
    """
    path = os.fspath(filepath)
    document.check(path, overwrite)
    reach = facts["reach"]
    pairs = [_levels(game) for game in trajectories]
    levels = np.stack([values for values, _ in pairs])
    points = np.stack([game.points for game in trajectories])
    shares = np.clip((points + reach) / (2 * reach), 0, 1)
    numbers = np.round(65535 * shares).astype("<u2")
    held = {
        **facts,
        "real": np.round(facts["real"], 3).tolist(),
        "side": levels.shape[-1],
        "points": points.shape[-2],
        "games": [
            {
                "choice": game.choice,
                "d_loss": _rounded(game.d_loss),
                "g_loss": _rounded(game.g_loss),
                "modes": np.asarray(game.modes).tolist(),
                "good": np.round(game.good, 3).tolist(),
                "range": None if game.is_probability else _rounded(ends),
            }
            for game, (_, ends) in zip(trajectories, pairs, strict=True)
        ],
    }
    document.write(
        path,
        "game",
        SCRIPTS,
        held,
        POLICY,
        licence=(CHARTS / "LICENSE").read_text("utf-8"),
        charts=(CHARTS / "chart.umd.min.js").read_text("utf-8"),
        values=document.packed(gzip.compress(levels.tobytes(), mtime=0)),
        places=document.packed(gzip.compress(numbers.tobytes(), mtime=0)),
    )


def _levels(game):
    """Values as uint8, and the least and the largest of each look (looks, 2)."""
    if game.is_probability:
        ends = np.tile([0.0, 1.0], (len(game.values), 1))
    else:
        ends = np.stack([game.values.min((1, 2)), game.values.max((1, 2))], axis=1)
    low, high = ends.T[:, :, np.newaxis, np.newaxis]
    shares = (game.values - low) / np.maximum(high - low, 1e-12)
    return np.round(255 * shares).astype("uint8"), ends


def _rounded(numbers):
    """Numbers of three digits, as a list."""
    return [
        _rounded(number) if np.ndim(number) else float(f"{number:.3g}")
        for number in numbers
    ]
