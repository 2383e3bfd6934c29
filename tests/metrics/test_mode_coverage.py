"""Mode coverage: constructed cases, what a perfect sampler gets, and in games."""

import hypothesis
import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.trajectory import game
from hypothesis import strategies
from hypothesis.extra import numpy as arrays

from keras_gan import metrics
from keras_gan.core.randomness import seed_of
from keras_gan.datasets import GaussianMixture
from keras_gan.metrics import Coverage, mode_coverage

RING, GRID = GaussianMixture.ring(), GaussianMixture.grid()
FIGURES = Coverage._fields
ROWS = np.random.default_rng(2).normal(size=(37, 6)).astype("float32")
# Three modes in 6-D, apart by about the spread of what an untrained game draws
CENTRES = np.random.default_rng(5).normal(size=(3, 6))


def test_by_hand():
    means = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]]
    samples = [
        *([[0.0, 0.0]] * 3),
        [10.0, 5.9],  # 2.95 deviations of 2 away
        [10.0, 6.1],  # 3.05: not good
        [100.0, 100.0],
    ]
    found = mode_coverage(samples, means, 2.0)
    assert found.modes == 2
    assert found.good_share == pytest.approx(4 / 6)
    # of the good ones, 3/4 and 1/4 against thirds: log 3 minus their entropy
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert found.reverse_kl == pytest.approx(np.log(3) - entropy, rel=1e-12)


def test_three_deviations_are_a_distance_not_a_box():
    """(2.5, 2.5) lies within 3 along each axis, and 3.54 away."""
    assert mode_coverage([[2.5, 2.5]], [[0.0, 0.0]], 1.0).modes == 0


@pytest.mark.parametrize("known", [RING, GRID], ids=["ring", "grid"])
@pytest.mark.parametrize("kept", [1, 2, 5])
def test_a_collapse_to_some_modes_costs_the_log_of_their_share(known, kept):
    modes = len(known.means)
    samples = np.repeat(known.means[:kept], 10, axis=0)
    found = mode_coverage(samples, known.means, 0.01)
    assert found[:2] == (kept, 1.0)
    assert found.reverse_kl == pytest.approx(np.log(modes / kept), rel=1e-12)


def test_unequal_shares():
    samples = np.repeat([[0.0], [9.0]], [7, 3], axis=0)
    means = [[0.0], [9.0]]
    assert mode_coverage(samples, means, 1.0, weights=[0.7, 0.3]).reverse_kl == (
        pytest.approx(0, abs=1e-12)
    )
    against = mode_coverage(samples, means, 1.0, weights=[0.3, 0.7]).reverse_kl
    assert against == pytest.approx(0.4 * np.log(7 / 3), rel=1e-12)


def test_nothing_good_has_no_shares():
    found = mode_coverage(np.full((5, 2), 50.0), RING.means, 0.01)
    assert found[:2] == (0, 0.0) and np.isnan(found.reverse_kl)


@pytest.mark.parametrize(
    ("known", "deviation", "floor"),
    [
        pytest.param(RING, 0.01, 0.0014, id="ring"),  # 7/5000
        pytest.param(GRID, 0.05, 0.0048, id="grid"),  # 24/5000
    ],
)
def test_a_perfect_sampler(known, deviation, floor):
    """2 n KL is about chi2(K - 1): its mean is (K - 1)/(2 n), and never 0."""
    samples, trials = 2500, 200
    drawn = known.sample(samples * trials, seed=4).reshape(trials, samples, 2)
    found = [mode_coverage(some, known.means, deviation) for some in drawn]
    kl = np.array([each.reverse_kl for each in found])
    good = np.array([each.good_share for each in found])
    freedom = len(known.means) - 1
    spread = np.sqrt(2 * freedom) / (2 * samples)
    # the counts are 2472 of 2500, which the 4th digit of the floor does not show
    assert round(freedom / (2 * samples), 4) == floor
    assert abs(kl.mean() - floor / 0.9889) < 4 * spread / np.sqrt(trials)
    assert {each.modes for each in found} == {len(known.means)}
    # ||x - mu||^2/s^2 is chi2(2): P(< 9) = 1 - exp(-9/2) = 98.89 %
    share = 1 - np.exp(-4.5)
    assert round(share, 4) == 0.9889
    assert abs(good.mean() - share) < 4 * np.sqrt(
        share * (1 - share) / (samples * trials)
    )


POINTS = arrays.arrays(
    np.float64, (9, 2), elements=strategies.floats(-5, 5, allow_nan=False)
)


@hypothesis.given(POINTS, strategies.permutations(range(9)))
def test_laws(points, order):
    # 3 * 0.3 is less than half the spacing: no good sample is as near to two modes
    found = mode_coverage(points, GRID.means, 0.3)
    np.testing.assert_equal(mode_coverage(points[order], GRID.means, 0.3), found)
    turned = mode_coverage(points @ [[0, 1], [-1, 0]], GRID.means[::-1], 0.3)
    assert turned[:2] == found[:2]  # the grid turned by 90 degrees is the grid
    wider = mode_coverage(2 * points, 2 * GRID.means, 0.6)
    assert wider[:2] == found[:2]
    if found.modes:
        assert 0 <= found.reverse_kl <= np.log(25) + 1e-12
        assert found.reverse_kl >= np.log(25 / found.modes) - 1e-12
        assert wider.reverse_kl == pytest.approx(found.reverse_kl)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("weights", [None, "unequal"], ids=["equal", "unequal"])
def test_a_metric_over_batches_is_the_function_of_all(figure, weights):
    if weights:
        weights = np.arange(1, 26) / 325
    samples = GRID.sample(1000, seed=3)
    samples[:500] = samples[:500] * 0.7  # some good, some not, unevenly
    expected = getattr(mode_coverage(samples, GRID.means, 0.05, weights), figure)
    running = metrics.ModeCoverage(GRID.means, 0.05, figure, weights)
    assert running.name == figure
    update = tf.function(running.update_state, reduce_retracing=True)
    for start in (0, 400, 800):  # the last batch holds 200
        batch = samples[start : start + 400]
        update(batch, batch)
    assert 0.02 < mode_coverage(samples, GRID.means, 0.05).good_share < 0.9
    assert float(running.result()) == pytest.approx(expected, rel=1e-6)
    running.reset_state()
    running.update_state(None, samples[-5:])
    alone = getattr(mode_coverage(samples[-5:], GRID.means, 0.05, weights), figure)
    assert float(running.result()) == pytest.approx(alone, rel=1e-6)


def test_a_metric_of_nothing_good():
    found = {}
    for figure in FIGURES:
        running = metrics.ModeCoverage(RING.means, 0.01, figure)
        running.update_state(None, np.full((5, 2), 50.0))
        found[figure] = float(running.result())
    assert found["modes"] == found["good_share"] == 0
    assert np.isnan(found["reverse_kl"])


def test_half_precision_counts_exactly():
    """A float16 cannot count beyond 2048."""
    running = metrics.ModeCoverage([[0.0]], 1.0, "good_share")
    for _ in range(3):
        running.update_state(None, tf.zeros((1001, 1), tf.float16))
    running.update_state(None, tf.fill((1, 1), tf.constant(9.0, tf.float16)))
    assert float(running.result()) == pytest.approx(3003 / 3004, rel=1e-6)


def figures():
    return [metrics.ModeCoverage(CENTRES, 0.7, figure) for figure in FIGURES]


def test_evaluate_takes_it():
    gan = game(metrics=figures())
    found = gan.evaluate(ROWS, batch_size=16, return_dict=True, verbose=0)
    fake = [
        gan.draw(gan.prior(rows, seed_of(gan.seed, "evaluate", batch)), None)
        for batch, rows in enumerate((16, 16, 5))
    ]
    expected = mode_coverage(np.concatenate(fake), CENTRES, 0.7)
    assert 0 < expected.good_share < 1 < expected.modes
    assert [found[name] for name in FIGURES] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("rows", "batch"), [(37, 8), (9, 4)], ids=["uneven", "an empty replica"]
)
def test_two_replicas_find_what_one_device_finds(two_replicas, rows, batch):
    data = tf.data.Dataset.from_tensor_slices(ROWS[:rows]).batch(batch)
    found = []
    for where in (None, two_replicas):
        gan = game(where, metrics=figures())
        found.append(gan.evaluate(data, return_dict=True, verbose=0))
    for name in FIGURES:
        assert found[1][name] == pytest.approx(found[0][name], rel=1e-6)


def test_a_game_keeps_its_metrics(tmp_path):
    gan = game(metrics=figures())
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    for metric, own in zip(loaded.evaluation_metrics, figures(), strict=True):
        assert metric.get_config() == own.get_config()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(([[0.0]], RING.means, 1.0), r"shape \(n, 2\)", id="dim"),
        pytest.param((np.zeros((0, 2)), RING.means, 1.0), "n >= 1", id="none"),
        pytest.param(([[np.nan, 0]], RING.means, 1.0), "finite", id="nan"),
        pytest.param(([[0.0]], [0.0, 1.0], 1.0), r"\(modes, dim\)", id="means"),
        pytest.param(([[0.0]], [[0.0]], 0.0), "above 0", id="deviation"),
        pytest.param(([[0.0]], [[0.0]], [1.0, 2.0]), "one number", id="deviations"),
        pytest.param(([[0.0]], [[0.0], [1.0]], 1.0, [1.0]), "one a mode", id="weights"),
        pytest.param(([[0.0]], [[0.0], [1.0]], 1.0, [2.0, 1.0]), "sum to 1", id="sum"),
    ],
)
def test_what_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        mode_coverage(*arguments)


def test_an_unknown_figure_is_refused():
    with pytest.raises(ValueError, match="figure is one of .*good_share.*'kl'"):
        metrics.ModeCoverage(RING.means, 0.01, "kl")
