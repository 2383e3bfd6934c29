"""Priors draw what they say."""

import numpy as np
import pytest

from keras_gan import priors
from keras_gan.randomness import seed_of

SEED = seed_of(3, "test")


def test_normal():
    latents = priors.Normal(4)(20_000, SEED).numpy()
    assert latents.shape == (20_000, 4) and latents.dtype == np.float32
    # standard errors: 1/sqrt(80 000) = .0035 of the mean, .0025 of the deviation
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
