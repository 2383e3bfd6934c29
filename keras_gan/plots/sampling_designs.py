"""Sampling designs: which items of a population they draw."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.plots import style

CLASSES = (style.SKY, style.ORANGE, style.PURPLE, style.GREEN, style.VERMILION)


def sampling_designs(
    labels: ArrayLike, draws: Mapping[str, ArrayLike], columns: int = 40
) -> Figure:
    """Sampling designs: a population's items row by row, and those that each has drawn.

    Args:
        labels: int array (n,), 0 to 4: the class of each item, its colour.
        draws: dict of title -> int array of the items that were drawn.
        columns: int >= 1, items of a row.

    Returns:
        A `matplotlib.figure.Figure`, one axes a design.

    Raises:
        ValueError: for no design or column, a class without a colour, or an item that
            is none.

    Example:

    >>> figure = sampling_designs(np.zeros(12, int), {"every third": [2, 5, 8, 11]})
    >>> len(figure.axes), len(figure.axes[0].collections[1].get_offsets())
    (1, 4)
    """
    labels, columns = np.asarray(labels), check_integer(columns, "columns", 1)
    if not draws:
        raise ValueError("Pass at least one design. Received: none.")
    if labels.min() < 0 or labels.max() >= len(CLASSES):
        raise ValueError(
            f"Classes are numbers from 0 to {len(CLASSES) - 1}, one a colour. "
            f"Received: {labels.min()} to {labels.max()}."
        )
    x, y = np.arange(len(labels)) % columns, np.arange(len(labels)) // columns
    colours = np.array(CLASSES)[labels]
    height = 0.45 + 3.4 * (y.max() + 1) / columns
    figure, axes = style.new_figure(
        7.4, height * -(-len(draws) // 2), rows=-(-len(draws) // 2), columns=2
    )
    for ax, (title, drawn) in zip(axes.flat, draws.items(), strict=False):
        drawn = np.asarray(drawn)
        if len(drawn) and not 0 <= drawn.min() <= drawn.max() < len(labels):
            raise ValueError(
                f"{title} draws items from {drawn.min()} to {drawn.max()}, and the "
                f"population has the items 0 to {len(labels) - 1}."
            )
        ax.scatter(x, y, s=3, c=colours, alpha=0.35, linewidths=0)
        ax.scatter(x[drawn], y[drawn], s=16, c=colours[drawn], edgecolors=style.BLACK)
        ax.invert_yaxis()
        ax.set_aspect("equal")
        style.blank(ax)
        style.label(ax, f"{title}: {len(drawn)} items")
    for ax in axes.flat[len(draws) :]:
        ax.remove()
    return figure
