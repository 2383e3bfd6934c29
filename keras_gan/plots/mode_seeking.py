"""Mode seeking and mode covering: one Gaussian fitted by other divergences."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from keras_gan.plots import style


class Fit(NamedTuple):
    """A Gaussian model that was fitted to data.

    Attributes:
        name: str, what was minimised.
        mean, scale: floats, the model's mean and standard deviation.
        divergence: float, nats, what was left of what was minimised.
    """

    name: str
    mean: float
    scale: float
    divergence: float

    def density(self, x: np.ndarray) -> np.ndarray:
        """The model's density at the array x."""
        standard = (x - self.mean) / self.scale
        return np.exp(-(standard**2) / 2) / (self.scale * math.sqrt(2 * math.pi))


def mode_seeking(x: np.ndarray, data: np.ndarray, fits: Sequence[Fit]) -> Figure:
    """Mode seeking and covering: the data density beside Gaussians fitted to it.

    KL(data || model) makes the model cover all modes and what lies between them; KL
    (model || data) makes it seek one mode, and leave out the other (Goodfellow, 2016,
    section 3.2).

    Args:
        x: array (n,), ascending.
        data: array (n,), the density of the data at x.
        fits: list of `Fit`, drawn side by side.

    Returns:
        A `matplotlib.figure.Figure`, one axes a fit.

    Raises:
        ValueError: for no fit.

    Example:

    >>> x = np.linspace(-4, 4, 81)
    >>> fit = Fit("KL(data || model)", mean=0.0, scale=1.0, divergence=0.0)
    >>> len(mode_seeking(x, fit.density(x), [fit]).axes)
    1
    """
    if not fits:
        raise ValueError("Pass at least one Fit. Received: none.")
    figure, [axes] = style.new_figure(
        4 * len(fits), 2.7, columns=len(fits), share_y=True
    )
    for ax, fit in zip(axes, fits, strict=True):
        ax.plot(x, data, ":", color=style.DATA, lw=2, label="data")
        ax.plot(x, fit.density(x), color=style.MODEL, lw=1.6, label="model")
        ax.set_xlim(x[0], x[-1])
        style.label(ax, f"smallest {fit.name}: {fit.divergence:.2f} nats", x="x")
        ax.text(
            *(0.98, 0.95),
            f"N({fit.mean:.2f}, {fit.scale:.2f}²)",
            transform=ax.transAxes,
            ha="right",
            va="top",
            fontsize=style.SMALL,
            color=style.MODEL,
        )
    axes[0].set_ylim(bottom=0)
    style.label(axes[0], y="density (1/unit of x)")
    style.legend(axes[0], "upper left")
    return figure
