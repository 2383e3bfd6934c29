"""Densities: what they integrate to, what they draw, and SciPy's numbers."""

import functools

import keras
import numpy as np
import pytest
from scipy import stats

from keras_gan import densities, networks
from keras_gan.core.randomness import seed_of

EXAMPLES = [
    densities.Gaussian(3, name="cloud"),
    densities.GaussianMixture(2, 3, spread=2.0, name="clouds"),
    densities.AffineFlow(3, base="logistic", name="sources"),
    densities.RealNVP(3, couplings=2, widths=(4,), name="flow"),
    densities.Unnormalized(networks.MLPDiscriminator((2,), (4,)), name="open"),
]


def moved(density, by=0.3, seed=0):
    """The density with weights that are no longer its first ones."""
    rng = np.random.default_rng(seed)
    for variable in density.trainable_variables:
        variable.assign(variable.numpy() + by * rng.normal(size=variable.shape))
    return density


MAKERS = {
    "gaussian": lambda: densities.Gaussian(2),
    "mixture": lambda: densities.GaussianMixture(2, 3, spread=1.5),
    "affine": lambda: densities.AffineFlow(2),
    "logistic": lambda: densities.AffineFlow(2, base="logistic"),
    "flow": lambda: densities.RealNVP(2, couplings=3, widths=(6,)),
}


@functools.cache
def made(name):
    keras.utils.set_random_seed(1)
    return moved(MAKERS[name]())


@pytest.mark.parametrize("name", MAKERS)
def test_the_density_integrates_to_one(name):
    """The sum over cells of 0.2 x 0.2, to the float32 rounding of log p."""
    axis = np.arange(-20, 20, 0.2)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    total = np.exp(np.float64(made(name).log_prob(points))).sum() * 0.2**2
    assert total == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("name", MAKERS)
def test_samples_are_of_the_density(name):
    """E log p of samples is that of the grid, to four standard errors of both.

    And the mean of p itself is the integral of p^2: what log p is at its highest.
    """
    density, axis = made(name), np.arange(-20, 20, 0.2)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    on_grid = np.float64(density.log_prob(points))
    drawn = np.float64(density.log_prob(density.sample(20_000, seed=1)))
    for function in (np.asarray, np.exp):
        expected = (np.exp(on_grid) * function(on_grid)).sum() * 0.2**2
        values = function(drawn)
        error = values.std() / np.sqrt(len(values))
        assert abs(values.mean() - expected) < 4 * error


@pytest.mark.parametrize("name", MAKERS)
def test_the_first_samples_do_not_depend_on_their_number(name):
    density = made(name)
    few, many = density.sample(3, seed=2), density.sample(9, seed=2)
    np.testing.assert_allclose(few, many[:3], rtol=1e-6, atol=1e-6)
    assert abs(many - density.sample(9, seed=3)).max() > 0.1


def test_a_gaussian_is_scipys():
    density = made("gaussian")
    rows = np.random.default_rng(0).normal(size=(5, 2))
    known = stats.multivariate_normal(density.mean, density.covariance)
    np.testing.assert_allclose(density.log_prob(rows), known.logpdf(rows), rtol=1e-5)
    drawn = density.sample(50_000, seed=0)
    away = (drawn.mean(axis=0) - density.mean) / np.sqrt(np.diag(density.covariance))
    assert abs(away).max() < 4 / np.sqrt(50_000)


def test_a_mixture_is_scipys():
    density = made("mixture")
    rows = np.random.default_rng(0).normal(size=(5, 2))
    parts = zip(
        density.mixture_weights, density.means, density.covariances, strict=True
    )
    each = [w * stats.multivariate_normal(m, c).pdf(rows) for w, m, c in parts]
    np.testing.assert_allclose(density.log_prob(rows), np.log(sum(each)), rtol=1e-5)


def test_an_affine_flow_is_the_density_of_its_sources():
    density = made("logistic")
    rows = np.random.default_rng(0).normal(size=(5, 2))
    lower = density.bijections[-1]
    z = rows @ density.unmixing.T - lower.mean.numpy() @ np.float64(lower.factor()).T
    expected = stats.logistic.logpdf(z).sum(axis=1)
    expected += np.log(abs(np.linalg.det(density.unmixing)))
    np.testing.assert_allclose(density.log_prob(rows), expected, rtol=1e-5)


def test_the_log_determinant_of_a_flow_is_that_of_its_jacobian():
    """By central differences of 1e-2, in three dimensions: odd and even coordinates."""
    density = moved(densities.RealNVP(3, couplings=3, widths=(6,)))
    x = density.sample(4, seed=0)

    def through(x):
        z, total = np.float32(x), 0.0
        for bijection in density.bijections:
            z, change = bijection(z)
            total += np.asarray(change)
        return np.float64(z), total

    steps = 1e-2 * np.eye(3)
    slopes = [(through(x + s)[0] - through(x - s)[0]) / 2e-2 for s in steps]
    signs, expected = np.linalg.slogdet(np.stack(slopes, axis=2))
    assert (signs > 0).all()
    np.testing.assert_allclose(through(x)[1], expected, atol=2e-3)
    latents = density.draw_latents(4, seed_of(0, "sample"))
    np.testing.assert_allclose(through(x)[0], latents, atol=1e-5)  # it inverts it


def test_a_constant_is_added():
    density = densities.Unnormalized(networks.MLPDiscriminator((2,), (4,)))
    rows = np.random.default_rng(0).normal(size=(5, 2)).astype("float32")
    before = density.log_prob(rows)
    np.testing.assert_allclose(before, density.network(rows)[:, 0], rtol=1e-6)
    density.constant.value_of.assign(2.5)
    assert density.log_constant == 2.5
    np.testing.assert_allclose(density.log_prob(rows), before + 2.5, rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: densities.Gaussian(0), "dim is an integer of at least 1"),
        (lambda: densities.GaussianMixture(2, 0), "components is an integer"),
        (lambda: densities.GaussianMixture(2, 2, spread=0), "spread is a number above"),
        (lambda: densities.AffineFlow(2, base="uniform"), "base is one of"),
        (lambda: densities.RealNVP(1), "Of one number, use GaussianMixture"),
        (lambda: densities.RealNVP(2, couplings=0), "couplings is an integer"),
        (lambda: densities.RealNVP(2, widths=(0,)), "widths holds integers"),
        (
            lambda: densities.Unnormalized(networks.MLPGenerator((3,), 2, (4,))),
            r"one of inputs \[\(None, 2\)\] and outputs \[\(None, 3\)\]",
        ),
        (lambda: densities.Gaussian(2).log_prob(np.ones((3, 4))), r"shape \(rows, 2\)"),
        (lambda: densities.Gaussian(2).log_prob([[np.nan, 0]]), "finite"),
        (lambda: densities.Gaussian(2).sample(0), "num_samples is an integer"),
        (lambda: EXAMPLES[-1].sample(1), "does not draw"),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(ValueError, match=message):
        make()
