"""Priors draw what they say."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import priors
from keras_gan.core.randomness import normal, seed_of

SEED = seed_of(3, "test")


def test_normal():
    latents = priors.Normal(4)(20_000, SEED).numpy()
    assert latents.shape == (20_000, 4) and latents.dtype == np.float32
    # standard errors: 1/sqrt(80 000) = 0.0035 of the mean, 0.0025 of the deviation
    assert abs(latents.mean()) < 0.014 and abs(latents.std() - 1) < 0.01
    np.testing.assert_allclose(np.cov(latents.T), np.eye(4), atol=0.04)


def test_uniform():
    latents = priors.Uniform(3, minval=2.0, maxval=5.0)(20_000, SEED).numpy()
    assert latents.min() >= 2 and latents.max() <= 5
    assert abs(latents.mean() - 3.5) < 0.015  # 4 x (3/sqrt(12))/sqrt(60 000)


@pytest.mark.parametrize("latent_dim", [0, -1, 1.5, None, True])
def test_a_latent_width_is_a_positive_integer(latent_dim):
    with pytest.raises(ValueError, match="latent_dim"):
        priors.Normal(latent_dim)


def test_an_empty_interval():
    with pytest.raises(ValueError, match="minval < maxval"):
        priors.Uniform(2, minval=1.0, maxval=1.0)


MEAN = np.array([3.0, -1.0, 0.5])
COVARIANCE = np.array([[4.0, 1.8, 0.0], [1.8, 1.0, 0.1], [0.0, 0.1, 0.25]])


def test_the_standard_normal_is_the_plain_draw_to_the_bit():
    drawn = priors.Normal(5)(64, SEED).numpy()
    np.testing.assert_array_equal(drawn, normal((64, 5), SEED))


def test_mean_and_covariance_of_a_normal():
    rows = 50_000
    latents = priors.Normal(3, MEAN, COVARIANCE)(rows, SEED).numpy()
    assert latents.shape == (rows, 3) and latents.dtype == np.float32
    variances = np.diag(COVARIANCE)
    # 4 standard errors: Var mean_i = S_ii/n; Var cov_ij = (S_ii S_jj + S_ij^2)/n.
    errors = np.sqrt(variances / rows)
    assert (abs(latents.mean(axis=0) - MEAN) < 4 * errors).all()
    errors = np.sqrt((np.outer(variances, variances) + COVARIANCE**2) / rows)
    assert (abs(np.cov(latents.T) - COVARIANCE) < 4 * errors).all()


def test_it_is_numpys_map_of_the_standard_draw():
    standard = normal((100, 3), SEED).numpy().astype(np.float64)
    expected = MEAN + standard @ np.linalg.cholesky(COVARIANCE).T
    drawn = priors.Normal(3, MEAN, COVARIANCE)(100, SEED)
    # float32 rounding of numbers below 16: 2^-21
    np.testing.assert_allclose(drawn, expected, rtol=0, atol=2**-21)


@pytest.mark.parametrize(
    ("prior", "same"),
    [
        (priors.Normal(3, covariance=[4.0, 1.0, 0.25]), np.diag([4.0, 1.0, 0.25])),
        (priors.Normal(3, mean=0), np.eye(3)),
        (priors.Normal(3, mean=[0.0, 0.0, 0.0]), np.eye(3)),
    ],
    ids=["variances", "mean of one number", "mean of three"],
)
def test_the_forms_of_mean_and_covariance(prior, same):
    general = priors.Normal(3, mean=[0.0] * 3, covariance=same)
    np.testing.assert_array_equal(prior(50, SEED), general(50, SEED))


def test_one_draw_in_eager_graph_and_xla():
    prior = priors.Normal(3, MEAN, COVARIANCE)
    eager = prior(1000, SEED)
    for compiled in (False, True):
        graph = tf.function(lambda seed: prior(1000, seed), jit_compile=compiled)
        np.testing.assert_array_equal(graph(SEED), eager)
    np.testing.assert_array_equal(prior(7, SEED), eager[:7])


def test_a_revived_normal_draws_the_same():
    prior = priors.Normal(3, MEAN, COVARIANCE)
    revived = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(prior)
    )
    np.testing.assert_array_equal(revived(9, SEED), prior(9, SEED))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mean": [1.0, 2.0]}, r"latent_dim=3 numbers. Received: shape \(2,\)"),
        ({"mean": np.nan}, "finite"),
        ({"mean": "high"}, "finite numbers. Received: 'high'"),
        ({"covariance": 2.0}, r"matrix \(3, 3\), or 3 variances"),
        ({"covariance": np.eye(2)}, r"Received: shape \(2, 2\)"),
        ({"covariance": [[1.0], [2.0, 3.0]]}, "finite numbers"),
        ({"covariance": np.eye(3) + np.eye(3, k=1)}, r"symmetric.*\[0, 1\].*\[1, 0\]"),
        ({"covariance": np.ones((3, 3))}, "positive definite"),
        ({"covariance": [1.0, -1.0, 1.0]}, "smallest is -1"),
        ({"covariance": [1.0, 0.0, 1.0]}, "positive definite"),
    ],
    ids=[
        *("short mean", "NaN", "text", "one variance", "small matrix", "ragged"),
        *("asymmetric", "singular", "negative", "zero"),
    ],
)
def test_what_is_no_mean_or_covariance(arguments, message):
    with pytest.raises(ValueError, match=message):
        priors.Normal(3, **arguments)


@pytest.mark.parametrize(
    "ends",
    [
        (-np.inf, np.inf),
        (np.nan, 1.0),
        (1.0, 1.0 + 1e-12),
        (1e-60, 2e-60),
        (-1e300, 1e300),
        (None, 1.0),
        ("0", 1.0),
        ([0.0], 1.0),
    ],
    ids=str,
)
def test_ends_of_no_uniform_distribution(ends):
    """What float32 does not tell apart has one value, and no 1e300 at all."""
    with pytest.raises(ValueError, match="minval|maxval"):
        priors.Uniform(2, *ends)


@pytest.mark.parametrize("scale", [1e-30, 1e-9, 1e17])
def test_latents_of_any_scale_are_those_of_the_standard_one(scale):
    """A variance of 4^k has a deviation of 2^k, so that nothing is rounded."""
    scale = 2.0 ** round(np.log2(scale))
    plain = priors.Normal(3)(9, SEED).numpy()
    found = priors.Normal(3, covariance=[scale**2] * 3)(9, SEED).numpy()
    np.testing.assert_array_equal(found, np.float32(plain * scale))
    ends = priors.Uniform(3, 0.0, scale)(9, SEED).numpy()
    np.testing.assert_array_equal(ends, priors.Uniform(3, 0.0, 1.0)(9, SEED) * scale)


def test_latents_that_float32_does_not_hold():
    for arguments in ({"mean": 1e39}, {"covariance": [1e80] * 3}):
        with pytest.raises(ValueError, match=r"holds numbers of at most 1e\+36"):
            priors.Normal(3, **arguments)
