"""Mixtures against scipy's densities, and their samples against the mixture."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import integrate, stats

from keras_gan.core.randomness import MAX_SEED
from keras_gan.datasets import Dirac, GaussianMixture, TwoMoons

MEANS = np.array([[0.0, 3.0], [-2.0, 1.0], [4.0, 4.0]])
COVARIANCES = np.array(
    [[[1.0, 0.6], [0.6, 0.5]], [[0.1, 0.0], [0.0, 2.0]], [[0.3, -0.2], [-0.2, 0.3]]]
)
WEIGHTS = np.array([0.5, 0.2, 0.3])
GENERAL = GaussianMixture(MEANS, covariances=COVARIANCES, weights=WEIGHTS)


def test_the_density_is_scipys():
    x = np.random.default_rng(0).normal(size=(200, 2)) * 4
    parts = [
        weight * stats.multivariate_normal(mean, covariance).pdf(x)
        for mean, covariance, weight in zip(MEANS, COVARIANCES, WEIGHTS, strict=True)
    ]
    np.testing.assert_allclose(GENERAL.density(x), sum(parts), rtol=1e-10)
    np.testing.assert_allclose(GENERAL.log_density(x), np.log(sum(parts)), rtol=1e-10)


@pytest.mark.parametrize(
    "scales", [0.5, [0.5, 1.0], [[0.5], [1.0]]], ids=["one", "each", "coordinates"]
)
def test_one_dimension(scales):
    mixture = GaussianMixture([-1.0, 2.0], scales=scales, weights=[0.3, 0.7])
    x = np.linspace(-3, 4, 50)
    first, second = np.broadcast_to(np.ravel(scales), 2)
    expected = 0.3 * stats.norm(-1, first).pdf(x) + 0.7 * stats.norm(2, second).pdf(x)
    np.testing.assert_allclose(mixture.density(x), expected, rtol=1e-12)
    np.testing.assert_array_equal(mixture.density(x[:, None]), mixture.density(x))
    total, _ = integrate.quad(
        lambda t: mixture.density([t])[0], -15, 15, points=[-1, 2]
    )
    assert total == pytest.approx(1, abs=1e-7)


def test_a_log_density_far_away_is_finite():
    mixture = GaussianMixture.ring()  # of scale 0.01: at 100 it is exp(-4.9e7)
    found = mixture.log_density([[100.0, 0.0]])
    nearest = -0.5 * (99 / 0.01) ** 2 - np.log(2 * np.pi * 0.01**2) - np.log(8)
    assert found == pytest.approx(nearest, rel=1e-12)
    assert mixture.density([[100.0, 0.0]]) == 0


def test_scales_are_deviations():
    mixture = GaussianMixture(MEANS, scales=[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    variances = np.diagonal(mixture.covariances, axis1=1, axis2=2)
    np.testing.assert_allclose(variances, [[1, 4], [9, 16], [25, 36]])
    np.testing.assert_allclose(mixture.weights, 1 / 3)
    shared = GaussianMixture(MEANS, covariances=COVARIANCES[0])
    np.testing.assert_allclose(shared.covariances, COVARIANCES[[0, 0, 0]], atol=1e-15)


def test_samples_have_the_moments_of_the_mixture():
    rows = 50_000
    samples = GENERAL.sample(rows, seed=4)
    assert samples.shape == (rows, 2) and samples.dtype == np.float32
    mean = WEIGHTS @ MEANS
    second = np.einsum("k,kij->ij", WEIGHTS, COVARIANCES)
    second += np.einsum("k,ki,kj->ij", WEIGHTS, MEANS, MEANS)
    covariance = second - np.outer(mean, mean)
    errors = np.sqrt(np.diag(covariance) / rows)
    assert (abs(samples.mean(axis=0) - mean) < 4 * errors).all()
    # Standard errors of second moments, from the samples themselves.
    products = samples[:, :, None].astype(float) * samples[:, None]
    errors = products.std(axis=0) / np.sqrt(rows)
    assert (abs(products.mean(axis=0) - second) < 4 * errors).all()


def test_the_density_of_samples_is_the_density():
    """E log p(x) over samples is minus the entropy, here that of one Gaussian."""
    rows = 50_000
    gaussian = GaussianMixture(MEANS[:1], covariances=COVARIANCES[:1])
    found = gaussian.log_density(gaussian.sample(rows, seed=1))
    entropy = stats.multivariate_normal(MEANS[0], COVARIANCES[0]).entropy()
    # log p = const - chi2(2)/2, of variance 1: 4 standard errors
    assert abs(found.mean() + entropy) < 4 / np.sqrt(rows)


def test_one_dimension_by_kolmogorov_and_smirnov():
    mixture = GaussianMixture([-1.0, 2.0], scales=[0.5, 1.5], weights=[0.3, 0.7])

    def cumulative(x):
        return 0.3 * stats.norm(-1, 0.5).cdf(x) + 0.7 * stats.norm(2, 1.5).cdf(x)

    samples = mixture.sample(20_000, seed=3).ravel()
    assert stats.kstest(samples, cumulative).pvalue > 1e-3
    other = stats.kstest(samples, lambda x: cumulative(x - 0.1))
    assert other.pvalue < 1e-6  # the test would see a shift of 0.1


def shares(mixture, samples):
    """The share of samples nearest to each mode, and of all within 3 sigma of one."""
    distances = np.linalg.norm(samples[:, None] - mixture.means, axis=-1)
    nearest = np.bincount(distances.argmin(axis=1), minlength=len(mixture.means))
    scale = np.sqrt(mixture.covariances[0, 0, 0])
    return nearest / len(samples), (distances.min(axis=1) < 3 * scale).mean()


@pytest.mark.parametrize(
    ("mixture", "modes"),
    [(GaussianMixture.ring(), 8), (GaussianMixture.grid(), 25)],
    ids=["ring", "grid"],
)
def test_all_modes_are_drawn_alike(mixture, modes):
    rows = 20_000
    found, good = shares(mixture, mixture.sample(rows, seed=0))
    assert len(found) == modes
    # 4.5 standard errors, since there are up to 25 of them
    errors = np.sqrt((1 / modes) * (1 - 1 / modes) / rows)
    assert abs(found - 1 / modes).max() < 4.5 * errors
    within = 1 - np.exp(-9 / 2)  # of a Gaussian in two dimensions: 98.89 %
    assert abs(good - within) < 4 * np.sqrt(within * (1 - within) / rows)


def test_the_ring_has_all_its_modes():
    ring = GaussianMixture.ring(modes=8, radius=2.0, scale=0.1)
    assert len(np.unique(ring.means.round(9), axis=0)) == 8
    np.testing.assert_allclose(np.linalg.norm(ring.means, axis=1), 2)
    neighbours = np.linalg.norm(ring.means - np.roll(ring.means, 1, axis=0), axis=1)
    np.testing.assert_allclose(neighbours, 2 * 2 * np.sin(np.pi / 8))  # equal chords
    np.testing.assert_allclose(ring.covariances, np.full((8, 1, 1), 0.01) * np.eye(2))


def test_the_grid_and_the_line():
    grid = GaussianMixture.grid()
    expected = {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert {tuple(mean) for mean in grid.means} == expected and len(grid.means) == 25
    np.testing.assert_allclose(grid.covariances[0], 0.0025 * np.eye(2))
    line = GaussianMixture.line(modes=4, spacing=2.0, scale=0.5)
    assert line.means.tolist() == [[-3], [-1], [1], [3]] and line.dim == 1
    assert GaussianMixture.line(modes=1).means.tolist() == [[0]]


@hypothesis.settings(max_examples=15)
@hypothesis.given(st.integers(1, 50), st.integers(1, 50), st.integers(0, MAX_SEED))
def test_a_sample_begins_a_larger_one(few, more, seed):
    few, more = sorted((few, more))
    np.testing.assert_array_equal(
        GENERAL.sample(few, seed), GENERAL.sample(more, seed)[:few]
    )


EYE = np.eye(2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param({"scales": None}, "Received: neither", id="neither"),
        pytest.param({"covariances": EYE}, "Received: both", id="both"),
        pytest.param({"means": np.zeros((2, 2, 2))}, r"\(modes, dim\)", id="means"),
        pytest.param({"means": []}, r"\(modes, dim\)", id="no means"),
        pytest.param({"means": [np.inf]}, "means holds finite", id="infinite"),
        pytest.param({"scales": 0.0}, "above 0.*Dirac", id="no scale"),
        pytest.param({"scales": [1.0, 2.0]}, r"\(3,\) or \(3, 2\)", id="two scales"),
        pytest.param({"weights": [0.5, 0.5, 0.5]}, "sum to 1", id="sum"),
        pytest.param({"weights": [0.5, 0.5]}, "3 positive shares", id="two weights"),
        pytest.param({"weights": [0.5, 0.5, 0.0]}, "positive shares", id="no weight"),
    ],
)
def test_what_is_no_mixture(arguments, message):
    with pytest.raises(ValueError, match=message):
        GaussianMixture(**{"means": MEANS, "scales": 1.0, **arguments})


@pytest.mark.parametrize(
    ("covariances", "message"),
    [
        pytest.param(np.eye(3), r"\(2, 2\) or \(3, 2, 2\)", id="size"),
        pytest.param(
            [EYE, -EYE, EYE], r"covariances\[1\] is positive definite", id="negative"
        ),
        pytest.param([[1.0, 0.5], [0.0, 1.0]], "symmetric", id="asymmetric"),
    ],
)
def test_what_are_no_covariances(covariances, message):
    with pytest.raises(ValueError, match=message):
        GaussianMixture(MEANS, covariances=covariances)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda: GaussianMixture.ring(0), "modes", id="no modes"),
        pytest.param(lambda: GaussianMixture.ring(radius=0), "radius", id="radius"),
        pytest.param(lambda: GaussianMixture.ring(scale=-1), "scales", id="scale"),
        pytest.param(lambda: GaussianMixture.grid(2.5), "side", id="side"),
        pytest.param(
            lambda: GaussianMixture.grid(spacing="x"), "spacing", id="spacing"
        ),
        pytest.param(lambda: GaussianMixture.line(True), "modes", id="line"),
        pytest.param(lambda: GENERAL.density([1.0, 2.0]), r"\(n, 2\)", id="one point"),
        pytest.param(lambda: GENERAL.density([[1.0]]), r"\(n, 2\)", id="width"),
        pytest.param(lambda: GENERAL.density([[np.nan] * 2]), "x holds", id="nan"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("power", [-100, -20, 100])
def test_the_density_in_another_unit(power):
    """p(s x; s mu, s sigma) = p(x; mu, sigma)/s^dim, for s a power of two."""
    means, scales = np.array([[0.0, 1.0], [2.0, -1.0]]), np.array([0.5, 1.5])
    x = np.array([[0.0, 0.0], [1.0, 3.0], [90.0, 0.0]])
    expected = GaussianMixture(means, scales).log_density(x)
    scaled = GaussianMixture(np.ldexp(means, power), np.ldexp(scales, power))
    found = scaled.log_density(np.ldexp(x, power))
    shifted = expected - 2 * power * np.log(2)
    # a determinant's logarithm of some hundreds is rounded to 1e-14
    np.testing.assert_allclose(found, shifted, rtol=1e-12)
    assert np.isfinite(scaled.sample(100)).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: GaussianMixture([0.0], 1e-37), "deviations of at least 1e-36"),
        (lambda: GaussianMixture([0.0], None, [[1e-80]]), "deviations of at least"),
        (
            lambda: GaussianMixture([1e37], 1.0),
            r"means holds numbers of at most 1e\+36",
        ),
        (lambda: GaussianMixture([0.0], 1e37), r"scales holds numbers of at most"),
        (lambda: GaussianMixture([0.0], "a"), "scales holds finite numbers"),
        (lambda: GaussianMixture.grid(5, spacing=1e36), "means holds numbers"),
        (lambda: GaussianMixture([0.0], 1.0).density([1e200]), "x holds numbers"),
        (
            lambda: GaussianMixture(np.zeros((1, 9)), 1e-36).density(np.zeros((1, 9))),
            "Use log_density",
        ),
        (lambda: Dirac(1e39), "point holds numbers of at most"),
        (lambda: Dirac(np.array([1j])), "point holds finite numbers"),
        (lambda: TwoMoons(noise=1e300), "noise holds numbers of at most"),
    ],
)
def test_what_float32_does_not_hold(make, message):
    with pytest.raises(ValueError, match=message):
        make()
