"""The convergence table of the Dirac-GAN (Mescheder et al., 2018), method by order.

Data at 0, a generator G(z) = theta and a discriminator D(x) = psi x: networks of one
weight each, in float64, moved by this package's own losses, penalties and train step.
500 steps with the learning rate 0.2 for both players, from theta = 1, psi = -1. A
method converges if r = sqrt(theta^2 + psi^2) falls below a thousandth of its start.

    python benchmarks/reproductions/dirac.py

prints the table (about two minutes) and fails if a verdict is not the published one or
an eigenvalue of one step at the equilibrium is not the predicted one to 1e-6.
"""

import argparse
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import results

import keras_gan
from keras_gan import constraints, penalties
from keras_gan.cli.lab.dirac_game import (
    H,
    game,
    path_of,
    place,
    position,
    radius,
)
from keras_gan.core import effects

ORDERS = ("simultaneous", "alternating")


def jacobian(gan, width=1e-7, rows=1):
    """Central differences of one step of the game at the equilibrium, which is 0.

    Each step draws the same noise. Positions near 0 have float64's relative precision,
    so a small width costs nothing.
    """
    columns = []
    for direction in np.eye(2):
        ends = []
        for sign in (1, -1):
            place(gan, sign * width * direction)
            for state in effects.seed_states(gan.discriminator):
                state.assign((1, 0))
            gan.train_on_batch(np.zeros((rows, 1)))
            ends.append(position(gan))
        columns.append((ends[0] - ends[1]) / (2 * width))
    return np.array(columns).T


# The theory ---------------------------------------------------------------------------


def damped(updates, slope, damping=0.0):
    """Eigenvalues of one step, linearized at the equilibrium.

    The discriminator moves psi by -h (slope theta + damping psi), the generator theta
    by +h slope psi: at the same point, or one after the other.

    Args:
        updates: "simultaneous" or "alternating".
        slope: f'(0), of a loss that pays the players f(psi theta) and -f(psi theta).
        damping: what a penalty adds: gamma for R1.
    """
    discriminator = np.array([[1, 0], [-H * slope, 1 - H * damping]])
    generator = np.array([[1, H * slope], [0, 1]])
    if updates == "alternating":
        return np.linalg.eigvals(generator @ discriminator)
    return np.linalg.eigvals(generator + discriminator - np.eye(2))


class Method(NamedTuple):
    """A row of the table.

    Attributes:
        name: what the table calls it.
        rules: arguments of `game`; `updates` is added where there are both orders.
        published: "converges", "does not", or "not linearly", which is too slow to
            count as convergence here.
        eigenvalues: from an order of updates to the predicted eigenvalues of one step;
            None where the step has no derivative at the equilibrium.
        orders: the orders of updates that there are.
        rows: of a minibatch, which only noise can tell apart.
        tolerance: of the eigenvalues.
    """

    name: str
    rules: dict
    published: str
    eigenvalues: Callable | None
    orders: tuple = ORDERS
    rows: int = 1
    tolerance: float = 1e-6

    @property
    def converges(self):
        return self.published == "converges"


def undamped(slope):
    return lambda updates: damped(updates, slope)


def r1(gamma):
    rules = {"loss": "minimax", "penalties": [penalties.R1(gamma)]}
    return Method(
        f"R1, gamma {gamma}",
        rules,
        "converges",
        lambda updates: damped(updates, 0.5, gamma),
    )


WGAN = {
    "loss": "wasserstein",
    "discriminator_constraint": constraints.WeightClipping(1.0),
}
# |psi| has a kink at psi = 0, where the penalty pushes psi away to both sides.
WGAN_GP = {"loss": "wasserstein", "penalties": [penalties.GradientPenalty(0.7)]}

# The game of infinitely many rows has the curvature 2 stddev^2 / 4 in psi; these rows
# leave r at a noise of H/2 stddev sqrt(2/rows)/sqrt(1 - 0.961), a third of 1e-3 r(0),
# and the eigenvalues within 5 standard errors of the mean of e^2.
NOISE, ROWS = 0.7, 1_000_000
INSTANCE_NOISE = Method(
    "instance noise, std 0.7",
    {"loss": "minimax", "noise": NOISE},
    "converges",
    lambda updates: damped(updates, 0.5, NOISE**2 / 2),
    rows=ROWS,
    tolerance=3e-4,
)
# At the equilibrium v is a turn of w by 90 degrees, halved, so that J'v = w / 4.
CONSENSUS = Method(
    "consensus, gamma 1",
    {"loss": "minimax", "family": keras_gan.models.ConsensusGAN, "gamma": 1.0},
    "converges",
    lambda updates: 1 - H / 4 + np.array([1, -1]) * 0.5j * H,
    orders=("simultaneous",),
)

METHODS = (
    Method("GAN", {"loss": "minimax"}, "does not", undamped(0.5)),
    Method("NSGAN", {"loss": "non_saturating"}, "not linearly", undamped(0.5)),
    Method("WGAN, clip 1", WGAN, "does not", undamped(1.0)),
    Method("WGAN-GP, weight 0.7, target 1", WGAN_GP, "does not", None),
    INSTANCE_NOISE,
    r1(0.3),
    r1(1.0),
    CONSENSUS,
)


# The table ----------------------------------------------------------------------------


class Cell(NamedTuple):
    """A cell of the table: what a method did in one order of updates.

    Attributes:
        method, updates: which.
        converged: the verdict.
        end: r after the last step.
        predicted, measured: eigenvalues, or None.
    """

    method: Method
    updates: str
    converged: bool
    end: float
    predicted: np.ndarray | None
    measured: np.ndarray | None

    @property
    def gap(self):
        """The largest distance of a measured eigenvalue from the predicted one."""
        if self.predicted is None:
            return 0.0
        return abs(self.measured - self.predicted).max()

    @property
    def is_as_published(self):
        return (
            self.converged == self.method.converges and self.gap < self.method.tolerance
        )


def run(method, updates):
    """Play a method in one order: a `Cell`."""
    order = {"updates": updates} if len(method.orders) > 1 else {}
    gan = game(**method.rules, **order)
    path = radius(path_of(gan, rows=method.rows))
    predicted = measured = None
    if method.eigenvalues is not None:
        predicted = np.sort_complex(method.eigenvalues(updates))
        measured = np.sort_complex(np.linalg.eigvals(jacobian(gan, rows=method.rows)))
    converged = bool(path[-1] < 1e-3 * path[0])
    return Cell(method, updates, converged, path[-1], predicted, measured)


def written(eigenvalues):
    if eigenvalues is None:
        return "no derivative"
    low, high = eigenvalues
    if abs(high.imag) < 1e-6:  # or rounding
        return f"{low.real:.7f}, {high.real:.7f}"
    return f"{high.real:.7f} ± {high.imag:.7f}i"


def claims(cells):
    """The published verdicts, and the eigenvalues of theory."""
    counted = [cell for cell in cells if cell.predicted is not None]
    right = sum(cell.converged == cell.method.converges for cell in cells)
    gap = max(cell.gap for cell in counted if cell.method.tolerance == 1e-6)
    ours = f"{right} of {len(cells)} verdicts; eigenvalues to {gap:.0e}"
    holds = all(cell.is_as_published for cell in cells)
    what = "Dirac-GAN: which methods converge (Mescheder et al., 2018)"
    published = f"{len(cells)} verdicts, by method and order"
    return [results.Claim(what, published, ours, 1, holds)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    results.add_option(parser)
    arguments = parser.parse_args()
    table = results.Table(
        *("method", "updates", "published", "found", "r(500)"),
        *("eigenvalues predicted", "measured"),
    )
    cells = []
    for method in METHODS:
        for updates in method.orders:
            cell = run(method, updates)
            found = "converges" if cell.converged else "does not"
            table.add(
                *(method.name, updates, method.published, found, f"{cell.end:#.3g}"),
                *(written(cell.predicted), written(cell.measured)),
            )
            cells.append(cell)
    if arguments.record:
        table.record("dirac", claims(cells))
    wrong = [
        f"{cell.method.name}, {cell.updates}"
        for cell in cells
        if not cell.is_as_published
    ]
    if wrong:
        sys.exit(f"Not as published: {'; '.join(wrong)}.")


if __name__ == "__main__":
    main()
