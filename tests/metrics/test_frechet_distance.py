"""The Frechet distance: closed forms, SciPy's matrix root, singular covariances."""

import subprocess
import sys
import warnings

import hypothesis
import numpy as np
import pytest
import scipy.linalg
from hypothesis import strategies

from keras_gan.metrics import FrechetDistance, frechet_distance
from keras_gan.metrics.frechet_distance import SMALL

untimed = hypothesis.settings(deadline=None, max_examples=40)
SEEDS = strategies.integers(0, 2**31)


def by_matrix_root(real, fake):
    """The formula as it is written, by scipy.linalg.sqrtm."""
    away = real.mean(axis=0) - fake.mean(axis=0)
    s, t = np.cov(real.T), np.cov(fake.T)
    return away @ away + np.trace(s + t - 2 * scipy.linalg.sqrtm(s @ t).real)


def two_sets(rows=60, dim=5, seed=0):
    generator = np.random.default_rng(seed)
    mix = generator.normal(size=(2, dim, dim))
    return generator.normal(size=(2, rows, dim)) @ mix + generator.normal(size=dim)


def exactly(covariance, mean, rows=64):
    """Rows whose unbiased covariance and mean are the given ones."""
    dim = len(mean)
    noise = np.random.default_rng(1).normal(size=(rows, dim))
    orthogonal = np.linalg.qr(noise - noise.mean(axis=0))[0] * np.sqrt(rows - 1)
    return orthogonal @ np.linalg.cholesky(covariance).T + mean


def test_one_dimension_by_hand():
    """(mu - mu')^2 + (sigma - sigma')^2."""
    real, fake = exactly([[4.0]], [1.0]), exactly([[9.0]], [3.0])
    assert frechet_distance(real, fake) == pytest.approx((1 - 3) ** 2 + (2 - 3) ** 2)


def test_commuting_covariances():
    """sum (mu_i - mu'_i)^2 + (s_i - s'_i)^2 where both are diagonal."""
    s, t = np.array([1.0, 2.0, 0.5]), np.array([3.0, 1.0, 0.25])
    real = exactly(np.diag(s**2), [0.0, 1.0, 2.0])
    fake = exactly(np.diag(t**2), [1.0, 1.0, 0.0])
    expected = 5 + np.square(s - t).sum()
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-9)


def test_two_dimensions_by_hand():
    """tr (S S')^(1/2) = sqrt(tr S S' + 2 sqrt(det S det S')) for 2 x 2 matrices."""
    s, t = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([[1.0, -0.4], [-0.4, 0.5]])
    real, fake = exactly(s, [0.0, 0.0]), exactly(t, [0.0, 0.0])
    dets = np.linalg.det(s) * np.linalg.det(t)
    root = np.sqrt(np.trace(s @ t) + 2 * np.sqrt(dets))
    expected = np.trace(s) + np.trace(t) - 2 * root
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("rows", "dim"), [(60, 5), (400, 64)], ids=["5", "64"])
def test_scipys_matrix_root(rows, dim):
    real, fake = two_sets(rows, dim)
    expected = by_matrix_root(real, fake)
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-9)


def test_scipys_matrix_root_beyond_the_side_where_the_method_changes():
    generator = np.random.default_rng(0)
    scales = np.logspace(0, -3, SMALL + 8)  # variances over six decades
    real, fake = generator.normal(size=(2, 700, SMALL + 8)) * scales
    expected = by_matrix_root(real, 1.1 * fake)
    assert frechet_distance(real, 1.1 * fake) == pytest.approx(expected, rel=1e-6)
    assert frechet_distance(real, real) < 1e-7 * np.square(scales).sum()


@untimed
@hypothesis.given(SEEDS)
def test_laws(seed):
    real, fake = two_sets(seed=seed)
    distance = frechet_distance(real, fake)
    scale = np.square(real).sum() + np.square(fake).sum()  # what rounding is against
    near = {"rel": 1e-8, "abs": 1e-13 * scale}
    assert distance == pytest.approx(frechet_distance(fake, real), **near)
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-13 * scale)
    rotation = np.linalg.qr(np.random.default_rng(seed).normal(size=(5, 5)))[0]
    moved = frechet_distance(real @ rotation + 7, fake @ rotation + 7)
    assert moved == pytest.approx(distance, **near)
    scaled = frechet_distance(3 * real, 3 * fake)
    assert scaled == pytest.approx(9 * distance, rel=1e-8, abs=1e-12 * scale)
    shuffled = np.random.default_rng(seed).permutation(fake)
    assert frechet_distance(real, shuffled) == pytest.approx(distance, **near)


def test_the_root_is_a_metric():
    """It is the 2-Wasserstein distance of two normal distributions."""
    for seed in range(20):
        a, b = two_sets(seed=seed)
        c = two_sets(seed=seed + 1000)[0]
        ab, bc, ac = (frechet_distance(*p) ** 0.5 for p in ((a, b), (b, c), (a, c)))
        assert ac <= ab + bc


@pytest.mark.parametrize("rows", [8, 2], ids=["8 of 20", "2 of 20"])
def test_fewer_samples_than_features(rows):
    real, fake = two_sets(rows, dim=20)
    with pytest.warns(UserWarning, match=f"{rows} fake samples of 20 features is sing"):
        distance = frechet_distance(real, fake)
    # tr (S S')^(1/2) is the nuclear norm of the centred products.
    x, y = real - real.mean(axis=0), fake - fake.mean(axis=0)
    root = scipy.linalg.svdvals(x @ y.T).sum() / (rows - 1)
    expected = np.square(real.mean(axis=0) - fake.mean(axis=0)).sum()
    expected += (np.square(x).sum() + np.square(y).sum()) / (rows - 1) - 2 * root
    assert isinstance(distance, float)
    assert distance == pytest.approx(expected, rel=1e-9)
    with pytest.warns(UserWarning, match="singular"):
        metric = FrechetDistance()
        metric.update_state(real, fake)
        assert metric.result() == pytest.approx(distance, rel=1e-6)


def test_a_feature_that_is_constant_or_a_copy():
    real, fake = two_sets()
    clean = frechet_distance(real, fake)
    constant = [np.concatenate([x, np.ones((60, 1))], axis=1) for x in (real, fake)]
    with pytest.warns(
        UserWarning, match="real features is singular: 5 of 6 directions"
    ):
        assert frechet_distance(*constant) == pytest.approx(clean, rel=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # Cholesky may pass a copy, singular by rounding
        twice = [np.concatenate([x, x], axis=1) for x in (real, fake)]
        assert frechet_distance(*twice) == pytest.approx(2 * clean, rel=1e-6)


def test_all_samples_the_same():
    real, _ = two_sets()
    with pytest.warns(UserWarning, match="0 of 5 directions"):
        found = frechet_distance(real, np.ones((60, 5)))
    away = np.square(real.mean(axis=0) - 1).sum()
    assert found == pytest.approx(away + real.var(axis=0, ddof=1).sum())


def test_no_warning_where_nothing_is_wrong(recwarn):
    frechet_distance(*two_sets())
    assert not [w for w in recwarn if issubclass(w.category, UserWarning)]


def test_float32_features_far_from_0():
    """Computed in float64: a mean of 1000 deviations leaves the distance."""
    real, fake = (two_sets() + 1000).astype(np.float32)
    expected = by_matrix_root(real.astype(float), fake.astype(float))
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-8)
    metric = FrechetDistance()
    metric.update_state(real, fake)
    assert metric.result() == pytest.approx(expected, rel=1e-6)


def test_the_bias_goes_with_one_over_n():
    """Equal distributions have a distance above 0, half as large for twice as many."""
    means = []
    for rows in (200, 400):
        draws = np.random.default_rng(0).normal(size=(60, 2, rows, 8))
        means.append(np.mean([frechet_distance(*pair) for pair in draws]))
    # 60 draws whose deviation is about a quarter of their mean: 3 % each
    assert means[0] / means[1] == pytest.approx(2, rel=0.15)


MEMORY = """
import resource
resource.setrlimit(resource.RLIMIT_DATA, (4 * 2**30,) * 2)
import numpy as np
from keras_gan import metrics
from keras_gan.metrics import distances
draw = np.random.default_rng(0).standard_normal
real, fake = (draw((50_000, 2048), dtype=np.float32) for _ in range(2))
next(distances.blocks(real, fake))  # what neighbours take: a copy in float64
print(metrics.frechet_distance(real, fake), metrics.kernel_distance(real, fake).value)
"""


@pytest.mark.slow
def test_50_000_rows_of_2048_features_fit_in_4_gib():
    command = [sys.executable, "-c", MEMORY]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-800:]
    frechet, kernel = map(float, run.stdout.split())
    # dim^2 (1/n + 1/m)/4, the leading term for N(0, I); other terms are of dim/n of it
    assert frechet == pytest.approx(2048**2 / 100_000, rel=0.05)
    assert abs(kernel) < 1e-4
