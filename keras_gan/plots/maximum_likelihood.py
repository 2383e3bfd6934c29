"""Maximum likelihood and minimum KL divergence, side by side."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from keras_gan.plots import style

# Told apart without colour too.
LINES = (
    {"color": style.VERMILION, "linestyle": ":"},
    {"color": style.BLUE, "linestyle": "--"},
    {"color": style.BLACK, "linestyle": "-"},
)


def maximum_likelihood(
    means: np.ndarray,
    costs: Mapping[int, np.ndarray],
    divergence: np.ndarray,
    errors: ArrayLike,
) -> Figure:
    """Maximum likelihood beside minimum KL: both curves, and how their minima meet.

    A sample's mean of -log q, less the entropy of the data, is an estimate of
    KL(data || q): both have their minimum at the same place, the sample's with an error
    that falls as 1/sqrt(n).

    Args:
        means: array (m,), ascending: the parameter of the model q.
        costs: dict, the size n of a sample -> array (m,), its mean of -log q, less
            the entropy of the data, in nats; up to three.
        divergence: array (m,), KL(data || q) in nats.
        errors: array (k, 3): n, the root of the mean squared distance of the two
            minima over many samples, and what theory says of it.

    Returns:
        A `matplotlib.figure.Figure` of three axes.

    Raises:
        ValueError: for more samples than lines can tell apart, or none.

    Example:

    >>> means = np.linspace(-1, 1, 21)
    >>> errors = np.array([[10, 0.3, 0.32], [100, 0.1, 0.1]])
    >>> figure = maximum_likelihood(means, {10: means**2}, means**2, errors)
    >>> [len(ax.get_lines()) for ax in figure.axes]
    [2, 2, 2]
    """
    if not 1 <= len(costs) <= len(LINES):
        raise ValueError(
            f"costs holds one to {len(LINES)} samples. Received: {len(costs)}."
        )
    figure, [(left, middle, right)] = style.new_figure(8, 2.9, 1, 3)
    for (size, cost), line in zip(costs.items(), LINES, strict=False):
        _with_minimum(left, means, cost, {**line, "label": f"n = {size:,}"})
    _with_minimum(middle, means, divergence, {"color": style.MODEL})
    middle.sharey(left)
    sizes, measured, expected = np.asarray(errors).T
    right.plot(sizes, expected, color=style.PALE, lw=1.6, label="sd of data/√n")
    right.plot(sizes, measured, "o", color=style.BLUE, markersize=4, label="measured")
    right.set_xscale("log")
    right.set_yscale("log")
    both = np.log10([measured, expected])
    right.set_ylim(10 ** np.floor(both.min()), 10 ** np.ceil(both.max()))
    for ax in (left, middle):
        ax.set_xlim(means[0], means[-1])
    style.label(left, "mean of -log q(x), less H(data)", x="mean of q", y="nats")
    style.label(middle, "KL(data || q)", x="mean of q", y="nats")
    style.label(right, "distance of the two minima", x="sample size n", y="units of x")
    style.legend(left)
    style.legend(right)
    return figure


def _with_minimum(ax, means, cost, line):
    ax.plot(means, cost, lw=1.6, **line)
    lowest = np.argmin(cost)
    ax.plot(means[lowest], cost[lowest], "o", color=line["color"], markersize=5)
