"""Differences in pairs, held to SciPy's test of them."""

import math

import numpy as np
import pytest
from scipy import stats

from keras_gan.experiments import difference


@pytest.mark.parametrize("count", [2, 3, 10])
def test_the_interval_is_that_of_the_paired_t_test(count):
    rng = np.random.default_rng(count)
    one, other = rng.normal(1.0, 1.0, count), rng.normal(0.0, 1.0, count)
    found = difference(list(one), list(other))
    interval = stats.ttest_rel(one, other).confidence_interval(0.95)
    np.testing.assert_allclose([found.low, found.high], interval, rtol=1e-9)
    np.testing.assert_allclose(found.mean, np.mean(one - other), rtol=1e-12)
    p = stats.ttest_rel(one, other).pvalue
    assert found.is_told_apart == (p < 0.05)


def test_one_pair_tells_nothing_apart():
    found = difference([3.0], [1.0])
    assert (found.mean, found.count) == (2.0, 1)
    assert math.isnan(found.low)
    assert not found.is_told_apart
    assert not difference([], []).is_told_apart
