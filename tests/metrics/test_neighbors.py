"""What looks at nearest neighbours: scikit-learn, constructed clouds, conventions."""

import functools
import tracemalloc

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors as Tree

from keras_gan import metrics
from keras_gan.metrics import checks, distances

untimed = hypothesis.settings(deadline=None, max_examples=40)


AWAY = np.array([8.0, 0, 0, 0])


def cloud(rows, dim=4, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, dim))


@pytest.fixture
def small_chunks(monkeypatch):
    """Chunks of 7 rows, of which the last is smaller."""
    for module in (checks, distances):
        monkeypatch.setattr(module, "chunks", functools.partial(checks.chunks, rows=7))


def radii(points, k):
    """By a tree of scikit-learn; the nearest neighbour of a point is itself."""
    return Tree(n_neighbors=k + 1).fit(points).kneighbors(points)[0][:, k]


@pytest.mark.parametrize("k", [1, 3, 19], ids=["1", "3", "19"])
def test_the_kth_neighbor_is_that_of_scikit_learn(small_chunks, k):
    points = cloud(40) + 100
    found = np.sqrt(distances.to_kth_neighbor(points, k))
    np.testing.assert_allclose(found, radii(points, k), rtol=1e-9)


def test_the_blocks_are_the_distances_of_scikit_learn(small_chunks):
    real, fake = cloud(40) + 100, cloud(23, seed=1) + 100
    found = np.full((40, 23), np.nan)
    for rows, columns, block in distances.blocks(real, fake):
        found[rows, columns] = block
    np.testing.assert_allclose(found, pairwise_distances(real, fake) ** 2, rtol=1e-9)


@pytest.mark.parametrize("k", [1, 4], ids=["1", "4"])
def test_all_four_shares_by_their_definitions(small_chunks, k):
    real, fake = cloud(40), 1.3 * cloud(31, seed=1)
    apart = pairwise_distances(real, fake)
    in_real = apart < radii(real, k)[:, np.newaxis]
    in_fake = apart < radii(fake, k)
    found = metrics.precision_recall(real, fake, k)
    assert found.precision == in_real.any(axis=0).mean()
    assert found.recall == in_fake.any(axis=1).mean()
    found = metrics.density_coverage(real, fake, k)
    assert found.density == pytest.approx(in_real.sum(axis=0).mean() / k)
    assert found.coverage == in_real.any(axis=1).mean()


@untimed
@hypothesis.given(strategies.integers(0, 2**31))
def test_laws(seed):
    """Rotations, shifts, scales and orders change no share."""
    real, fake = cloud(30, seed=seed), 1.5 * cloud(30, seed=seed + 1)
    generator = np.random.default_rng(seed)
    rotation = np.linalg.qr(generator.normal(size=(4, 4)))[0]
    found = metrics.precision_recall(real, fake), metrics.density_coverage(real, fake)
    real, fake = (3 * generator.permutation(x) @ rotation - 5 for x in (real, fake))
    moved = metrics.precision_recall(real, fake), metrics.density_coverage(real, fake)
    assert found == moved
    swapped = metrics.precision_recall(fake, real)
    assert (swapped.recall, swapped.precision) == found[0]


def test_equal_sets():
    """Each fake is a real, and lies within the rims of k balls: its own and k - 1."""
    points = cloud(50)
    assert metrics.precision_recall(points, points) == (1, 1)
    copy = points.astype(np.float32).astype(float)
    assert metrics.precision_recall(copy, copy.copy()) == (1, 1)
    assert metrics.density_coverage(points, points) == (1, 1)


def test_disjoint_sets():
    real = cloud(50)
    assert metrics.precision_recall(real, real + 100) == (0, 0)
    assert metrics.density_coverage(real, real + 100) == (0, 0)


def test_a_collapsed_cloud_is_precise_and_recalls_nothing():
    real = cloud(200)
    fake = real[:1] + 1e-3 * cloud(200, seed=1)
    found = metrics.precision_recall(real, fake)
    assert found.precision == 1 and found.recall <= 0.01
    shares = metrics.density_coverage(real, fake)
    assert shares.coverage < 0.1


@pytest.mark.parametrize("offset", [0.0, 1e4], ids=["centred", "far away"])
def test_one_fake_again_and_again(offset):
    """Its copies are 0 apart, whatever the rounding: radii of 0 hold the point."""
    real = cloud(50) + offset
    fake = np.repeat(real[:1], 50, axis=0)
    assert metrics.precision_recall(real, fake) == (1, 1 / 50)


def test_half_of_the_modes():
    """Two far modes in the reals, one in the fakes: half is recalled, all precise."""
    real = cloud(200) + 100 * np.repeat([[0.0], [1.0]], 100, axis=0)
    fake = real[:100]
    found = metrics.precision_recall(real, fake)
    assert found == (1, 0.5)
    assert metrics.density_coverage(real, fake).coverage == 0.5


def test_an_outlier_of_the_reals_raises_precision_but_not_density():
    real, fake = cloud(100), cloud(100, seed=1) + AWAY
    with_outlier = np.concatenate([real, [[40.0, 0, 0, 0]]])
    assert metrics.precision_recall(real, fake).precision < 0.05
    assert metrics.precision_recall(with_outlier, fake).precision == 1
    assert metrics.density_coverage(with_outlier, fake).density < 0.25  # 1/k a fake


def test_an_outlier_of_the_fakes_raises_recall_but_not_coverage():
    real, fake = cloud(100), cloud(100, seed=1) + AWAY
    outlier = np.concatenate([fake, [[-40.0, 0, 0, 0]]])
    assert metrics.precision_recall(real, outlier).recall == 1
    assert metrics.density_coverage(real, outlier).coverage < 0.05


def test_the_coverage_of_independent_sets():
    """1 - (n-1)...(n-k)/((2n-1)...(2n-k)), the chance of none of n fakes among the k
    nearest of all others."""
    n, k = 60, 3
    found = [
        metrics.density_coverage(cloud(n, seed=s), cloud(n, seed=1000 + s), k).coverage
        for s in range(200)
    ]
    none = np.prod([(n - i) / (2 * n - i) for i in range(1, k + 1)])
    # The ball holds k - 1 other reals inside: none of the fakes is among the nearest k
    assert abs(np.mean(found) - (1 - none)) < 4 * np.std(found) / np.sqrt(200)


def test_memory_does_not_grow_with_the_square_of_the_rows():
    """Few chunks of 2048 x 2048 distances in float64, however many rows."""
    real, fake = np.random.default_rng(0).normal(size=(2, 9000, 2))
    tracemalloc.start()
    metrics.precision_recall(real, fake)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * 2048**2 * 8  # the distances of all 9000 x 9000 take 19 chunks


# Memorisation ---------------------------------------------------------------------


def test_the_nearest_is_that_of_scikit_learn(small_chunks):
    train, held_out, fake = cloud(40), cloud(30, seed=1), cloud(25, seed=2)
    found = metrics.nearest_neighbors(train, held_out, fake)
    near, far = (pairwise_distances(fake, x).min(axis=1) for x in (train, held_out))
    assert found.to_training == pytest.approx(np.median(near))
    assert found.to_held_out == pytest.approx(np.median(far))
    assert found.memorization_rate == (near < far).mean()
    assert found.expected == 40 / 70


def test_copies_are_0_away():
    train = cloud(40) + 1000
    found = metrics.nearest_neighbors(train, cloud(40, seed=1) + 1000, train[::-1])
    assert found.to_training == 0 and found.memorization_rate == 1
    same = metrics.nearest_neighbors(train, train, train)
    assert same.memorization_rate == 0.5  # ties


def test_a_generator_that_remembers_nothing_comes_to_the_expected_share():
    found = [
        metrics.nearest_neighbors(
            cloud(60, 2, 3 * s), cloud(20, 2, 3 * s + 1), cloud(40, 2, 3 * s + 2)
        )
        for s in range(200)
    ]
    shares = [one.memorization_rate for one in found]
    assert found[0].expected == 0.75
    assert abs(np.mean(shares) - 0.75) < 4 * np.std(shares) / np.sqrt(200)
