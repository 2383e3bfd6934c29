"""Noise-contrastive estimation: the loss by hand, and its estimates' errors."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from keras_gan import densities, priors, relatives
from keras_gan.core.randomness import seed_of
from keras_gan.training import Round

ROWS = np.random.default_rng(0).normal(size=(6, 2)).astype("float32")


def loss_of(model, rows):
    latents = model.draw_latents(len(rows), seed_of(0, "test"))
    return float(model.objective(Round(rows, latents=latents), False)[0]), latents


@pytest.mark.parametrize("nu", [1, 3])
def test_the_loss_by_hand(nu):
    density = densities.Gaussian(2)
    density.bijections[0].mean.assign([0.5, -0.5])
    model = relatives.NCE(density, priors.Normal(2, covariance=[4.0, 4.0]), nu)
    loss, latents = loss_of(model, ROWS)
    noise = latents["noise"].numpy()
    assert noise.shape == (6, nu, 2)

    def h(u):
        ratio = np.exp(-((u - [0.5, -0.5]) ** 2).sum(-1) / 2 + (u**2).sum(-1) / 8) * 4
        return ratio / (ratio + nu)

    of_noise = np.log(1 - h(noise)).sum(axis=1).mean()  # nu terms for each sample
    expected = -np.log(h(ROWS)).mean() - of_noise
    assert loss == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("nu", [1, 3])
def test_noise_that_is_the_model_cannot_be_told_apart(nu):
    """h = 1/(1 + nu) everywhere: log(1 + nu) + nu log((1 + nu)/nu), 2 log 2 of one."""
    model = relatives.NCE(densities.Gaussian(2), priors.Normal(2), nu)
    expected = np.log(1 + nu) + nu * np.log((1 + nu) / nu)
    assert loss_of(model, ROWS)[0] == pytest.approx(expected, rel=1e-5)


def test_the_noise_of_the_first_samples_does_not_depend_on_their_number():
    model = relatives.NCE(densities.Gaussian(2), priors.Normal(2), 3)
    few, many = (model.draw_latents(n, seed_of(0, "test")) for n in (2, 5))
    for name in ("noise", "latents"):
        np.testing.assert_array_equal(few[name], many[name][:2])


SIGMA, NOISE, N = 0.8, 1.2, 20_000


def asymptotic_errors(nu):
    """Standard errors of the estimates of (w, c) in log p(x) = w x^2 + c.

    The estimate solves E_data (1 - h) g = nu E_noise h g, g = (x^2, 1). Noise is drawn
    anew in each step, so its mean is exact in the limit, and what is left is of data:
    I^-1 Cov_data((1 - h) g) I^-1 / n, with I = E_data (1 - h) g g^T (Gutmann and
    Hyvarinen, 2012, theorem 3, for noise without end at a fixed nu).
    """
    x = np.linspace(-12, 12, 4001)
    cell = x[1] - x[0]
    p, q = (np.exp(-((x / s) ** 2) / 2) / (s * np.sqrt(2 * np.pi)) for s in (0.8, 1.2))
    rest = nu * q / (p + nu * q)  # 1 - h
    g = np.stack([x**2, np.ones_like(x)])
    information = (g * rest * p) @ g.T * cell
    terms = g * rest
    mean = (terms * p).sum(axis=1) * cell
    covariance = (terms * p) @ terms.T * cell - np.outer(mean, mean)
    inverse = np.linalg.inv(information)
    return np.sqrt(np.diag(inverse @ covariance @ inverse) / N)


def test_the_normalising_constant_is_found():
    """Within 4 of its derived errors, and within 2 % of Z = sigma sqrt(2 pi)."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((1,))
    dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    network = keras.Model(inputs, dense(ops.square(inputs)))
    model = relatives.NCE(
        densities.Unnormalized(network), priors.Normal(1, covariance=[NOISE**2]), 2
    )
    falling = keras.optimizers.schedules.CosineDecay(0.1, 400)
    model.compile(keras.optimizers.Adam(falling), steps_per_execution=50)
    rows = priors.Normal(1, covariance=[SIGMA**2])(N, seed_of(1, "rows"))
    model.fit(tf.data.Dataset.from_tensors(rows).repeat(400), verbose=0)
    found = np.array([float(dense.kernel[0, 0]), model.density.log_constant])
    constant = -np.log(SIGMA * np.sqrt(2 * np.pi))
    errors = asymptotic_errors(2)
    assert 0.003 < errors[1] < 0.02 / 3  # 2 % is three errors and more
    assert (abs(found - [-1 / (2 * SIGMA**2), constant]) < 4 * errors).all()
    assert abs(np.exp(constant - found[1]) - 1) < 0.02


def test_a_normalised_density_draws():
    model = relatives.NCE(densities.Gaussian(2), priors.Normal(2))
    latents = model.draw_latents(5, seed_of(1, "test"))
    np.testing.assert_array_equal(model.draw(latents, None), latents["latents"])


def test_data_where_there_is_no_noise_are_refused():
    model = relatives.NCE(densities.Gaussian(2), priors.Uniform(2, -1.0, 1.0))
    model.compile()
    rows = np.float32([[0.0, 0.5], [0.0, 1.5]])
    assert np.isfinite(loss_of(model, rows)[0])
    with pytest.raises(ValueError, match=r"no noise, 1 of 2 .* \[0.0, 1.5\]"):
        model.fit(tf.data.Dataset.from_tensors(rows), verbose=0)


def test_bad_input():
    density = densities.Gaussian(2)
    with pytest.raises(TypeError, match="noise is a prior of known density"):
        relatives.NCE(density, "normal")
    with pytest.raises(ValueError, match="Categorical, which has no log_prob"):
        relatives.NCE(density, priors.Categorical(2))
    with pytest.raises(ValueError, match="noise of 3. Pass latent_dim=2"):
        relatives.NCE(density, priors.Normal(3))
    with pytest.raises(ValueError, match="noise_per_sample is an integer"):
        relatives.NCE(density, priors.Normal(2), 0)
    constant = keras.Model(x := keras.Input((2,)), keras.layers.Dense(1)(x))
    open_one = relatives.NCE(densities.Unnormalized(constant), priors.Normal(2))
    with pytest.raises(ValueError, match="Unnormalized density does not draw"):
        open_one.sample(2)
