"""The kernel distance: by hand, unbiased, in blocks."""

import itertools

import numpy as np
import pytest

from keras_gan.metrics import kernel_distance


def by_loops(real, fake):
    """The definition: means over all pairs of different samples."""

    def kernel(a, b):
        return (a @ b / len(a) + 1) ** 3

    within = [
        np.mean([kernel(a, b) for a, b in itertools.permutations(rows, 2)])
        for rows in (real, fake)
    ]
    across = np.mean([kernel(a, b) for a in real for b in fake])
    return sum(within) - 2 * across


def two_sets(rows, dim=3, seed=0):
    return np.random.default_rng(seed).normal(size=(2, rows, dim))


def test_the_definition():
    real, fake = two_sets(9)
    found = kernel_distance(real, 2 * fake[:7])
    assert found.value == pytest.approx(by_loops(real, 2 * fake[:7]), rel=1e-12)
    assert found.standard_error is None


def test_blocks_are_means_of_definitions():
    real, fake = two_sets(23)
    values = [
        by_loops(r, f)
        for r, f in zip(np.array_split(real, 4), np.array_split(fake, 4), strict=True)
    ]
    found = kernel_distance(real, fake, block_size=5)
    assert found.value == pytest.approx(np.mean(values), rel=1e-10)
    assert found.standard_error == pytest.approx(np.std(values, ddof=1) / 2, rel=1e-10)


@pytest.mark.parametrize("block_size", [20, 100], ids=["5 blocks", "one block"])
def test_the_expectation_is_0_for_equal_distributions(block_size):
    found = [
        kernel_distance(*two_sets(100, seed=seed), block_size).value
        for seed in range(300)
    ]
    # 3.5 standard errors over the seeds, on both sides
    assert abs(np.mean(found)) < 3.5 * np.std(found) / np.sqrt(300)
    assert 0.2 < np.mean(np.array(found) < 0) < 0.8


def test_the_standard_error_is_the_spread_over_new_samples():
    found = [
        kernel_distance(*two_sets(400, seed=seed) * [[[1.0]], [[1.2]]], 20)
        for seed in range(200)
    ]
    spread = np.std([estimate.value for estimate in found])
    errors = np.sqrt(np.mean([estimate.standard_error**2 for estimate in found]))
    assert errors == pytest.approx(spread, rel=0.2)  # 200 draws: 5 % each


def test_a_known_distance():
    """k of N(0,1) and of N(m,1) in one dimension: E (xy + 1)^3 by moments.

    With independent x and y, E (xy+1)^3 = 1 + 3 E x E y + 3 E x^2 E y^2 + E x^3 E y^3.
    """
    m = 0.5
    shifted = np.array([m, m**2 + 1, m**3 + 3 * m])
    plain = np.array([0.0, 1.0, 0.0])
    expected = np.array([3, 3, 1]) @ np.square(shifted - plain)
    real, fake = two_sets(10_000, dim=1)
    found = kernel_distance(real, fake + m)
    assert abs(found.value - expected) < 4 * found.standard_error


def test_float32_is_computed_in_float64():
    real, fake = two_sets(50).astype(np.float32)
    expected = kernel_distance(real.astype(float), fake.astype(float))
    assert kernel_distance(real, fake) == expected
