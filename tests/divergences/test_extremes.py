"""The least and the largest numbers, against decimals of 60 digits and limits."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from helpers.known_distributions import gaussian
from hypothesis import example, given
from hypothesis import strategies as st

from keras_gan import divergences
from keras_gan.divergences import f_divergences
from keras_gan.divergences.f_divergences import (
    GAN,
    KL,
    Jeffrey,
    JensenShannon,
    Neyman,
    Pearson,
    ReverseKL,
    SquaredHellinger,
)

LEAST, LARGEST = 5e-324, 1.7976931348623157e308
WEIGHTS = st.one_of(
    st.sampled_from([0.0, LEAST, 1e-310, 1e-200, 1e-17, 1e-9, 1.0]),
    st.floats(LEAST, 1e-300),
    st.floats(1e-3, 1),
)
EACH = pytest.mark.parametrize("cls", f_divergences.ALL, ids=lambda c: c.__name__)


@st.composite
def pairs(draw):
    """Two distributions with entries down to the least float; sums off by <= 9e-6."""
    size = draw(st.integers(1, 4))
    found = []
    for _ in range(2):
        weights = draw(st.lists(WEIGHTS, min_size=size, max_size=size))
        weights[draw(st.integers(0, size - 1))] = 1.0
        off = 1 + draw(st.sampled_from([0.0, 9e-6, -9e-6, 1e-15]))
        found.append(np.array(weights) / sum(weights) * off)
    return found


def exact(f, at_zero, at_infinity, p, q):
    """sum q f(p/q) in decimals; the costs of 0 are those of the limits."""
    with localcontext() as context:
        context.prec, context.Emin, context.Emax = 60, -9999, 9999
        # the least floats have one digit, and stay what they are if divided by 1.000009
        p, q = ([Decimal(float(x)) for x in xs / xs.sum()] for xs in (p, q))
        p, q = ([x / sum(xs) for x in xs] for xs in (p, q))
        total = Decimal(0)
        for a, b in zip(p, q, strict=True):
            if a and b:
                total += b * f(a / b)
            elif a or b:
                total += a * Decimal(at_infinity) if a else b * Decimal(at_zero)
        return float(total)


HALF = Decimal("0.5")
BY_DECIMALS = {
    KL: lambda u: u * u.ln(),
    ReverseKL: lambda u: -u.ln(),
    Jeffrey: lambda u: (u - 1) * u.ln(),
    JensenShannon: lambda u: u * u.ln() - (u + 1) * (HALF * (u + 1)).ln(),
    GAN: lambda u: u * u.ln() - (u + 1) * (u + 1).ln(),
    Pearson: lambda u: (u - 1) ** 2,
    Neyman: lambda u: (u - 1) ** 2 / u,
    SquaredHellinger: lambda u: (u.sqrt() - 1) ** 2,
}


@EACH
@given(pair=pairs())
@example(pair=[np.array([0.5, 0.5]), np.array([1.0, LEAST])])
@example(pair=[np.array([1.0, LEAST]), np.array([0.5, 0.5])])
@example(pair=[np.array([0.5, 0.5]), np.array([0.500004, 0.500004])])
def test_against_decimals(cls, pair):
    divergence = cls()
    ends = divergence.at_zero, divergence.at_infinity
    expected = exact(BY_DECIMALS[cls], *ends, *pair)
    # entries rounded to 1e-16, times logarithms of up to 745
    assert divergence(*pair) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    least = -math.log(4) if cls is GAN else 0
    assert least <= divergence(*pair) <= sum(ends)


@given(pairs())
def test_the_functions_are_the_f_divergences(pair):
    p, q = pair
    close = pytest.approx
    assert divergences.kl(p, q) == close(KL()(p, q), rel=1e-12, abs=1e-12)
    assert 2 * divergences.js(p, q) == close(JensenShannon()(p, q), rel=1e-12)
    assert 0 <= divergences.js(p, q) <= math.log(2)
    assert 0 <= divergences.js(p, q, unit="bits") <= 1
    assert 0 <= divergences.total_variation(p, q) <= 1
    assert divergences.entropy(p) >= 0
    both = divergences.entropy(p) + divergences.kl(p, q)
    # each of some terms of up to 745, rounded
    assert divergences.cross_entropy(p, q) == close(both, rel=1e-12, abs=1e-12)


@given(pairs())
def test_the_value_of_the_best_discriminator(pair):
    p, q = pair
    best = divergences.optimal_discriminator(p, q)
    assert ((best > 0) == ((p > 0) | (q == 0))).all()
    assert ((best < 1) == ((q > 0) | (p == 0))).all()
    expected = 2 * divergences.js(p, q) - math.log(4)
    # D is of p and q as they are, the divergence of what sums to 1: 9e-6, squared;
    # and D next to 1 is off by at most 1e-16, times a logarithm of at most 745
    value = divergences.value_function(best, p, q)
    assert value == pytest.approx(expected, abs=1e-9)


# e = 2^-k, so that (1 + e)/2 and (1 - e)/2 are no rounded numbers
NEAR = {
    KL: 1 / 2,  # ((1 + e) log(1 + e) + (1 - e) log(1 - e))/2 = e^2/2 + e^4/12
    ReverseKL: 1 / 2,  # -log(1 - e^2)/2
    Jeffrey: 1,  # e atanh e
    JensenShannon: 1 / 4,
    GAN: 0,
    Pearson: 1,
    Neyman: 1,
    SquaredHellinger: 1 / 4,  # 2 - sqrt(1 + e) - sqrt(1 - e)
}


@EACH
@pytest.mark.parametrize("power", [12, 20, 40])
def test_near_equality_all_are_a_square(cls, power):
    """f''(1)/2 e^2 for p = (1 + e, 1 - e)/2 and q = (1, 1)/2, up to e^4."""
    e = 2.0**-power
    p, q = np.array([1 + e, 1 - e]) / 2, np.array([0.5, 0.5])
    value = cls()(p, q)
    if cls is GAN:
        assert value == pytest.approx(-math.log(4), abs=e**2 + 1e-15)
        return
    # the next term is at most e^4 of it; a logarithm's last digit is 1e-16/e of it
    assert value == pytest.approx(NEAR[cls] * e**2, rel=e**2 + 1e-15 / e + 1e-15)


def test_js_of_what_shares_only_subnormal_densities():
    x = np.linspace(-6, 6, 2001)
    dx = x[1] - x[0]
    p, q = gaussian(x, -2, 0.1), gaussian(x, 2, 0.1)
    # 1 - TV = erfc(20/sqrt 2) = 5e-89 is all that is missing
    assert divergences.js(p, q, cell=dx) == pytest.approx(math.log(2), abs=1e-14)


def test_the_value_of_a_game_that_is_won():
    x = np.linspace(-12, 32, 20_001)
    dx = x[1] - x[0]
    p, q = gaussian(x), gaussian(x, 20)
    best = divergences.optimal_discriminator(p, q)
    # 2 JS - log 4 lies between 0 and -2 log 2 (1 - TV), with 1 - TV = erfc(10/sqrt 2)
    assert divergences.value_function(best, p, q, cell=dx) == pytest.approx(
        0, abs=1e-14
    )


def test_a_density_that_is_none_as_a_mass():
    p, q = [5e9, 5e9], [1e10, 1e-318]  # 1e-318 times 1e-10 is 0
    expected = 0.5 * math.log(0.5) + 0.5 * (math.log(5e9) - math.log(1e-318))
    # 1e-318 has 5 digits of its own, which both sides read
    assert divergences.kl(p, q, cell=1e-10) == pytest.approx(expected, rel=1e-12)
    assert KL()(p, q, cell=1e-10) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("scale", [LEAST, 1e-310, 1.0, LARGEST])
def test_the_best_discriminator_of_any_scale(scale):
    """Equal densities have 1/2, and one alone has all, at any scale."""
    found = divergences.optimal_discriminator([scale, scale, 0.0], [scale, 0.0, scale])
    assert found.tolist() == [0.5, 1.0, 0.0]
    nearly = divergences.optimal_discriminator([LARGEST, LEAST], [LEAST, LARGEST])
    assert nearly[0] == 1 - 2**-53 and nearly[1] == LEAST


@given(st.lists(st.floats(-1e307, 1e307), min_size=1, max_size=9), st.data())
def test_the_order_of_samples_is_no_distance(real, data):
    fake = data.draw(st.permutations(real))
    assert divergences.wasserstein_of_samples(real, fake) == 0.0
    twice = divergences.wasserstein_of_samples(real, fake + fake)
    assert twice == 0.0


@pytest.mark.parametrize("unit", [LEAST, 1e-300, 1e306])
def test_distances_have_the_unit_of_the_points(unit):
    # a half of the mass goes 3 units, a half 5
    found = divergences.wasserstein_of_samples([0.0, 2 * unit], [3 * unit, 7 * unit])
    assert found == pytest.approx(4 * unit, rel=1e-12)
    points = [0.0, 6 * unit]
    assert divergences.wasserstein([1.0, 0.0], [0.5, 0.5], points) == 3 * unit


@EACH
@pytest.mark.parametrize("ratio", [LEAST, 1e-200, 1e-9, 1e9, 1e200, 1e300])
def test_f_and_its_derivative_far_from_1(cls, ratio):
    with localcontext() as context:
        context.prec, context.Emin, context.Emax = 700, -9999, 9999
        f, u = BY_DECIMALS[cls], Decimal(ratio)
        width = u * Decimal("1e-20")
        slope = float((f(u + width) - f(u - width)) / (2 * width))
        value = float(f(u))
    with np.errstate(over="ignore"):  # where the value itself is
        received = float(cls().f(ratio)), float(cls().derivative(ratio))
    # u log u - u log(u + 1) cancels to log(1e300) = 690 roundings of u
    assert received[0] == pytest.approx(value, rel=1e-12, abs=1e-12)
    assert received[1] == pytest.approx(slope, rel=1e-12, abs=1e-12)


@EACH
@pytest.mark.parametrize(
    "wrong", [0.0, -1.0, math.nan, math.inf, [1j], "a", [[1.0], [1.0, 2.0]], None]
)
def test_what_is_no_ratio_is_refused(cls, wrong):
    for function in (cls().f, cls().derivative):
        with pytest.raises(ValueError, match="ratio holds"):
            function(wrong)


@EACH
def test_what_is_no_slope_is_refused(cls):
    end = cls.at_infinity
    beyond = [math.nan, -math.inf, end if math.isinf(end) else end + 1e-9, None]
    for wrong in beyond:
        with pytest.raises(ValueError, match="t holds"):
            cls().conjugate(wrong)


def test_the_conjugate_of_jeffrey_where_t_is_large():
    # f*(t) = 1/w - log w - 1 with w + log w = 1 - t: w = 1e300 for t = -1e300 - 690
    received = float(Jeffrey().conjugate(-1e300))
    assert received == pytest.approx(-math.log(1e300) - 1, rel=1e-12)


class Own(f_divergences.Divergence):
    """Total variation, f = |u - 1|/2, by the two methods that one must give."""

    threshold, at_zero, at_infinity = 0.0, 0.5, 0.5

    def f(self, ratio):
        return np.abs(ratio - 1) / 2


@given(pairs())
def test_a_divergence_of_ones_own(pair):
    expected = divergences.total_variation(*pair)
    assert Own()(*pair) == pytest.approx(expected, abs=1e-12)


NO_NUMBERS = [
    pytest.param(np.array([1j, 0.5]), id="complex"),
    pytest.param(np.array(["1", "0"]), id="text"),
    pytest.param([[1.0], [1.0, 2.0]], id="ragged"),
    pytest.param(np.array(["2020", "2021"], "datetime64[Y]"), id="dates"),
    pytest.param([10**400, 1], id="a huge int"),
    pytest.param([object(), 1], id="objects"),
]


@pytest.mark.parametrize("wrong", NO_NUMBERS)
@pytest.mark.parametrize(
    "call",
    [
        lambda x: divergences.kl(x, x),
        lambda x: divergences.js([0.5, 0.5], x),
        lambda x: divergences.entropy(x),
        lambda x: divergences.total_variation(x, [0.5, 0.5]),
        lambda x: divergences.self_information(x),
        lambda x: divergences.optimal_discriminator(x, x),
        lambda x: divergences.value_function(x, [0.5, 0.5], [0.5, 0.5]),
        lambda x: divergences.wasserstein([0.5, 0.5], [0.5, 0.5], x),
        lambda x: divergences.wasserstein_of_samples(x, [0.5, 0.5]),
        lambda x: KL()(x, [0.5, 0.5]),
    ],
    ids=["kl", "js", "entropy", "tv", "information", "best", "value", "w1", "w", "f"],
)
def test_what_are_no_numbers_is_refused(call, wrong):
    with pytest.raises(ValueError, match="finite numbers. Received: .*Pass an array"):
        call(wrong)


@pytest.mark.parametrize("cell", [0.0, -1.0, math.nan, math.inf, 1e-310, [1.0], None])
def test_what_is_no_cell_is_refused(cell):
    density = [1.0, 1.0]
    with pytest.raises(ValueError, match="cell"):
        divergences.kl(density, density, cell=cell)


def test_positions_whose_distance_is_none():
    with pytest.raises(ValueError, match=r"numbers up to 1e\+307"):
        divergences.wasserstein_of_samples([-LARGEST], [LARGEST])
