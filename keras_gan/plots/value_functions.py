"""One value function for several methods: what each tells the data from."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from keras_gan.plots import style


class Contrast(NamedTuple):
    """Contrast of a model of numbers: what its discriminator tells the data from.

    Attributes:
        name: str, the method.
        model: array (n,), the density of the model.
        noise: array (n,), the density that data are told from; `model` itself where
            the model's samples are.
        discriminator: array (n,), D(x) in [0, 1].
        js: float, nats, the Jensen-Shannon divergence of data and model.
    """

    name: str
    model: np.ndarray
    noise: np.ndarray
    discriminator: np.ndarray
    js: float


def value_functions(
    x: np.ndarray, data: np.ndarray, contrasts: Sequence[Contrast]
) -> Figure:
    """Value functions V(D) = E_data log D + E_noise log(1 - D) of several methods.

    Above the densities, below D(x): noise-contrastive estimation, maximum likelihood
    and a GAN differ in which of them is the model (Goodfellow, 2015).

    Args:
        x: array (n,), ascending.
        data: array (n,), the density of the data at x.
        contrasts: list of `Contrast`, drawn side by side.

    Returns:
        A `matplotlib.figure.Figure`, two axes a method.

    Raises:
        ValueError: for no contrast.

    Example:

    >>> x = np.linspace(-4, 4, 81)
    >>> p = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    >>> contrast = Contrast("GAN", p, p, np.full(81, 0.5), js=0.0)
    >>> len(value_functions(x, p, [contrast]).axes)
    2
    """
    if not contrasts:
        raise ValueError("Pass at least one Contrast. Received: none.")
    figure, axes = style.new_figure(
        *(3 * len(contrasts), 3.6, 2, len(contrasts)), heights=[3, 2], share_y=True
    )
    for (top, bottom), contrast in zip(axes.T, contrasts, strict=True):
        top.plot(x, data, ":", color=style.DATA, lw=2, label="data")
        top.plot(x, contrast.model, color=style.MODEL, lw=1.6, label="model")
        if contrast.noise is not contrast.model:
            top.plot(x, contrast.noise, "--", color=style.GREY, lw=1, label="noise")
        style.label(top, f"{contrast.name}: JS {contrast.js:.2g} nats")
        style.legend(top, "upper right")
        top.set_ylim(0, 1.6 * data.max())
        bottom.axhline(0.5, color=style.PALE, lw=1)
        bottom.plot(x, contrast.discriminator, color=style.DISCRIMINATOR, lw=1.6)
        bottom.set_ylim(0, 1)
        style.label(bottom, x="x")
        for ax in (top, bottom):
            ax.set_xlim(x[0], x[-1])
    style.label(axes[0, 0], y="density (1/unit of x)")
    style.label(axes[1, 0], y="D(x)")
    return figure
