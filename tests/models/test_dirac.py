"""The Dirac-GAN, played by the library's own losses, penalty and step."""

import dirac
import keras
import numpy as np
import pytest
import scipy.special
from dirac import START, H

from keras_gan import penalties


def radius(path):
    return np.hypot(*path.T)


def sigmoid(a):
    return scipy.special.expit(a)


def by_hand(generator_slope, updates, gamma=0.0, steps=500):
    """The recursion, from the formulas: D = softplus(psi theta) + gamma/2 psi^2."""
    theta, psi = START
    path = [(theta, psi)]
    for _ in range(steps):
        old = psi
        psi = psi - H * (sigmoid(psi * theta) * theta + gamma * psi)
        seen = psi if updates == "alternating" else old
        theta = theta - H * generator_slope(seen * theta) * seen
        path.append((theta, psi))
    return np.array(path)


SLOPES = {
    "minimax": lambda a: -sigmoid(a),
    "non_saturating": lambda a: -sigmoid(-a),
    "maximum_likelihood": lambda a: -np.exp(a),
}


@pytest.mark.parametrize("updates", ["alternating", "simultaneous"])
@pytest.mark.parametrize("loss", SLOPES)
@pytest.mark.parametrize("gamma", [0.0, 0.3])
def test_500_steps_equal_the_recursion(loss, updates, gamma):
    rules = {"loss": loss, "updates": updates}
    if gamma:
        rules["penalties"] = [penalties.R1(gamma)]
    path = dirac.play(**rules)
    # float64 throughout; 500 steps of a map that grows by at most 1 % a step
    np.testing.assert_allclose(path, by_hand(SLOPES[loss], updates, gamma), atol=1e-9)


@pytest.mark.parametrize(
    ("loss", "end"), [("minimax", 3.10), ("non_saturating", 0.640)]
)
def test_published_ends_of_simultaneous_play(loss, end):
    # Mescheder et al. (2018), by the authors' code; printed to three figures
    path = dirac.play(loss=loss, updates="simultaneous")
    assert radius(path)[-1] == pytest.approx(end, abs=0.005)


@pytest.mark.parametrize("updates", ["alternating", "simultaneous"])
@pytest.mark.parametrize("gamma", [0.3, 1.0])
def test_r1_converges(updates, gamma):
    path = dirac.play(loss="minimax", updates=updates, penalties=[penalties.R1(gamma)])
    assert radius(path)[-1] < 1e-3 * radius(path)[0]


@pytest.mark.parametrize("updates", ["alternating", "simultaneous"])
@pytest.mark.parametrize("loss", ["minimax", "wasserstein"])
def test_without_regularization_it_does_not_converge(loss, updates):
    rules = {}
    if loss == "wasserstein":  # clip at 1, as published
        rules["discriminator_constraint"] = _clip
    path = dirac.play(loss=loss, updates=updates, **rules)
    assert radius(path)[-100:].min() > 0.1 * radius(path)[0]


def _clip(weight):
    return keras.ops.clip(weight, -1, 1)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0])
def test_eigenvalues_of_simultaneous_play(gamma):
    rules = {"penalties": [penalties.R1(gamma)]} if gamma else {}
    gan = dirac.game(loss="minimax", updates="simultaneous", **rules)
    # 1 + h mu with mu = -gamma/2 +- sqrt(gamma^2/4 - f'(0)^2), f'(0) = 1/2
    root = np.emath.sqrt(gamma**2 / 4 - 1 / 4)
    expected = 1 + H * np.array([-gamma / 2 + root, -gamma / 2 - root])
    found = np.linalg.eigvals(dirac.jacobian(gan))
    # at gamma = 1 both eigenvalues are one, and errors of 1e-9 show as their root
    tolerance = 1e-6 if gamma < 1 else 1e-4
    np.testing.assert_allclose(
        np.sort_complex(found), np.sort_complex(expected), atol=tolerance
    )
    if not gamma:
        np.testing.assert_allclose(abs(found), np.sqrt(1 + H**2 / 4), atol=1e-6)


def test_eigenvalues_of_alternating_play_lie_on_the_unit_circle():
    gan = dirac.game(loss="minimax", updates="alternating")
    found = np.linalg.eigvals(dirac.jacobian(gan))
    np.testing.assert_allclose(abs(found), 1.0, atol=1e-6)
    assert abs(found.imag).min() > 0.05  # it turns


def test_more_discriminator_moves():
    path = dirac.play(steps=3, loss="minimax", discriminator_steps=2)
    theta, psi = START
    for expected in path[1:]:
        for _ in range(2):
            psi = psi - H * sigmoid(psi * theta) * theta
        theta = theta + H * sigmoid(psi * theta) * psi
        np.testing.assert_allclose(expected, (theta, psi), atol=1e-12)
