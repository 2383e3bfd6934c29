"""Maximum likelihood: the formulas of the estimates, their errors, and KL."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from keras_gan import datasets, densities, divergences, models, relatives

MEAN, COVARIANCE = np.array([1.0, -2.0]), np.array([[2.0, 0.6], [0.6, 0.5]])


def fitted(density, rows, steps=300, rate=0.1):
    """The maximum likelihood of `rows`, by steps on all of them at a falling rate."""
    model = relatives.DensityModel(density)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(falling), steps_per_execution=50)
    model.fit(tf.data.Dataset.from_tensors(rows).repeat(steps), verbose=0)
    return model


@pytest.fixture(scope="module")
def gaussian():
    data = datasets.GaussianMixture(MEAN[None], covariances=COVARIANCE)
    rows = data.sample(2000, seed=0)
    return rows, fitted(densities.Gaussian(2), rows)


def test_the_likeliest_gaussian_has_the_moments_of_the_sample(gaussian):
    """To a hundredth of their standard errors, which are those of the true values.

    Var(mean_i) = S_ii/n and Var(cov_ij) = (S_ii S_jj + S_ij^2)/n; 13 numbers would
    lie within 3 of them, and far from 0: chi squared of the mean has 2 degrees.
    """
    rows, model = gaussian
    density, n = model.density, len(rows)
    mean, covariance = rows.mean(axis=0), np.cov(rows.T, bias=True)
    variances = np.diag(COVARIANCE)
    errors = np.sqrt(variances / n)
    assert (abs(density.mean - mean) < 0.01 * errors).all()
    of_pairs = np.sqrt((np.outer(variances, variances) + COVARIANCE**2) / n)
    assert (abs(density.covariance - covariance) < 0.01 * of_pairs).all()
    assert (abs(density.covariance - COVARIANCE) < 3.5 * of_pairs).all()
    away = density.mean - MEAN
    square = n * away @ np.linalg.solve(COVARIANCE, away)
    low, high = stats.chi2(2).ppf([0.005, 0.995])
    assert low < square < high


def test_maximum_likelihood_is_minimum_kl(gaussian):
    """L(theta) - L(mle) = KL(N(mle) || N(theta)) >= 0, for every Gaussian theta.

    On the sample itself: -log q has means of x and x^2 only, which the likeliest
    Gaussian has from the sample.
    """
    rows, model = gaussian
    least = -np.float64(model.log_prob(rows)).mean()
    mean, covariance = model.density.mean, model.density.covariance
    other, rng = densities.Gaussian(2), np.random.default_rng(0)
    for _ in range(5):
        for variable in other.trainable_variables:
            variable.assign(rng.normal(size=variable.shape))
        inverse = np.linalg.inv(other.covariance)
        away = other.mean - mean
        kl = np.trace(inverse @ covariance) + away @ inverse @ away - 2
        kl = (kl - np.linalg.slogdet(inverse @ covariance)[1]) / 2
        more = -np.float64(other.log_prob(rows)).mean() - least
        assert more == pytest.approx(kl, rel=1e-3) and kl > 0.1


def test_the_test_loss_is_entropy_and_kl():
    """H(data) + KL(data || q) on a grid; the loss of n samples to 4 standard errors."""
    data = datasets.GaussianMixture([-2.0, 2.0], scales=0.7, weights=[0.6, 0.4])
    model = relatives.DensityModel(densities.Gaussian(1))
    model.density.bijections[0].mean.assign([-0.5])
    model.density.bijections[0].numbers.assign([-0.7])  # a deviation of e^0.7 = 2.01
    model.compile()
    x = np.linspace(-12, 12, 2401)
    p, q = data.density(x), np.exp(np.float64(model.log_prob(x[:, None])))
    cell, rows = x[1] - x[0], data.sample(40_000, seed=2)
    kl = divergences.kl(p, q, cell)
    expected = divergences.entropy(p, cell) + kl
    error = model.log_prob(rows).std() / np.sqrt(len(rows))
    found = model.evaluate(rows, batch_size=9000, verbose=0, return_dict=True)
    assert set(found) == {"loss"}
    assert abs(found["loss"] - expected) < 4 * error
    assert kl > 20 * error  # so entropy alone would not do


@pytest.mark.slow
def test_a_mixture_is_recovered_to_its_sampling_error():
    """Modes 7 deviations apart: the errors are those of known components.

    Var(mean_k) = S_k/(n w_k), Var(w) = w (1 - w)/n; one overlapping sample of 4000
    is expected, so they are larger by less than a hundredth. All 5 numbers together
    are chi squared, two-sided.
    """
    weights, means = np.array([0.7, 0.3]), np.array([[-2.0, 0.0], [2.0, 1.0]])
    each = np.array([np.diag([0.3, 0.5]), [[0.4, 0.1], [0.1, 0.2]]])
    data = datasets.GaussianMixture(means, covariances=each, weights=weights)
    keras.utils.set_random_seed(0)
    n = 4000
    density = densities.GaussianMixture(2, 2, spread=2.0)
    density = fitted(density, data.sample(n, seed=3)).density
    order = np.argsort(density.means[:, 0])
    square = 0.0
    for k, found in enumerate(order):
        away = density.means[found] - means[k]
        square += n * weights[k] * away @ np.linalg.solve(each[k], away)
        variances = np.diag(each[k])
        errors = np.outer(variances, variances) + each[k] ** 2
        errors = np.sqrt(errors / (n * weights[k]))
        away = (density.covariances[found] - each[k]) / errors
        assert (abs(away) < 3.5).all()
    share = density.mixture_weights[order[0]]
    square += (share - 0.7) ** 2 / (0.7 * 0.3 / n)
    low, high = stats.chi2(5).ppf([0.005, 0.995])
    assert low < square < high


@pytest.mark.slow
def test_an_affine_flow_unmixes_its_sources():
    """Independent components: the rows of unmixing @ mixing each have one entry.

    Of Laplace sources, up to sign, order and scale; the others are 0 to their errors
    (here below 0.04, of order sqrt(2/n) = 0.014).
    """
    rng = np.random.default_rng(0)
    mixing = np.array([[1.0, 0.6], [-0.4, 1.2]])
    rows = np.float32(rng.laplace(size=(10_000, 2)) @ mixing.T)
    density = fitted(densities.AffineFlow(2, base="logistic"), rows).density
    product = abs(density.unmixing @ mixing)
    ratio = product.min(axis=1) / product.max(axis=1)
    assert (ratio < 0.06).all()
    assert sorted(product.argmax(axis=1)) == [0, 1]
    normal = fitted(densities.AffineFlow(2), rows).density  # cannot tell rotations
    covariance = np.linalg.inv(normal.unmixing.T @ normal.unmixing)
    expected = np.cov(rows.T, bias=True)
    np.testing.assert_allclose(covariance, expected, rtol=0.01)


@pytest.mark.slow
def test_a_flow_recovers_two_moons():
    """Nearer than a Gaussian by a factor of nine, in a quarter of the documents' run.

    KL(data || model) by quadrature. Of the Gaussian with the data's moments it is
    H(N) - H(data) = 0.90, which is what its fit must find.
    """
    data = datasets.TwoMoons(noise=0.1)
    keras.utils.set_random_seed(0)
    axes = np.arange(-2, 3, 0.05), np.arange(-1.5, 2, 0.05)
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    p = data.density(points)
    found = []
    for density in (densities.RealNVP(2, 12, (32, 32)), densities.Gaussian(2)):
        model = relatives.DensityModel(density)
        falling = keras.optimizers.schedules.CosineDecay(5e-3, 2400)
        model.compile(
            keras.optimizers.Adam(falling), jit_compile=True, steps_per_execution=40
        )
        model.fit(data.epoch(20_000, 500), epochs=60, verbose=0)
        q = np.float64(model.log_prob(points))
        found.append((p * (np.log(np.maximum(p, 1e-300)) - q)).sum() * 0.05**2)
    covariance = np.cov(data.sample(200_000).T)
    entropy = np.log(np.linalg.det(2 * np.pi * np.e * covariance)) / 2
    of_moments = entropy + (p * np.log(np.maximum(p, 1e-300))).sum() * 0.05**2
    assert found[1] == pytest.approx(of_moments, abs=0.01)
    assert 0 < found[0] < found[1] / 9


def test_averages_are_asked_and_drawn_from():
    model = relatives.DensityModel(densities.Gaussian(1), ema_decay=0.9)
    model.ema_density.bijections[0].mean.assign([50.0])
    assert abs(model.sample(10, seed=0) - 50).max() < 6
    assert float(model.log_prob([[50.0]])[0]) == pytest.approx(-0.9189, abs=1e-4)
    assert float(model(np.float32([[50.0]]))[0]) == pytest.approx(-0.9189, abs=1e-4)


def test_samples_do_not_depend_on_the_batch_size():
    model = relatives.DensityModel(densities.Gaussian(2))
    whole = model.sample(20, seed=3)
    np.testing.assert_allclose(model.sample(20, 3, batch_size=7), whole, atol=1e-6)
    np.testing.assert_allclose(model.sample(5, 3), whole[:5], atol=1e-6)


def test_a_preset_says_how_it_is_read(tmp_path):
    model = relatives.DensityModel(densities.Gaussian(1))
    model.compile()
    model.save_to_preset(tmp_path / "preset")
    card = (tmp_path / "preset" / "README.md").read_text()
    assert "keras_gan.relatives.DensityModel.from_preset(" in card
    assert "the optimizer and counters too" in card and "density (Gaussian" in card
    loaded = relatives.DensityModel.from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(loaded.sample(3, seed=0), model.sample(3, seed=0))
    with pytest.raises(ValueError, match="GAN"):
        models.GAN.from_preset(tmp_path / "preset")


def test_bad_input():
    with pytest.raises(TypeError, match="density is one of keras_gan.densities"):
        relatives.DensityModel(keras.Sequential())
    model = relatives.DensityModel(densities.Gaussian(2))
    model.compile()
    with pytest.raises(ValueError, match="but the density takes"):
        model.fit(tf.data.Dataset.from_tensors(np.ones((8, 3), "float32")), verbose=0)
    with pytest.raises(ValueError, match="NaN or Inf"):
        rows = np.full((8, 2), np.nan, "float32")
        model.fit(tf.data.Dataset.from_tensors(rows), verbose=0)
