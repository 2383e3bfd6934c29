"""The factor of a covariance, and what is told apart from one."""

from fractions import Fraction

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from keras_gan.core.covariance import LARGEST, as_floats, factor


@hypothesis.given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_the_factor_gives_the_covariance_back(dim, seed):
    basis = np.random.default_rng(seed).normal(size=(dim, dim + 2))
    covariance = basis @ basis.T
    lower = factor(covariance, dim)
    np.testing.assert_allclose(lower @ lower.T, covariance, atol=1e-12 * dim * 50)
    np.testing.assert_array_equal(lower, np.tril(lower))
    assert (np.diag(lower) > 0).all()


def test_variances_are_a_diagonal():
    np.testing.assert_array_equal(factor([4.0, 9.0], 2), [[2, 0], [0, 3]])
    # One number in one dimension reads the same either way.
    assert factor([4.0], 1).tolist() == factor([[4.0]], 1).tolist() == [[2.0]]


def test_rounding_is_no_asymmetry():
    covariance = np.array([[2.0, 1.0], [1.0 + 1e-8, 2.0]])
    lower = factor(covariance, 2)
    np.testing.assert_allclose(lower @ lower.T, (covariance + covariance.T) / 2)


def test_scale_does_not_decide():
    """Variances of 1e-12 are small, not zero; a rank too low is, at any scale."""
    for scale in (1e-12, 1e12):
        np.testing.assert_allclose(factor(scale * np.eye(3), 3), scale**0.5 * np.eye(3))
        with pytest.raises(ValueError, match="positive definite"):
            factor(scale * np.ones((3, 3)), 3, "sigma")


def test_any_scale_that_has_a_root():
    """Powers of 4, whose roots are no rounding."""
    covariance = np.array([[4.0, 2.0], [2.0, 2.0]])
    lower = factor(covariance, 2)
    for power in (-500, -100, 50):
        found = factor(np.ldexp(covariance, 2 * power), 2)
        np.testing.assert_array_equal(found, np.ldexp(lower, power))


@hypothesis.given(st.lists(st.floats(width=64), max_size=4))
def test_numbers_are_kept_or_refused(values):
    if all(abs(value) <= LARGEST for value in values):
        assert as_floats(values, "values").tolist() == values
    else:
        with pytest.raises(ValueError, match="values holds .*Received: .* at index"):
            as_floats(values, "values")


@pytest.mark.parametrize(
    "values",
    [
        *("1", b"1", ["1"], {}, [None], object(), [[1], [1, 2]], 10**400),
        *(1j, np.array([1j]), np.datetime64("2020"), np.timedelta64(1, "s")),
    ],
    ids=lambda values: type(values).__name__,
)
def test_what_are_no_numbers(values):
    with pytest.raises(ValueError, match="mean holds finite numbers. Received: "):
        as_floats(values, "mean")


def test_numbers_that_are_masked_are_missing():
    values = np.ma.masked_array([1.0, 2.0], [False, True])
    with pytest.raises(ValueError, match=r"Received: nan at index \(1,\)"):
        as_floats(values, "values")
    assert as_floats(values[:1], "values").tolist() == [1.0]


def test_numbers_of_all_types():
    for values in ([True], [1], np.float16([1]), np.uint8([1]), [Fraction(1)]):
        found = as_floats(values, "values")
        assert found.dtype == np.float64 and found.tolist() == [1.0]
