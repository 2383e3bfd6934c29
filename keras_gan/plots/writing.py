"""Figures as files, written as a whole or not at all."""

import io
import os
from collections.abc import Iterable

from matplotlib.figure import Figure
from PIL import Image

from keras_gan.core import files
from keras_gan.core.arguments import check_integer


def write_png(
    path: str | os.PathLike, figure: Figure, width: int | None = None
) -> None:
    """Write a figure as a PNG.

    Args:
        path: str or path-like.
        figure: `matplotlib.figure.Figure`.
        width: int >= 1, pixels; None is the figure's own.

    Raises:
        ValueError: for another width.
        OSError: if it cannot be written; what was at `path` stays then.

    Example:

    >>> from matplotlib.figure import Figure
    >>> write_png("empty.png", Figure(figsize=(4, 3)), width=400)
    >>> Image.open("empty.png").size
    (400, 300)
    """
    picture = _picture(figure, width)
    with files.new_file(path) as file:
        picture.save(file, format="PNG", optimize=True)


def write_gif(
    path: str | os.PathLike,
    figures: Iterable[Figure],
    width: int | None = None,
    seconds: float = 0.1,
    last: float = 2.0,
) -> None:
    """Write figures one after the other as a GIF that starts again at its end.

    Args:
        path: str or path-like.
        figures: iterable of `matplotlib.figure.Figure` of one size; drawn one by one.
        width: int >= 1, pixels; None is the figures' own.
        seconds: float > 0, how long a figure is seen.
        last: float > 0, how long the last one is.

    Raises:
        ValueError: if there is no figure, or for another width.
        OSError: if it cannot be written; what was at `path` stays then.

    Example:

    >>> from matplotlib.figure import Figure
    >>> def turned(k):
    ...     figure = Figure(figsize=(2, 2))
    ...     _ = figure.subplots().plot([0, k])
    ...     return figure
    >>> write_gif("turning.gif", [turned(k) for k in range(5)])
    >>> Image.open("turning.gif").n_frames
    5
    """
    frames = [_picture(figure, width) for figure in figures]
    if not frames:
        raise ValueError("A GIF has at least one figure. Received: none.")
    times = [round(1000 * seconds)] * (len(frames) - 1) + [round(1000 * last)]
    with files.new_file(path) as file:
        frames[0].save(
            file,
            format="GIF",
            save_all=True,
            append_images=frames[1:],
            duration=times,
            loop=0,
        )


def _picture(figure, width):
    """The figure as an image of at most 256 colours, on white."""
    dpi = figure.dpi
    if width is not None:
        dpi = check_integer(width, "width", 1) / figure.get_figwidth()
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi, facecolor="white")
    return Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE)
