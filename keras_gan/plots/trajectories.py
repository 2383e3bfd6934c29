"""Trajectories of games of two numbers, in the plane of their two players."""

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from keras_gan.plots import style

COLUMNS = 4


def trajectories(paths: Mapping[str, np.ndarray]) -> Figure:
    """Trajectories of games of two numbers around their equilibrium at 0.

    A path begins at the ring and ends at the full point; it is pale first and dark
    last. The cross is the equilibrium, the title names the distance r of the end from
    it.

    Args:
        paths: dict, the name of a game -> array (steps + 1, 2) of the generator's and
            the discriminator's parameter, theta and psi.

    Returns:
        A `matplotlib.figure.Figure`, one axes a path, all on one scale.

    Raises:
        ValueError: for no path.

    Example:

    >>> turn = np.linspace(0, 2 * np.pi, 50)
    >>> circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    >>> figure = trajectories({"orbit": circle})
    >>> figure.axes[0].get_title(loc="left").splitlines()
    ['orbit', 'r = 1.00']
    """
    if not paths:
        raise ValueError("Pass at least one path. Received: none.")
    columns = min(COLUMNS, len(paths))
    rows = math.ceil(len(paths) / columns)
    figure, axes = style.new_figure(2 * columns, 2.5 * rows, rows, columns)
    reach = 1.08 * max(abs(path).max() for path in paths.values())
    for ax, (name, path) in zip(axes.flat, paths.items(), strict=False):
        _draw(ax, name, path)
        ax.set_xlim(-reach, reach)
        ax.set_ylim(-reach, reach)
        ax.set_aspect("equal")
        ax.tick_params(labelleft=ax in axes[:, 0])
    for ax in axes.flat[len(paths) :]:
        ax.remove()
    for ax in axes[-1]:
        style.label(ax, x="theta")
    for ax in axes[:, 0]:
        style.label(ax, y="psi")
    return figure


def _draw(ax, name, path):
    end = np.hypot(*path[-1])
    style.label(ax, f"{name}\nr = {end:#.3g}")
    ax.plot(0, 0, "+", color=style.VERMILION, markersize=9)
    ax.scatter(
        *path.T, c=np.arange(len(path)), cmap="Blues", vmin=-len(path) / 2, s=3, lw=0
    )
    ax.plot(*path[0], "o", markersize=5, markerfacecolor="none", color=style.BLACK)
    ax.plot(*path[-1], "o", markersize=4, color=style.BLACK)
