"""A score prints its protocol, and its standard error is that of new samples."""

import functools

import numpy as np
import pytest

from keras_gan import metrics


def two_sets(seed, rows=200):
    real, fake = np.random.default_rng(seed).normal(size=(2, rows, 3))
    return real, 0.8 * fake


def test_what_is_printed():
    found = metrics.Score("x", 1.23456, 0.0312, 10, 20, "extractor (sha256 12)", 3)
    assert str(found) == (
        "x 1.235 +- 0.031 (10 real, 20 fake, seed 3, features: extractor (sha256 12))"
    )
    found = metrics.Score("x", 2.0, None, 10, 20)
    assert str(found) == (
        "x 2 (no standard error) (10 real, 20 fake, seed unknown, features: the "
        "samples themselves)"
    )


def test_the_jackknife_of_a_mean_is_its_standard_error():
    """Exactly that of the means of the groups, for groups of one size."""

    def gap(real, fake):
        return float(real.mean() - fake.mean())

    real, fake = two_sets(0)
    groups = [(real[i::10] - fake[i::10]).mean() for i in range(10)]
    expected = np.std(groups, ddof=1) / np.sqrt(10)
    (found,) = metrics.scores(gap, real, fake).values()
    assert found.standard_error == pytest.approx(expected, rel=1e-9)


def test_the_error_of_a_frechet_distance_is_its_spread():
    found = [
        metrics.scores(metrics.frechet_distance, *two_sets(seed))["frechet_distance"]
        for seed in range(150)
    ]
    spread = np.std([score.value for score in found])
    errors = np.sqrt(np.mean([score.standard_error**2 for score in found]))
    assert errors == pytest.approx(spread, rel=0.25)  # 150 draws, 10 groups: 6 and 2 %


def test_the_error_of_shares_is_at_most_about_twice_their_spread():
    found = [
        metrics.scores(metrics.precision_recall, *two_sets(seed)) for seed in range(60)
    ]
    for name in ("precision", "recall"):
        spread = np.std([scores[name].value for scores in found])
        errors = np.mean([scores[name].standard_error ** 2 for scores in found]) ** 0.5
        assert 0.8 * spread < errors < 3 * spread


def test_an_estimate_brings_its_own_error():
    rows = two_sets(0)
    bound = functools.partial(metrics.kernel_distance, block_size=50)
    (found,) = metrics.scores(bound, *rows, features="f", seed=4).values()
    assert found.name == "kernel_distance"
    expected = metrics.kernel_distance(*rows, block_size=50)
    assert (found.value, found.standard_error) == expected
    assert (found.real, found.fake, found.features, found.seed) == (200, 200, "f", 4)


def test_a_metric_scores_what_the_function_scores():
    real, fake = (rows.astype(np.float32) for rows in two_sets(0))
    metric = metrics.DensityCoverage(num_samples=1000)
    metric.update_state(real, fake)
    assert metric.scores(seed=1) == metrics.scores(
        metrics.density_coverage, real, fake, seed=1
    )
    streamed = metrics.FrechetDistance()
    streamed.update_state(real, fake)
    score = streamed.scores(seed=1)["frechet_distance"]
    assert score.standard_error is None and (score.real, score.fake) == (200, 200)


def test_groups_that_are_none():
    rows = two_sets(0, rows=15)
    with pytest.raises(ValueError, match="needs at least 20 samples of each kind"):
        metrics.scores(metrics.frechet_distance, *rows)
    with pytest.raises(ValueError, match="groups is an integer of at least 2"):
        metrics.scores(metrics.frechet_distance, *rows, groups=1)
    (found,) = metrics.scores(metrics.frechet_distance, *rows, groups=0).values()
    assert found.standard_error is None
