"""Generator losses, and how well their gradients can be measured."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from keras_gan.plots import style

# Told apart without colour too.
LINES = (
    {"color": style.VERMILION, "linestyle": "-"},
    {"color": style.BLUE, "linestyle": "--"},
    {"color": style.GREEN, "linestyle": "-."},
)
LOWEST, HIGHEST = -20, 5  # of the costs, as in the 2016 tutorial's figure


class GeneratorCost(NamedTuple):
    """A generator's cost (loss), and its gradient at generators ever further off.

    Attributes:
        name: str, for the legend.
        cost: array (n, 2) of D(G(z)) and the cost of that sample.
        expected: array (m, 3) of the distance of the model from the data, the mean of
            one sample's gradient g by the distance, and Var(g)/(E g)^2.
        sampled: array (k, 3), the same, from samples.
    """

    name: str
    cost: np.ndarray
    expected: np.ndarray
    sampled: np.ndarray


def generator_costs(costs: Sequence[GeneratorCost]) -> Figure:
    """Generator costs (losses) against D(G(z)), and mean and noise of their gradients.

    Left the figure of Goodfellow (2016), section 3.2. Then what a generator at some
    distance from the data gets of each cost: the mean gradient E g, and the noise
    Var(g)/(E g)^2, which is the size of a minibatch whose mean gradient is as uncertain
    as it is large. Lines are expected values, points were sampled.

    Args:
        costs: list of up to three `GeneratorCost`.

    Returns:
        A `matplotlib.figure.Figure` of three axes.

    Raises:
        ValueError: for no cost, or for more than three.

    Example:

    >>> score = np.linspace(0.01, 0.99, 99)
    >>> cost = np.stack([score, -np.log(score) / 2], axis=1)
    >>> rows = np.array([[1.0, 0.3, 0.5], [2.0, 0.9, 0.2]])
    >>> figure = generator_costs([GeneratorCost("non-saturating", cost, rows, rows)])
    >>> len(figure.axes)
    3
    """
    if not 1 <= len(costs) <= len(LINES):
        raise ValueError(
            f"Pass one to {len(LINES)} costs, which lines and colours can tell apart. "
            f"Received: {len(costs)}."
        )
    figure, [(left, middle, right)] = style.new_figure(8, 2.9, 1, 3)
    for entry, line in zip(costs, LINES, strict=False):
        left.plot(*entry.cost.T, **line, lw=1.6, label=entry.name)
        for ax, row in ((middle, 1), (right, 2)):
            ax.plot(entry.expected[:, 0], entry.expected[:, row], **line, lw=1.6)
            points = {"color": line["color"], "markersize": 3.5}
            ax.plot(entry.sampled[:, 0], entry.sampled[:, row], "o", **points)
    left.set_xlim(0, 1)
    left.set_ylim(LOWEST, HIGHEST)
    right.set_yscale("log")
    for ax in (middle, right):
        ax.set_xlim(left=0)
    middle.set_ylim(bottom=0)
    style.legend(left, "lower left")
    style.label(left, "cost of one sample", x="D(G(z))", y="nats")
    distance = "distance of model and data"
    style.label(middle, "mean gradient, E g", x=distance, y="nats/unit of x")
    style.label(right, "noise, Var(g)/(E g)²", x=distance, y="samples")
    return figure
