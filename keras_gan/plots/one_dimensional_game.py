"""A one-dimensional game: both densities, the discriminator, the generator."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from keras_gan.plots import style

TOP = 1.05  # where the pictures end: a discriminator lies in [0, 1]


class Moment1D(NamedTuple):
    """A one-dimensional (1D) game at one moment.

    Attributes:
        step: int, the training steps so far.
        x: array (n,), ascending, where the densities and the discriminator were looked
            at.
        data, model: arrays (n,), the densities of data and of samples, 1/unit of x.
        discriminator: array (n,), D(x) in [0, 1].
        latents, samples: arrays (m,), some z and the x = G(z) that they are mapped to.
    """

    step: int
    x: np.ndarray
    data: np.ndarray
    model: np.ndarray
    discriminator: np.ndarray
    latents: np.ndarray
    samples: np.ndarray


def one_dimensional_game(moments: Sequence[Moment1D]) -> Figure:
    """One-dimensional game over time: densities, discriminator and the map z -> x.

    The panels of Goodfellow et al. (2014), figure 1: the data density is dotted, the
    model's is a solid line, the discriminator is dashed; lines lead from z, below, to
    x = G(z). Latents of equal steps in probability show where the model is dense: where
    the lines meet. Densities above 1 are cut off.

    Args:
        moments: list of `Moment1D`, drawn side by side.

    Returns:
        A `matplotlib.figure.Figure` of two rows of axes, one column a moment.

    Raises:
        ValueError: for no moment at all.

    Example:

    >>> x = np.linspace(-3, 3, 61)
    >>> normal = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    >>> z = np.array([-1.0, 0.0, 1.0])
    >>> end = Moment1D(900, x, normal, normal, 0 * x + 0.5, z, z)
    >>> len(one_dimensional_game([end]).axes)
    2
    """
    if not moments:
        raise ValueError("Pass at least one Moment1D. Received: none.")
    columns = len(moments)
    figure, axes = style.new_figure(
        4.4 if columns == 1 else 2.1 * columns,
        3.6,
        *(2, columns),
        heights=(3, 1),
        share_y=True,
    )
    for moment, (above, below) in zip(moments, axes.T, strict=True):
        _draw_densities(above, moment)
        _draw_map(below, moment)
    style.label(axes[0, 0], y="D(x), density (1/unit of x)")
    lines = axes[0, 0].get_lines()
    figure.legend(
        lines,
        [line.get_label() for line in lines],
        loc="outside upper center",
        ncols=3,
        fontsize=style.SMALL,
        frameon=False,
        handlelength=2.4,
    )
    return figure


def _draw_densities(ax, moment):
    x = moment.x
    ax.plot(x, moment.data, ":", color=style.DATA, lw=2, label="data density")
    ax.plot(x, moment.model, "-", color=style.MODEL, lw=1.6, label="model density")
    ax.plot(
        *(x, moment.discriminator, "--"),
        color=style.DISCRIMINATOR,
        lw=1.4,
        label="discriminator D(x)",
    )
    ax.set_xlim(x[0], x[-1])
    ax.set_ylim(0, TOP)
    ax.set_yticks([0, 0.5, 1])
    ax.tick_params(labelbottom=False)
    style.label(ax, f"step {moment.step:,}")


def _draw_map(ax, moment):
    ends = np.stack([moment.latents, moment.samples])
    ax.plot(ends, np.array([0, 1]), color=style.GREY, lw=0.6)
    ax.set_xlim(moment.x[0], moment.x[-1])
    ax.set_ylim(0, 1)
    ax.set_yticks([0, 1], ["z", "x = G(z)"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.spines["top"].set_visible(True)
    ax.spines["top"].set_color(style.GREY)
