"""The Dirac-GAN, played by the library's own losses, penalties and step.

The game and its table are those of benchmarks/reproductions/dirac.py.
"""

import itertools

import dirac
import numpy as np
import pytest
import scipy.special
from dirac import METHODS, ORDERS
from helpers.pace import only

from keras_gan import constraints, penalties
from keras_gan.cli.lab import dirac_game
from keras_gan.cli.lab.dirac_game import START, H, radius


def sigmoid(a):
    return scipy.special.expit(a)


def by_hand(generator_slope, discriminator_move, updates, steps=500):
    """The recursion, from the formulas.

    Args:
        generator_slope: of the generator's loss by the logit.
        discriminator_move: (theta, psi) -> the new psi.
    """
    theta, psi = START
    path = [(theta, psi)]
    for _ in range(steps):
        old = psi
        psi = discriminator_move(theta, psi)
        seen = psi if updates == "alternating" else old
        theta = theta - H * generator_slope(seen * theta) * seen
        path.append((theta, psi))
    return np.array(path)


SLOPES = {
    "minimax": lambda a: -sigmoid(a),
    "non_saturating": lambda a: -sigmoid(-a),
    "maximum_likelihood": lambda a: -np.exp(a),
}


QUICK = [
    ("minimax", "alternating", 0.0),
    ("non_saturating", "simultaneous", 0.3),
    ("maximum_likelihood", "alternating", 0.3),
]


@pytest.mark.parametrize(
    "case", only(QUICK, itertools.product(SLOPES, ORDERS, [0.0, 0.3])), ids=str
)
def test_500_steps_equal_the_recursion(case):
    loss, updates, gamma = case
    rules = {"loss": loss, "updates": updates}
    if gamma:
        rules["penalties"] = [penalties.R1(gamma)]

    def move(theta, psi):  # D = softplus(psi theta) + gamma/2 psi^2
        return psi - H * (sigmoid(psi * theta) * theta + gamma * psi)

    path = dirac_game.play(**rules)
    # float64 throughout; 500 steps of a map that grows by at most 1 % a step
    expected = by_hand(SLOPES[loss], move, updates)
    np.testing.assert_allclose(path, expected, atol=1e-9)


# The Wasserstein game, D = psi theta and G = -psi theta, with each Lipschitz device.
DEVICES = {
    "clip": {"discriminator_constraint": constraints.WeightClipping(0.5)},
    "gradient-penalty": {"penalties": [penalties.GradientPenalty(0.7, target=0.8)]},
    "one-sided": {"penalties": [penalties.GradientPenalty(0.7, one_sided=True)]},
    "dragan": {"penalties": [penalties.DRAGAN(0.7)]},
    "R2": {"penalties": [penalties.R2(0.3)]},
}


def penalised(slope):
    return lambda theta, psi: psi - H * (theta + slope(psi))


MOVES = {
    "clip": lambda theta, psi: np.clip(psi - H * theta, -0.5, 0.5),
    "gradient-penalty": penalised(  # 0.7 (|psi|/0.8 - 1)^2
        lambda psi: 1.4 * (abs(psi) / 0.8 - 1) * np.sign(psi) / 0.8
    ),
    "one-sided": penalised(lambda psi: 1.4 * max(abs(psi) - 1, 0) * np.sign(psi)),
    "dragan": penalised(lambda psi: 1.4 * (abs(psi) - 1) * np.sign(psi)),
    "R2": penalised(lambda psi: 0.3 * psi),
}


@pytest.mark.parametrize("device", DEVICES)
def test_each_lipschitz_device_equals_its_recursion(device):
    rules = {"loss": "wasserstein", "updates": "simultaneous", **DEVICES[device]}
    path = dirac_game.play(steps=100, **rules)
    expected = by_hand(lambda a: -1.0, MOVES[device], "simultaneous", steps=100)
    np.testing.assert_allclose(path, expected, atol=1e-9)  # float64, as above


@pytest.mark.parametrize("device", ["gradient-penalty", "dragan", "R2"])
def test_a_lazy_penalty_counts_n_times_on_each_nth_move(device):
    [penalty] = DEVICES[device]["penalties"]
    lazy = type(penalty).from_config({**penalty.get_config(), "every": 3})
    path = dirac_game.play(steps=20, loss="wasserstein", penalties=[lazy])
    theta, psi = START
    for move, expected in enumerate(path[1:]):
        plain = psi - H * theta
        due = MOVES[device](theta, psi) - plain
        psi = plain + (3 * due if move % 3 == 0 else 0)
        theta = theta + H * psi
        np.testing.assert_allclose(expected, (theta, psi), atol=1e-12)


@pytest.mark.parametrize(
    ("loss", "end"), [("minimax", 3.10), ("non_saturating", 0.640)]
)
def test_published_ends_of_simultaneous_play(loss, end):
    # Mescheder et al. (2018), by the authors' code; printed to three figures
    path = dirac_game.play(loss=loss, updates="simultaneous")
    assert radius(path)[-1] == pytest.approx(end, abs=0.005)


CELLS = [
    pytest.param(
        *(method, updates),
        id=f"{method.name}, {updates}",
        marks=[pytest.mark.slow] * (method.rows > 1 or updates in method.orders[1:]),
    )
    for method in METHODS
    for updates in method.orders
]


@pytest.mark.parametrize(("method", "updates"), CELLS)
def test_the_table(method, updates):
    cell = dirac.run(method, updates)
    assert cell.converged == method.converges
    if not method.converges:
        assert cell.end > 0.1 * np.hypot(*START)  # far away, not about to arrive
    assert cell.gap < method.tolerance
    assert cell.is_as_published


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0])
def test_predictions_for_simultaneous_play(gamma):
    # 1 + h mu with mu = -gamma/2 +- sqrt(gamma^2/4 - f'(0)^2), f'(0) = 1/2
    root = np.emath.sqrt(gamma**2 / 4 - 1 / 4)
    expected = 1 + H * np.array([-gamma / 2 + root, -gamma / 2 - root])
    found = dirac.damped("simultaneous", 0.5, gamma)
    # a double eigenvalue shows rounding as its root
    np.testing.assert_allclose(
        np.sort_complex(found), np.sort_complex(expected), atol=1e-7
    )
    if not gamma:
        np.testing.assert_allclose(abs(found), np.sqrt(1 + H**2 / 4))


def test_instance_noise_is_r1_at_the_equilibrium():
    """D pays E softplus(-psi e) + E softplus(psi (theta + e)): its curvature in psi is
    2 stddev^2 / 4 at 0, that of R1 with gamma = stddev^2 / 2."""
    rules = {"loss": "minimax", "updates": "simultaneous", "noise": 0.7}
    found = np.linalg.eigvals(dirac.jacobian(dirac_game.game(**rules), rows=100_000))
    gamma = 0.7**2 / 2
    root = np.emath.sqrt(gamma**2 / 4 - 1 / 4)
    expected = 1 + H * np.array([-gamma / 2 + root, -gamma / 2 - root])
    # 5 standard errors of H/4 (mean e^2 + mean e'^2): H/4 0.49 sqrt(2 * 2 / 100000)
    np.testing.assert_allclose(
        np.sort_complex(found), np.sort_complex(expected), atol=8e-4
    )


def test_instance_noise_converges_to_the_noise_of_its_minibatches():
    """A step kicks psi by H/2 (mean e - mean e'), 0.2/2 * 0.7 sqrt(2/4096) = 0.0015,
    and forgets a share 1 - 0.961 of r^2: r rests near 0.0015/sqrt(0.039) = 0.008."""
    path = dirac_game.play(rows=4096, loss="minimax", updates="simultaneous", noise=0.7)
    assert radius(path)[-1] < 0.04  # without noise 3.10


def test_predictions_for_alternating_play_lie_on_the_unit_circle():
    found = dirac.damped("alternating", 0.5)
    np.testing.assert_allclose(abs(found), 1.0)
    assert abs(found.imag).min() > 0.05  # it turns


def test_more_discriminator_moves():
    path = dirac_game.play(steps=3, loss="minimax", discriminator_steps=2)
    theta, psi = START
    for expected in path[1:]:
        for _ in range(2):
            psi = psi - H * sigmoid(psi * theta) * theta
        theta = theta + H * sigmoid(psi * theta) * psi
        np.testing.assert_allclose(expected, (theta, psi), atol=1e-12)
