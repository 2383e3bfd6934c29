"""The log densities of priors beside SciPy's."""

import numpy as np
import pytest
from scipy import stats

from keras_gan import priors

ROWS = np.random.default_rng(0).normal(size=(7, 2))
COVARIANCE = [[4.0, 1.8], [1.8, 1.0]]


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (priors.Normal(2), stats.multivariate_normal([0, 0])),
        (priors.Normal(2, mean=2.5), stats.multivariate_normal([2.5, 2.5])),
        (
            priors.Normal(2, mean=[1.0, -1.0], covariance=COVARIANCE),
            stats.multivariate_normal([1.0, -1.0], COVARIANCE),
        ),
        (
            priors.Normal(2, covariance=[4.0, 0.25]),
            stats.multivariate_normal([0, 0], np.diag([4.0, 0.25])),
        ),
    ],
)
def test_a_normal_prior(prior, expected):
    found = prior.log_prob(ROWS)
    assert found.dtype == "float32"
    np.testing.assert_allclose(found, expected.logpdf(ROWS), rtol=1e-6)


def test_a_uniform_prior():
    prior = priors.Uniform(2, minval=-1.0, maxval=3.0)
    inside, outside = np.float32([[0.0, 2.0]]), np.float32([[0.0, 3.5]])
    assert float(prior.log_prob(inside)[0]) == pytest.approx(-2 * np.log(4), rel=1e-6)
    assert float(prior.log_prob(outside)[0]) == -np.inf
    assert np.isfinite(prior.log_prob(prior(999, [1, 2]))).all()


def test_a_prior_without_one_says_so():
    with pytest.raises(NotImplementedError, match="Categorical lacks log_prob"):
        priors.Categorical(2).log_prob(ROWS)
