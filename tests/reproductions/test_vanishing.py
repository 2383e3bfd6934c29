"""MMGAN's generator learns nothing from a sure discriminator, NSGAN's does."""

import sys

import numpy as np
import pytest
import vanishing
from scipy import integrate, stats

from keras_gan import losses


@pytest.fixture(scope="module")
def trained():
    return vanishing.rows((0, 10, 100))


def test_the_pulls_are_those_of_theory_while_the_discriminator_trains(trained):
    assert [each.step for each in trained] == [0, 10, 100]
    for each in trained:
        assert each.measured == pytest.approx(each.expected, rel=vanishing.TOLERANCE)
        ratio = each.measured[0] / each.measured[1]
        assert ratio == pytest.approx(each.score / (1 - each.score), rel=1e-3)
        assert each.agrees


def test_minimax_vanishes_as_the_discriminator_trains(trained):
    first, _, last = trained
    assert last.w > 3 * first.w  # the discriminator came to be steeper
    assert last.measured[1] > 3 * first.measured[1]  # and NSGAN's pull grew with it
    assert last.measured[0] < 0.01 * last.measured[1]


@pytest.mark.parametrize("distance", [2.0, 4.0, 6.0])
def test_at_the_optimum(distance):
    """Of x ~ N(b, 1), D(x) = sigmoid(b^2/2 - b x); integrated over x."""
    both = vanishing.games(start=np.array([0.0, distance]))
    vanishing.place(both[0], [0.0, -distance], distance**2 / 2)
    found = vanishing.row(both)

    def moment(power):
        def integrand(x):
            score = 1 / (1 + np.exp(distance * x - distance**2 / 2))
            return stats.norm.pdf(x - distance) * score**power

        return integrate.quad(integrand, distance - 10, distance + 10, epsabs=1e-12)[0]

    score = moment(1)
    error = np.sqrt((moment(2) - score**2) / vanishing.LATENTS)
    assert abs(found.score - score) < 4 * error
    minimax, non_saturating = (pull / distance for pull in found.measured)
    assert abs(minimax - score) < 4 * error
    assert abs(non_saturating - (1 - score)) < 4 * error + vanishing.TOLERANCE


def test_a_wrong_cost_is_found_out():
    both = vanishing.games()
    both[0].loss = losses.NonSaturating()
    assert not vanishing.row(both).agrees


@pytest.mark.slow
def test_the_table(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["vanishing.py"])
    vanishing.main()
    assert "| 3000 | 6" in capsys.readouterr().out
