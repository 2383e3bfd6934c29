"""A two-dimensional game: the discriminator as a map, real and fake points on it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from keras_gan.plots import style

LEVELS = np.linspace(0, 1, 21)  # of D, told apart by colour


class Moment2D(NamedTuple):
    """A two-dimensional (2D) game at one moment.

    Attributes:
        title: str, such as the training steps so far.
        line: array (n,), ascending: where the map was looked at, in both directions.
        discriminator: array (n, n), D(x) in [0, 1] there; each row is an x2.
        real, fake: arrays (m, 2), (k, 2), some points of data and model.
    """

    title: str
    line: np.ndarray
    discriminator: np.ndarray
    real: np.ndarray
    fake: np.ndarray


def two_dimensional_game(moments: Sequence[Moment2D]) -> Figure:
    """Two-dimensional game over time: the discriminator's heat map, reals and fakes.

    Where the map is orange the discriminator takes points for real, where it is purple
    for fake, and where it is white it cannot tell.

    Args:
        moments: list of `Moment2D`, drawn side by side.

    Returns:
        A `matplotlib.figure.Figure`, one axes a moment and one for the colours.

    Raises:
        ValueError: for no moment at all.

    Example:

    >>> line = np.linspace(-1, 1, 11)
    >>> undecided = np.full((11, 11), 0.5)
    >>> points = np.array([[0.0, 0.5], [0.5, 0.0]])
    >>> end = Moment2D("step 900", line, undecided, points, points)
    >>> len(two_dimensional_game([end]).axes)
    2
    """
    if not moments:
        raise ValueError("Pass at least one Moment2D. Received: none.")
    columns = len(moments)
    figure, [axes] = style.new_figure(2.1 * columns + 0.6, 3.1, columns=columns)
    for ax, moment in zip(axes, moments, strict=True):
        line = moment.line
        heat = ax.contourf(
            *(line, line, moment.discriminator), LEVELS, cmap="PuOr_r", alpha=0.8
        )
        points = {"linestyle": "none", "markeredgewidth": 0}
        ax.plot(
            *(*moment.real.T, "o"),
            color=style.DATA,
            markersize=2.2,
            label="real",
            **points,
        )
        ax.plot(
            *(*moment.fake.T, "o"),
            color=style.MODEL,
            markersize=2.2,
            label="fake",
            **points,
        )
        ax.set_aspect("equal")
        ax.set_xlim(line[0], line[-1])
        ax.set_ylim(line[0], line[-1])
        ax.locator_params(nbins=3)
        style.label(ax, moment.title, x="x1")
        ax.tick_params(labelleft=ax is axes[0])
    style.label(axes[0], y="x2")
    bar = figure.colorbar(heat, ax=list(axes), ticks=[0, 0.5, 1], pad=0.01, aspect=12)
    bar.ax.tick_params(labelsize=style.SMALL, labelcolor=style.GREY, length=3)
    bar.set_label("D(x)", fontsize=style.TEXT)
    bar.outline.set_visible(False)
    lines = axes[0].get_lines()
    figure.legend(
        lines,
        [line.get_label() for line in lines],
        loc="outside upper center",
        ncols=2,
        fontsize=style.SMALL,
        frameon=False,
        markerscale=2.5,
    )
    return figure
