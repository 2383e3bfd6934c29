"""The least and the largest features: laws of scale, closed forms, and bounds."""

import math

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from keras_gan import metrics
from keras_gan.core.covariance import LARGEST

REAL = np.random.default_rng(0).normal(size=(40, 3))
FAKE = 1.5 * np.random.default_rng(1).normal(size=(30, 3))
UNITS = pytest.mark.parametrize("power", [-1000, -700, -300, -60, 100])


@UNITS
def test_shares_of_neighbors_are_the_same_in_every_unit(power):
    """Powers of two are no rounding, so the equality is exact."""
    real, fake = np.ldexp(REAL, power), np.ldexp(FAKE, power)
    expected = metrics.precision_recall(REAL, FAKE)
    assert 0.3 < expected.precision < 1
    assert metrics.precision_recall(real, fake) == expected
    assert metrics.density_coverage(real, fake) == metrics.density_coverage(REAL, FAKE)


@UNITS
def test_distances_of_neighbors_have_the_unit_of_the_features(power):
    expected = metrics.nearest_neighbors(REAL[:20], REAL[20:], FAKE)
    scaled = (np.ldexp(rows, power) for rows in (REAL[:20], REAL[20:], FAKE))
    found = metrics.nearest_neighbors(*scaled)
    assert found.to_training == math.ldexp(expected.to_training, power) > 0
    assert found.to_held_out == math.ldexp(expected.to_held_out, power)
    assert found[2:] == expected[2:]


@pytest.mark.parametrize("power", [-500, -200, -60, 100])
def test_the_frechet_distance_has_the_unit_squared(power):
    found = metrics.frechet_distance(np.ldexp(REAL, power), np.ldexp(FAKE, power))
    expected = math.ldexp(metrics.frechet_distance(REAL, FAKE), 2 * power)
    assert found == pytest.approx(expected, rel=1e-12) and found > 0


@pytest.mark.filterwarnings("ignore:The covariance")
@pytest.mark.parametrize("shift", [1e-300, 1e-30, 1e30, 1e36])
def test_the_frechet_distance_of_two_points(shift):
    """Without a spread it is |mu - mu'|^2, 0 where that is below the least float."""
    found = metrics.frechet_distance(np.zeros((5, 1)), np.full((5, 1), shift))
    assert found == pytest.approx(shift**2, rel=1e-12)


@pytest.mark.parametrize("shift", [1e-200, 1e-9, 1.0, 1e20, 1e36])
def test_the_kernel_distance_of_two_points(shift):
    """k = 1 at 0, 1 across and (a^2 + 1)^3 at a."""
    found = metrics.kernel_distance(np.zeros((5, 1)), np.full((5, 1), shift))
    square = shift**2
    expected = square**3 + 3 * square**2 + 3 * square
    # the 1 that is added and taken away again is rounded
    assert found.value == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("shift", [1.0, 1e36])
def test_the_error_of_two_blocks_is_half_of_their_difference(shift):
    fake = [[0.0], [0.0], [shift], [shift]]
    found = metrics.kernel_distance(np.zeros((4, 1)), fake, block_size=2)
    assert found.standard_error == pytest.approx(found.value, rel=1e-12)
    assert found.value >= 3.5


def test_the_jackknife_of_huge_values():
    """The mean of the reals: its standard error is s/sqrt(n), whatever the unit."""

    def mean(real, fake):
        return float(real.mean())

    plain = metrics.scores(mean, REAL, FAKE, groups=10)["mean"].standard_error
    huge = metrics.scores(mean, 1e300 * REAL, FAKE, groups=10)["mean"].standard_error
    assert huge == pytest.approx(1e300 * plain, rel=1e-12)
    assert 0.5 < plain / (REAL.std() / 120**0.5) < 2  # of 10 groups


def test_windows_narrower_than_the_rounding_of_distances():
    """A copy is 0 away; by products of 1e18 it is off by hundreds, of either sign."""
    far = 1e9 * REAL
    with pytest.raises(ValueError, match=r"rounding of distances.*width of 0\.1"):
        metrics.parzen_window(far, far, far)
    found = metrics.parzen_window(far, far[:2], far, sigmas=[1e6])
    alone = -math.log(40) - 3 * math.log(1e6) - 1.5 * math.log(2 * math.pi)
    # each sample sees but itself, as near as 1e-3
    assert found.value == pytest.approx(alone, abs=1e-3)


@pytest.mark.parametrize("sigma", [1e-36, 1e-9, 1.0, 1e36])
@pytest.mark.parametrize("x", [0.0, 1e-36, 1e36], ids=["0", "1e-36", "1e36"])
def test_the_window_around_one_sample(sigma, x):
    """log N(x; 0, sigma^2) = -x^2/2 sigma^2 - log sigma - log(2 pi)/2."""
    found = metrics.parzen_window([[0.0]], [[x], [-x], [0.0]], [[x]], sigmas=[sigma])
    middle = -math.log(sigma) - math.log(2 * math.pi) / 2
    away = (x / sigma) ** 2 / 2
    assert found.value == pytest.approx(middle - away * 2 / 3, rel=1e-12)
    # two of three are `away` from the third: a deviation of sqrt(2/9), over sqrt(3);
    # beside a small one the roundings of the middle, 83 in size, remain
    expected = away * math.sqrt(2 / 27)
    assert found.standard_error == pytest.approx(expected, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("sigma", [1e-160, 1e-37, 1e37, 1e300, "a", [1.0]])
def test_widths_whose_squares_are_none(sigma):
    with pytest.raises(ValueError, match="sigmas (are one or more|holds finite)"):
        metrics.parzen_window(REAL, REAL, REAL, sigmas=[sigma])
    with pytest.raises(ValueError, match="sigmas (are one or more|holds finite)"):
        metrics.ParzenWindow(sigmas=[sigma])


@hypothesis.given(
    st.lists(
        st.lists(
            st.sampled_from([5e-324, 1e-300, 1e-9, 0.1, 1.0]), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from([0.9991, 1.0, 1.0009]),
)
def test_the_classifier_score_stays_within_its_bounds(weights, off):
    rows = np.array(weights)
    found = metrics.inception_score(rows / rows.sum(axis=1, keepdims=True) * off)
    assert 1 <= found.value <= 3


def test_a_sure_classifier_of_even_classes_reaches_the_bound():
    # off by 9e-4, K^(1 + 9e-4) would be 4.005
    assert metrics.inception_score(1.0009 * np.eye(4)).value == 4.0
    logits = 1e36 * np.eye(4)
    assert metrics.inception_score(logits, from_logits=True).value == pytest.approx(4)


@hypothesis.given(st.lists(st.integers(1, 50), min_size=2, max_size=6))
def test_coverage_by_the_true_shares_is_no_less_than_0(counts):
    """Samples whose shares are the weights, which may be 9e-7 off a sum of 1."""
    means = np.arange(len(counts), dtype=float)[:, np.newaxis]
    samples = np.repeat(means, counts, axis=0)
    for off in (1, 1 + 9e-7, 1 - 9e-7):
        weights = np.array(counts) / sum(counts) * off
        found = metrics.mode_coverage(samples, means, 0.1, weights).reverse_kl
        assert 0 <= found <= 1e-6
        metric = metrics.ModeCoverage(means, 0.1, "reverse_kl", weights)
        metric.update_state(samples, samples)
        assert 0 <= float(metric.result()) <= 1.5e-6  # and float32's rounding


def test_paired_samples_of_two_sizes_are_not_broadcast():
    for metric in (metrics.PairedMSE(), metrics.PairedRMSE()):
        with pytest.raises(ValueError, match=r"same shape.*\(4, 2\) and \(1, 2\)"):
            metric.update_state(np.zeros((4, 2)), np.ones((1, 2)))
        with pytest.raises(ValueError, match=r"same shape.*\(4,\) and \(4,\)"):
            metric.update_state(np.zeros(4), np.ones(4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.paired_mse([[1e200]], [[0.0]]), r"real holds.*1e\+36"),
        (lambda: metrics.paired_rmse([[0.0]], [["a"]]), "fake holds finite numbers"),
        (lambda: metrics.mode_coverage(REAL, REAL, 1e-160), "from 1e-15"),
        (lambda: metrics.mode_coverage(REAL, REAL, None), "standard_deviation holds"),
        (lambda: metrics.mode_coverage(REAL, REAL, [1.0]), "is one number above 0"),
        (
            lambda: metrics.mode_coverage([[0.0]], [[0.0], [1.0]], 1, [1, 1e-320]),
            "positive shares .at least 1e-30",
        ),
        (lambda: metrics.ClassCoverage(least=None), "least holds finite numbers"),
        (lambda: metrics.ClassCoverage(least=[0.5]), "least is a probability"),
    ],
    ids=["mse", "rms", "width", "no width", "widths", "share", "least", "leasts"],
)
def test_what_has_no_value_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_streamed_frechet_distance_of_huge_features():
    metric = metrics.FrechetDistance()
    metric.update_state(1e60 * REAL, REAL)
    with pytest.raises(ValueError, match="real features of NaN or Inf, or larger"):
        metric.result()
    kept = metrics.KernelDistance(num_samples=40)
    kept.update_state(np.full((4, 1), LARGEST), np.zeros((4, 1)))
    assert kept.result() == pytest.approx(LARGEST**6, rel=1e-5)  # 1e36 in float32


STREAMED = [
    metrics.FrechetDistance,
    metrics.KernelDistance,
    lambda: metrics.PrecisionRecall(k=1),
    lambda: metrics.DensityCoverage(k=1),
    lambda: metrics.ParzenWindow(num_validation=3),
    metrics.NearestNeighbors,
    metrics.InceptionScore,
    lambda: metrics.InceptionScore(from_logits=True),
    metrics.ClassCoverage,
    lambda: metrics.ModeCoverage(REAL[:4, :2], 0.5),
    metrics.PairedMSE,
    metrics.PairedRMSE,
]
NAMES = "frechet kernel precision density parzen neighbors shares logits classes modes"


@pytest.mark.parametrize("make", STREAMED, ids=[*NAMES.split(), "mse", "rms"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, 1j], ids=["nan", "inf", "complex"])
def test_fakes_that_are_no_numbers_are_named_in_the_end(make, bad):
    fake = np.full((12, 2), 0.5) + np.where(np.arange(24) == 5, bad, 0).reshape(12, 2)
    metric = make()
    with pytest.raises(ValueError, match="(?s)NaN|Received: complex"):
        metric.update_state(np.full((12, 2), 0.5), fake)
        metric.result()


def test_a_batch_without_fakes_covers_no_more_modes():
    metric = metrics.ModeCoverage([[0.0], [5.0]], 1.0)
    metric.update_state(np.zeros((1, 1)), np.zeros((1, 1)))
    metric.update_state(np.zeros((0, 1)), np.zeros((0, 1)))
    assert float(metric.result()) == 1.0
    whole = metrics.ClassCoverage()
    whole.update_state(np.eye(2, dtype=int), np.eye(2, dtype=int))
    assert whole.result()["modes"] == 2
