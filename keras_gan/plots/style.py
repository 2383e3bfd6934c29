"""The style that all plots share, set on each figure and on nothing global."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend

# Colours of Okabe and Ito, which the colour-blind tell apart too.
BLACK, GREY, PALE = "#000000", "#595959", "#bfbfbf"
ORANGE, SKY, GREEN = "#e69f00", "#56b4e9", "#009e73"
BLUE, VERMILION, PURPLE = "#0072b2", "#d55e00", "#cc79a7"

# What means the same in every picture.
DATA, MODEL, DISCRIMINATOR = BLACK, GREEN, BLUE

DPI = 150
TEXT, SMALL = 9, 8  # points; a figure of 8 inches is read at 800 pixels


def new_figure(
    width: float,
    height: float,
    rows: int = 1,
    columns: int = 1,
    heights: Sequence[float] | None = None,
    share_y: bool = False,
) -> tuple[Figure, np.ndarray]:
    """A figure and its array of axes (rows, columns), without pyplot.

    Args:
        width, height: inches.
        rows, columns: ints >= 1.
        heights: the shares of the rows; None is equal ones.
        share_y: whether the axes of a row have one scale.
    """
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    axes = figure.subplots(
        rows,
        columns,
        squeeze=False,
        sharey="row" if share_y else False,
        height_ratios=heights,
    )
    for ax in axes.flat:
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_color(GREY)
        ax.tick_params(labelsize=SMALL, color=GREY, labelcolor=GREY, length=3)
    return figure, axes


def label(
    ax: Axes, title: str | None = None, x: str | None = None, y: str | None = None
) -> None:
    """Name what is drawn and, with their units, its axes."""
    if title is not None:
        ax.set_title(title, fontsize=TEXT, loc="left")
    if x is not None:
        ax.set_xlabel(x, fontsize=TEXT)
    if y is not None:
        ax.set_ylabel(y, fontsize=TEXT)


def legend(ax: Axes, position: str = "best") -> Legend:
    """A legend without a frame, at a position of matplotlib's."""
    return ax.legend(fontsize=SMALL, frameon=False, handlelength=1.8, loc=position)


def blank(ax: Axes) -> None:
    """Leave nothing of the frame of `ax`."""
    ax.spines[:].set_visible(False)
    ax.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)
