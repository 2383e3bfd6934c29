"""Each divergence against scipy or a closed form."""

import math

import numpy as np
import pytest
from helpers.known_distributions import (
    DX,
    LINE,
    distributions,
    gaussian,
    kl_of_gaussians,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance

from keras_gan import divergences

UNITS = {"nats": math.e, "bits": 2}


def close(expected):
    # float64 sums of some terms of order 1
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("unit", UNITS)
@given(distributions())
def test_discrete_against_scipy(unit, pair):
    p, q = pair
    base = UNITS[unit]
    assert divergences.entropy(p, unit=unit) == close(stats.entropy(p, base=base))
    assert divergences.kl(p, q, unit=unit) == close(stats.entropy(p, q, base=base))
    # scipy takes the root of a difference that rounds to -1e-17 where p = q
    squared = np.nan_to_num(distance.jensenshannon(p, q, base=base)) ** 2
    assert divergences.js(p, q, unit=unit) == close(squared)
    half_cityblock = distance.cityblock(p, q) / 2
    assert divergences.total_variation(p, q) == close(half_cityblock)


@given(distributions(), st.permutations(range(5)))
def test_wasserstein_on_points_in_any_order_against_scipy(pair, order):
    p, q = pair
    points = np.array([-2.0, 0.0, 0.5, 0.5, 7.0])[list(order)]
    expected = stats.wasserstein_distance(points, points, p, q)
    assert divergences.wasserstein(p, q, points) == close(expected)


FLOATS = st.lists(st.floats(-100, 100), min_size=1, max_size=20)


@given(FLOATS, FLOATS)
def test_wasserstein_of_samples_against_scipy(real, fake):
    expected = stats.wasserstein_distance(real, fake)
    received = divergences.wasserstein_of_samples(real, fake)
    assert received == pytest.approx(expected, rel=1e-9, abs=1e-10)


def test_densities_on_a_line_against_closed_forms():
    p, q = gaussian(LINE, 0.5, 1.0), gaussian(LINE, -0.25, 1.5)
    expected = kl_of_gaussians(0.5, 1.0, -0.25, 1.5)
    assert divergences.kl(p, q, cell=DX) == close(expected)
    assert divergences.kl(p, q, cell=DX, unit="bits") == close(expected / math.log(2))
    entropy = math.log(1.5 * math.sqrt(2 * math.pi * math.e))
    assert divergences.entropy(q, cell=DX) == close(entropy)
    # two Gaussians of one width, apart by d: TV = erf(d / (2 sqrt 2)), W1 = d; the
    # integrands have corners, where the step's square (1e-6) remains
    r = gaussian(LINE, 2.5, 1.0)
    expected = math.erf(2 / (2 * math.sqrt(2)))
    received = divergences.total_variation(p, r, cell=DX)
    assert received == pytest.approx(expected, abs=1e-6)
    received = divergences.wasserstein(p, r, LINE, cell=DX)
    assert received == pytest.approx(2, abs=1e-6)
    # of two widths around one mean: W1 = |s - s'| E|z| = 0.5 sqrt(2 / pi)
    centered = gaussian(LINE, -0.25, 1.0)
    received = divergences.wasserstein(centered, q, LINE, cell=DX)
    assert received == pytest.approx(0.5 * math.sqrt(2 / math.pi), abs=1e-6)


def test_js_of_gaussians_against_quadrature():
    from scipy.integrate import quad

    def integrand(x):
        p, q = stats.norm.pdf(x, 0.5, 1.0), stats.norm.pdf(x, -0.25, 1.5)
        m = (p + q) / 2
        return (p * np.log(p / m) + q * np.log(q / m)) / 2

    expected, _ = quad(integrand, -15, 15, epsabs=1e-12, epsrel=1e-12, limit=500)
    p, q = gaussian(LINE, 0.5, 1.0), gaussian(LINE, -0.25, 1.5)
    assert divergences.js(p, q, cell=DX) == pytest.approx(expected, abs=1e-9)


def test_densities_in_the_plane_against_closed_forms():
    x = np.linspace(-10, 10, 401)
    dx, dy = x[1] - x[0], 2 * (x[1] - x[0])
    p = np.outer(gaussian(x), gaussian(2 * x, 1.0, 1.5))
    q = np.outer(gaussian(x, 0.5, 1.2), gaussian(2 * x, 0.0, 2.0))
    # the KL of independent coordinates adds
    expected = kl_of_gaussians(0, 1, 0.5, 1.2) + kl_of_gaussians(1, 1.5, 0, 2)
    assert divergences.kl(p, q, cell=dx * dy) == close(expected)
    entropy = math.log(2 * math.pi * math.e * 1.5)
    assert divergences.entropy(p, cell=dx * dy) == close(entropy)


def test_conventions_at_zero():
    assert divergences.entropy([1.0, 0.0]) == 0.0
    assert divergences.kl([0.0, 1.0], [0.5, 0.5]) == close(math.log(2))
    assert divergences.kl([0.5, 0.5], [0.0, 1.0]) == math.inf
    assert divergences.cross_entropy([0.5, 0.5], [0.0, 1.0]) == math.inf
    assert divergences.js([0.0, 1.0], [0.5, 0.5]) == close(
        (math.log(4 / 3) + math.log(2 / 3) / 2 + math.log(2) / 2) / 2
    )
    assert divergences.self_information(0.0) == math.inf
    assert divergences.value_function([1.0, 0.5], [0.5, 0.5], [0.5, 0.5]) == -math.inf
    never_visited = divergences.optimal_discriminator([0.0, 1.0], [0.0, 1.0])
    np.testing.assert_array_equal(never_visited, [0.5, 0.5])


FUNCTIONS = ("cross_entropy", "kl", "js", "total_variation")


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    ("p", "cell", "message"),
    [
        ([0.5, 0.6], None, r"sum of 1\.1.*Divide p by its sum"),
        ([1.5, -0.5], None, r"-0\.5 at index \(1,\)"),
        ([math.nan, 1.0], None, r"nan at index \(0,\)"),
        ([1.0, math.inf], None, r"inf at index \(1,\)"),
        ([1.0, 1.0], 0.25, r"cell=0\.25 sum to 1.*0\.5"),
        ([1.0, 1.0], -0.5, "cell=-0.5"),
        ([0.5, 0.25, 0.25], None, r"one shape.*\(3,\) and \(2,\)"),
        ([], None, r"\(0,\)"),
    ],
    ids=["sum", "negative", "nan", "inf", "grid_sum", "cell", "shape", "empty"],
)
def test_what_is_no_distribution_is_refused(name, p, cell, message):
    q = [0.5, 0.5] if cell is None else [1.0, 1.0]
    with pytest.raises(ValueError, match=f"(?s){message}"):
        getattr(divergences, name)(p, q, cell=cell)


def test_the_second_distribution_is_named():
    with pytest.raises(ValueError, match="probabilities of q sum to 1"):
        divergences.kl([0.5, 0.5], [0.5, 0.4])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: divergences.js([1.0], [1.0], unit="bit"), "nats.*bits.*'bit'"),
        (lambda: divergences.self_information(0.5, unit="hartley"), "hartley"),
        (lambda: divergences.entropy([1.0], unit=["bits"]), r"\['bits'\]"),
        (lambda: divergences.self_information(1.5), "1.5"),
        (lambda: divergences.self_information(-0.5), "-0.5"),
        (lambda: divergences.optimal_discriminator([-1.0], [1.0]), "p_data"),
        (lambda: divergences.value_function([2.0], [1.0], [1.0]), "not logits"),
        (lambda: divergences.value_function([0.5, 0.5], [1.0], [1.0]), "one shape"),
        (lambda: divergences.wasserstein([1.0], [1.0], [0.0, 1.0]), "2 points"),
        (lambda: divergences.wasserstein([1.0], [1.0], [math.nan]), "not finite"),
        (lambda: divergences.wasserstein_of_samples([[1.0]], [1.0]), "on a line"),
        (lambda: divergences.wasserstein_of_samples([], [1.0]), "empty"),
    ],
    ids=[
        "unit",
        "unit_of_self_information",
        "list_of_units",
        "above_one",
        "below_zero",
        "negative_density",
        "logits",
        "shapes",
        "points",
        "nan_point",
        "two_dimensions",
        "no_sample",
    ],
)
def test_other_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
