"""What are no features is refused by every function, with what would be."""

import numpy as np
import pytest

from keras_gan import metrics

FUNCTIONS = [
    pytest.param(metrics.frechet_distance, 1, id="frechet_distance"),
    pytest.param(metrics.kernel_distance, 1, id="kernel_distance"),
    pytest.param(metrics.precision_recall, 3, id="precision_recall"),
    pytest.param(metrics.density_coverage, 5, id="density_coverage"),
    pytest.param(
        lambda real, fake: metrics.nearest_neighbors(real, real, fake),
        0,
        id="nearest_neighbors",
    ),
    pytest.param(
        lambda real, fake: metrics.parzen_window(fake, real, real),
        0,
        id="parzen_window",
    ),
]
GOOD = np.random.default_rng(0).normal(size=(30, 4))


@pytest.mark.parametrize(("function", "few"), FUNCTIONS)
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        pytest.param(GOOD.reshape(30, 2, 2), r"samples.reshape\(len", id="rank 3"),
        pytest.param(GOOD[0], r"the shape \(samples, features\)", id="rank 1"),
        pytest.param(GOOD[:, :0], r"the shape \(samples, features\)", id="no feature"),
        pytest.param(GOOD[:, :3], r"one dimension.*\(30, 4\)", id="dimension"),
        pytest.param(np.where(GOOD[9, 2] == GOOD, np.nan, GOOD), "NaN", id="nan"),
        pytest.param(
            np.where(GOOD[9, 2] == GOOD, np.inf, GOOD), "NaN or Inf", id="inf"
        ),
        pytest.param(np.full((30, 4), "a"), "finite numbers.*Pass an", id="text"),
        pytest.param(GOOD + 1j, "finite numbers.*Pass an", id="complex"),
        pytest.param([[1.0], [1.0, 2.0]], "finite numbers.*Pass an", id="ragged"),
        pytest.param([[10**400]], "finite numbers.*Pass an", id="huge int"),
        pytest.param(1e60 * GOOD, r"at most 1e\+36.*Divide all sets", id="huge"),
    ],
)
def test_bad_features(function, few, bad, message):
    for pair in ((GOOD, bad), (bad, GOOD)):
        with pytest.raises(ValueError, match=message):
            function(*pair)


@pytest.mark.parametrize(("function", "few"), FUNCTIONS)
def test_too_few_rows(function, few):
    with pytest.raises(ValueError, match=f"at least {few + 1} rows here. Received: "):
        function(GOOD[:few], GOOD)


@pytest.mark.parametrize(("function", "few"), FUNCTIONS)
def test_lists_and_integers_are_features(function, few):
    whole = np.arange(40).reshape(20, 2) ** 2 % 17
    from_list = function(whole.tolist(), whole[::-1].tolist())
    assert from_list == function(whole.astype(float), whole[::-1].astype(float))


@pytest.mark.parametrize("bad", [0, -1, 2.5, True, "3"], ids=str)
def test_counts_that_are_none(bad):
    with pytest.raises(ValueError, match="is an integer of at least"):
        metrics.precision_recall(GOOD, GOOD, k=bad)
    with pytest.raises(ValueError, match="is an integer of at least"):
        metrics.DensityCoverage(k=bad)
    with pytest.raises(ValueError, match="is an integer of at least"):
        metrics.kernel_distance(GOOD, GOOD, block_size=bad)
    with pytest.raises(ValueError, match="is an integer of at least"):
        metrics.PrecisionRecall(num_samples=bad)
