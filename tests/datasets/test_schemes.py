"""Sampling designs: worked examples, laws, and chances counted over many draws."""

import hypothesis
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import strategies as st

from keras_gan.core.randomness import MAX_SEED
from keras_gan.datasets import schemes, splits

seeds = st.integers(0, MAX_SEED)


@st.composite
def sizes(draw):
    """(count, size) with 1 <= size <= count."""
    count = draw(st.integers(1, 200))
    return count, draw(st.integers(1, count))


def chances(design, count, draws):
    """How often each item is drawn, over seeds, as a share."""
    times = np.zeros(count)
    for seed in range(draws):
        times[design(seed)] += 1
    return times / draws


def check_sample(indices, count, size):
    assert indices.dtype == np.int64 and indices.shape == (size,)
    assert (np.diff(indices) > 0).all()  # ascending, so none twice
    assert indices[0] >= 0 and indices[-1] < count


@hypothesis.given(sizes(), seeds)
def test_a_simple_random_sample(numbers, seed):
    count, size = numbers
    indices = schemes.simple_random(count, size, seed)
    check_sample(indices, count, size)
    np.testing.assert_array_equal(indices, schemes.simple_random(count, size, seed))


def test_simple_random_draws_every_sample_alike():
    """The 10 samples of 3 of 5 items: chi2(9) is above 27.9 once in 1000 times."""
    samples = [tuple(schemes.simple_random(5, 3, seed)) for seed in range(2000)]
    kinds, times = np.unique(samples, axis=0, return_counts=True)
    assert len(kinds) == 10
    assert 0.1 < np.square(times - 200).sum() / 200 < 27.9


def test_the_systematic_sample_of_the_worked_example():
    """50 of 1200 items: an interval of 24; from item 18: 18, 42, ..., 1194."""
    indices = schemes.systematic(1200, 50, start=18)
    assert indices.tolist() == list(range(18, 1195, 24))
    assert len(indices) == 50 and indices[1] == 42 and indices[-1] == 1194


@hypothesis.given(sizes(), seeds)
def test_a_systematic_sample_has_one_item_in_each_interval(numbers, seed):
    count, size = numbers
    indices = schemes.systematic(count, size, seed=seed)
    check_sample(indices, count, size)
    # Steps of the interval, rounded; the last one leads into the next population.
    steps = np.diff(np.append(indices, indices[0] + count))
    assert set(steps.tolist()) <= {count // size, -(-count // size)}
    # The same from its own first item, but for what rounding a drawn start moves.
    again = schemes.systematic(count, size, start=int(indices[0]))
    assert again[0] == indices[0]
    assert abs(again - indices).max() <= (count % size > 0)


@hypothesis.given(
    st.integers(1, 2**63 - 1), st.integers(1, 9), st.floats(0, 1, exclude_max=True)
)
@hypothesis.example(2**62, 3, 0.0)
@hypothesis.example(2**63 - 1, 9, 0.9999999999999999)
def test_systematic_in_whole_numbers_of_any_size(count, size, where):
    """(start size + i count) // size by integers that know no overflow."""
    size = min(size, count)
    start = int(where * -(-count // size))
    start = min(start, (count - 1) // size)
    expected = [(start * size + i * count) // size for i in range(size)]
    assert schemes.systematic(count, size, start=np.int64(start)).tolist() == expected
    drawn = schemes.systematic(count, size)
    check_sample(drawn, count, size)


@hypothesis.given(st.integers(2**40, 2**63 - 1), seeds)
def test_a_few_of_very_many(count, seed):
    check_sample(schemes.simple_random(count, 3, seed), count, 3)
    points = schemes.random_points((2**31, 2**31), 3, seed)
    assert (points >= 0).all() and (points < 2**31).all()
    middle = schemes.grid_points(count, 1)
    assert middle.tolist() == [[count // 2] * 2]
    assert schemes.allocation([count // 2, count // 2], 4).tolist() == [2, 2]


def test_systematic_gives_every_item_the_same_chance():
    """7 of 10 items: each start of 10 is drawn alike, and 7 of them reach an item."""
    found = chances(lambda seed: schemes.systematic(10, 7, seed=seed), 10, 4000)
    assert abs(found - 0.7).max() < 4 * np.sqrt(0.7 * 0.3 / 4000)


def test_three_classes_of_100_give_a_third_each():
    labels = np.repeat([0, 1, 2], 100)
    for size in (3, 60, 300):
        drawn = labels[schemes.stratified(labels, size, seed=size)]
        assert np.bincount(drawn).tolist() == [size // 3] * 3
    uneven = np.bincount(labels[schemes.stratified(labels, 50)])
    assert sorted(uneven) == [16, 17, 17]  # 50/3 = 16.7


@hypothesis.given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=8).filter(any), st.data()
)
def test_no_allocation_is_one_away_from_its_quota(counts, data):
    size = data.draw(st.integers(1, min(sum(counts), 10**6)))
    found = schemes.allocation(counts, size)
    assert found.sum() == size
    for wanted, count in zip(found.tolist(), counts, strict=True):
        assert wanted <= count
        assert abs(wanted * sum(counts) - size * count) < sum(counts)


def test_the_largest_remainders_come_first():
    # Hamilton's method by hand: quotas 3.85, 3.08, 2.07 of 9; 8 whole, one left.
    assert schemes.allocation([50, 40, 27], 9).tolist() == [4, 3, 2]
    # Equal remainders: quotas 1.5 and 1.5, the first stratum first.
    assert schemes.allocation([3, 3], 3).tolist() == [2, 1]


@hypothesis.given(st.lists(st.integers(0, 4), min_size=1, max_size=80), st.data())
def test_a_stratified_sample_keeps_the_shares(labels, data):
    size = data.draw(st.integers(1, len(labels)))
    indices = schemes.stratified(labels, size, data.draw(seeds))
    check_sample(indices, len(labels), size)
    drawn = np.asarray(labels)[indices]
    for label in set(labels):
        quota = size * labels.count(label) / len(labels)
        assert abs((drawn == label).sum() - quota) < 1


def test_stratified_draws_alike_within_a_class():
    labels = np.array(list("aaaaabb"))  # quotas 2.14 and 0.86: 2 of 5 and 1 of 2
    found = chances(lambda seed: schemes.stratified(labels, 3, seed), 7, 4000)
    assert abs(found[:5] - 2 / 5).max() < 4 * np.sqrt(0.24 / 4000)
    assert abs(found[5:] - 1 / 2).max() < 4 * np.sqrt(0.25 / 4000)


@hypothesis.given(st.lists(st.integers(-3, 3), min_size=1, max_size=60), st.data())
def test_a_cluster_sample_holds_whole_clusters(clusters, data):
    clusters = np.array(clusters)
    size = data.draw(st.integers(1, len(set(clusters.tolist()))))
    indices = schemes.cluster(clusters, size, data.draw(seeds))
    drawn = set(clusters[indices].tolist())
    assert len(drawn) == size
    np.testing.assert_array_equal(indices, np.flatnonzero(np.isin(clusters, [*drawn])))


def test_every_cluster_has_the_same_chance_whatever_its_size():
    clusters = [7, 7, 7, 7, 7, 5, 5, 9]
    found = chances(lambda seed: schemes.cluster(clusters, 2, seed), 8, 4000)
    assert abs(found - 2 / 3).max() < 4 * np.sqrt(2 / 9 / 4000)


# Designs on a `tf.data.Dataset` ----------------------------------------------------


DESIGNS = [
    pytest.param(schemes.simple_random(30, 7, seed=1), id="simple random"),
    pytest.param(schemes.systematic(30, 7, start=2), id="systematic"),
    pytest.param(schemes.stratified(np.arange(30) % 3, 9), id="stratified"),
    pytest.param(schemes.cluster(np.arange(30) // 6, 2), id="cluster"),
    pytest.param(np.array([4, 4, 0, 29, 4]), id="several times"),
]


@pytest.mark.parametrize("indices", DESIGNS)
def test_select_draws_what_indexing_draws(indices):
    items = np.random.default_rng(0).normal(size=(30, 2))
    dataset = tf.data.Dataset.from_tensor_slices((items, {"label": np.arange(30)}))
    drawn = dataset.apply(schemes.select(indices))
    assert len(drawn) == len(indices)
    assert drawn.element_spec == dataset.element_spec
    vectors, labels = zip(*((x, y["label"]) for x, y in drawn), strict=True)
    np.testing.assert_array_equal(labels, np.sort(indices))
    np.testing.assert_array_equal(vectors, items[np.sort(indices)])


def test_select_reads_no_further_than_it_needs():
    def refuse(x):
        tf.debugging.assert_less(x, tf.constant(6, tf.int64))
        return x

    drawn = tf.data.Dataset.range(9).map(refuse).apply(schemes.select([1, 5]))
    assert [int(x) for x in drawn] == [1, 5]


def test_too_few_items_are_no_smaller_sample():
    few = tf.data.Dataset.range(9)
    with pytest.raises(ValueError, match="Item 9 is wanted of a data set of 9 items"):
        few.apply(schemes.select([1, 9]))
    unknown = few.filter(lambda x: x < 5)
    with pytest.raises(tf.errors.FailedPreconditionError, match="to contain 2"):
        list(unknown.apply(schemes.select([1, 8])))


# Images ----------------------------------------------------------------------------

IMAGES = np.random.default_rng(0).normal(size=(5, 6, 9, 2)).astype("float32")


def test_grid_points_are_the_centres_of_equal_cells():
    points = schemes.grid_points((6, 9), (2, 3))  # cells of 3 x 3 pixels
    assert points.tolist() == [[r, c] for r in (1, 4) for c in (1, 4, 7)]
    every = schemes.grid_points(4, 4)
    np.testing.assert_array_equal(every, np.argwhere(np.ones((4, 4))))


def test_random_points_are_a_simple_random_sample_of_the_pixels():
    points = schemes.random_points((6, 9), 20, seed=3)
    assert points.shape == (20, 2) and len(np.unique(points, axis=0)) == 20
    numbers = points @ [9, 1]
    np.testing.assert_array_equal(numbers, schemes.simple_random(54, 20, seed=3))
    everywhere = schemes.random_points((6, 9), 54)
    np.testing.assert_array_equal(everywhere, np.argwhere(np.ones((6, 9))))


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint64", "int32"])
def test_points_of_any_integers(dtype):
    """Row 100 of 100 columns is pixel 10 000, which is no uint8."""
    image = np.arange(101 * 100).reshape(101, 100, 1)
    points = np.array([[100, 99], [50, 3]], dtype)
    for images in (image, tf.constant(image)):
        found = np.ravel(schemes.pixel_values(images, points))
        assert found.tolist() == [10_099, 5003]
    assert schemes.pixel_values(image.tolist(), points).ravel().tolist()[0] == 10_099
    numbers = tf.data.Dataset.range(9).apply(schemes.select(points[1:, 1]))
    assert [int(x) for x in numbers] == [3]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([0.0, np.nan], "Received: nan at index 1. Leave"),
        (np.array(["2020-01-01", "NaT"], "datetime64[D]"), "Received: NaT at index 1"),
        (["a", None], "of one kind.*NoneType, str. Pass"),
        ([[0], [1, 2]], r"shape \(n,\)"),
        ({0, 1}, r"shape \(n,\)"),
    ],
    ids=["nan", "no date", "mixed", "ragged", "set"],
)
def test_groups_that_are_none(groups, message):
    with pytest.raises(ValueError, match=f"clusters holds.*{message}"):
        schemes.cluster(groups, 1)
    with pytest.raises(ValueError, match=f"labels holds.*{message}"):
        schemes.stratified(groups, 1)
    with pytest.raises(ValueError, match=f"labels holds.*{message}"):
        splits.k_fold(2, 2, labels=groups)


def test_groups_of_any_kind():
    for groups in ([0.5, 0.5, 1.5], ["b", "b", "c"], [True, True, False], [b"b"] * 3):
        drawn = schemes.cluster(groups, 1)
        assert len({groups[i] for i in drawn}) == 1
    assert len(splits.hold_out(4, 2, labels=[0.5, 0.5, 1.5, 1.5])[1]) == 2


def test_pixel_values_by_hand():
    image = np.arange(6).reshape(2, 3, 1)  # [[0, 1, 2], [3, 4, 5]]
    points = [[1, 0], [0, 2], [1, 0]]
    assert schemes.pixel_values(image, points).tolist() == [[3], [2], [3]]


@pytest.mark.parametrize("rank", [3, 4, 5])
def test_tensors_give_what_arrays_give(rank):
    images = IMAGES.reshape([5, 1, 6, 9, 2]) if rank == 5 else IMAGES
    images = images[0] if rank == 3 else images
    points = schemes.random_points((6, 9), 7)
    expected = schemes.pixel_values(images, points)
    found = schemes.pixel_values(tf.constant(images), points)
    assert found.shape == expected.shape == (*images.shape[:-3], 7, 2)
    np.testing.assert_array_equal(found, expected)
    for i, (row, column) in enumerate(points):
        np.testing.assert_array_equal(expected[..., i, :], images[..., row, column, :])


@pytest.mark.parametrize("batch", [None, 2], ids=["single", "batches"])
@pytest.mark.parametrize("labelled", [False, True], ids=["plain", "labelled"])
def test_sample_pixels_of_a_dataset(batch, labelled):
    points = schemes.grid_points((6, 9), (2, 3))
    source = (IMAGES, np.arange(5)) if labelled else IMAGES
    dataset = tf.data.Dataset.from_tensor_slices(source)
    dataset = dataset if batch is None else dataset.batch(batch)
    sampled = dataset.apply(schemes.sample_pixels(points))
    sampled = sampled if batch is None else sampled.unbatch()
    found = [x for x, _ in sampled] if labelled else list(sampled)
    np.testing.assert_array_equal(found, schemes.pixel_values(IMAGES, points))
    if labelled:
        assert [int(y) for _, y in sampled] == list(range(5))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: schemes.simple_random(4, 5), "size=5 of 4.*bootstrap", id="more"
        ),
        pytest.param(lambda: schemes.simple_random(4, 0), "size is an", id="none"),
        pytest.param(
            lambda: schemes.simple_random(2**63, 1), "items are int64", id="too many"
        ),
        pytest.param(
            lambda: schemes.random_points(2**32, 1), "items are int64", id="too large"
        ),
        pytest.param(
            lambda: schemes.systematic(9, 3, start=np.int64(2**62)),
            "from 0 to 2.*3 of 9",
            id="a start whose product is none",
        ),
        pytest.param(lambda: schemes.allocation(None, 1), "counts holds", id="nothing"),
        pytest.param(
            lambda: schemes.allocation([[1], [1, 2]], 1), "counts holds", id="ragged"
        ),
        pytest.param(
            lambda: schemes.select(np.array([2**63], np.uint64)), "Items", id="beyond"
        ),
        pytest.param(
            lambda: schemes.select([[1], [1, 2]]), "integer array", id="lists"
        ),
        pytest.param(
            lambda: schemes.pixel_values([[0], [0, 1]], [[0, 0]]), "shape", id="rows"
        ),
        pytest.param(lambda: schemes.simple_random(4, 1.5), "size=1.5", id="half"),
        pytest.param(
            lambda: schemes.simple_random(4, tf.constant(1.5)), "size=", id="a tensor"
        ),
        pytest.param(
            lambda: schemes.simple_random(4, 1, tf.constant(1.5)), "seed=", id="seeds"
        ),
        pytest.param(
            lambda: schemes.simple_random(0, 1), "count is an integer", id="nobody"
        ),
        pytest.param(
            lambda: schemes.simple_random(4, 2, -1), "seed is an integer", id="seed"
        ),
        pytest.param(
            lambda: schemes.systematic(1200, 50, start=24),
            "from 0 to 23. Received: start=24. .* 50 of 1200 items",
            id="start",
        ),
        pytest.param(
            lambda: schemes.systematic(9, 3, start=-1), "start=-1", id="negative start"
        ),
        pytest.param(
            lambda: schemes.systematic(9, 3, start=0.5), "start=0.5", id="half start"
        ),
        pytest.param(lambda: schemes.systematic(4, 5), "More items", id="systematic"),
        pytest.param(lambda: schemes.stratified([0, 1], 3), "size=3 of 2", id="strata"),
        pytest.param(lambda: schemes.stratified([[0]], 1), "labels holds", id="rank"),
        pytest.param(lambda: schemes.stratified([], 1), "labels holds", id="empty"),
        pytest.param(
            lambda: schemes.allocation([2, -1], 1), r"counts=\[2, -1\]", id="counts"
        ),
        pytest.param(
            lambda: schemes.cluster([0, 0, 1], 3), "More clusters.*size=3 of 2", id="cl"
        ),
        pytest.param(lambda: schemes.cluster(3, 1), "clusters holds", id="clusters"),
        pytest.param(lambda: schemes.select([0.5]), "integer array", id="floats"),
        pytest.param(lambda: schemes.select([]), "integer array", id="no indices"),
        pytest.param(lambda: schemes.select([-1]), "numbered from 0", id="minus"),
        pytest.param(lambda: schemes.grid_points(4, 5), "More points", id="grid"),
        pytest.param(lambda: schemes.grid_points(4, None), "points", id="no points"),
        pytest.param(lambda: schemes.grid_points(None, 2), "image_size", id="no size"),
        pytest.param(lambda: schemes.random_points(2, 5), "size=5 of 4", id="pixels"),
        pytest.param(
            lambda: schemes.pixel_values(IMAGES, [[0, 9]]),
            r"columns 0 to 8. Received: \[0, 9\]",
            id="outside",
        ),
        pytest.param(
            lambda: schemes.pixel_values(IMAGES, [[0, -1]]), "lie in", id="before"
        ),
        pytest.param(
            lambda: schemes.pixel_values(IMAGES, [0, 1]), r"\(points, 2\)", id="a point"
        ),
        pytest.param(
            lambda: schemes.pixel_values(IMAGES[0, 0], [[0, 0]]),
            "height",
            id="no image",
        ),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
