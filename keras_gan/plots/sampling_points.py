"""Sampling points of an image, and what is seen there."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from keras_gan.plots import style


def sampling_points(image: ArrayLike, draws: Mapping[str, ArrayLike]) -> Figure:
    """An image with sampling points, and beside it the values at the points alone.

    Args:
        image: array (height, width) of grey levels.
        draws: dict of title -> int array (points, 2) of (row, column).

    Returns:
        A `matplotlib.figure.Figure`, two axes a design.

    Raises:
        ValueError: for no design, or no image.

    Example:

    >>> figure = sampling_points(np.eye(4), {"the corners": [[0, 0], [3, 3]]})
    >>> len(figure.axes)
    2
    """
    image = np.asarray(image)
    if image.ndim != 2 or not draws:
        raise ValueError(
            "Pass an image (height, width) and at least one design. Received: shape "
            f"{image.shape} and {len(draws)} designs."
        )
    figure, [axes] = style.new_figure(1.9 * 2 * len(draws), 2.2, columns=2 * len(draws))
    limits = {"vmin": image.min(), "vmax": image.max()}
    for position, (title, points) in enumerate(draws.items()):
        rows, columns = np.asarray(points).T
        whole, seen = axes[2 * position : 2 * position + 2]
        whole.imshow(image, cmap="gray", **limits)
        whole.scatter(columns, rows, s=9, c=style.VERMILION, linewidths=0)
        style.label(whole, f"{title}: {len(rows)} points")
        seen.scatter(
            columns,
            rows,
            s=24,
            c=image[rows, columns],
            cmap="gray",
            edgecolors=style.PALE,
            linewidths=0.5,
            **limits,
        )
        seen.set_xlim(whole.get_xlim())
        seen.set_ylim(whole.get_ylim())
        seen.set_aspect("equal")
        style.label(seen, "what is seen")
        for ax in (whole, seen):
            style.blank(ax)
    return figure
