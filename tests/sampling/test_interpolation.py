"""Ways between latents, and arithmetic with them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gan.sampling import analogy, interpolate

SEEDS = st.integers(0, 2**32 - 1)


def pairs(seed, dim, rows=3):
    return np.random.default_rng(seed).normal(size=(2, rows, dim))


@pytest.mark.parametrize("how", ["linear", "spherical"])
@given(seed=SEEDS, dim=st.integers(2, 20), steps=st.integers(2, 9))
def test_a_way_has_its_ends_and_can_be_walked_back(how, seed, dim, steps):
    start, end = pairs(seed, dim)
    way = interpolate(start, end, steps, how)
    assert way.shape == (steps, 3, dim) and way.dtype == np.float32
    np.testing.assert_array_equal(way[0], start.astype("float32"))
    np.testing.assert_array_equal(way[-1], end.astype("float32"))
    back = interpolate(end, start, steps, how)
    np.testing.assert_allclose(back[::-1], way, atol=1e-5)  # float32
    # each of several ways is the way alone
    alone = interpolate(start[1], end[1], steps, how)
    np.testing.assert_allclose(alone, way[:, 1], atol=1e-6)


def test_a_line_is_evenly_divided():
    way = interpolate([0.0, 8.0], [4.0, 0.0], 5)
    np.testing.assert_array_equal(way, [[0, 8], [1, 6], [2, 4], [3, 2], [4, 0]])


@given(seed=SEEDS, dim=st.integers(2, 20))
def test_on_a_sphere_the_norm_and_the_speed_are_constant(seed, dim):
    start, end = pairs(seed, dim)
    start, end = (5 * x / np.linalg.norm(x, axis=1)[:, None] for x in (start, end))
    way = interpolate(start, end, 7, "spherical").astype("float64")
    np.testing.assert_allclose(np.linalg.norm(way, axis=-1), 5.0, rtol=1e-6)
    # at most 1, which float32's rounding of nearly equal latents is not
    cosines = np.minimum((way[1:] * way[:-1]).sum(axis=-1) / 25, 1)
    # six equal turns of a sixth of the angle; arccos loses half of float32's digits
    angle = np.arccos((start * end).sum(axis=-1) / 25)
    np.testing.assert_allclose(np.arccos(cosines), [angle / 6] * 6, atol=1e-3)


def test_norms_between_are_between():
    way = interpolate([3.0, 0.0], [0.0, 1.0], 5, "spherical")
    np.testing.assert_allclose(
        np.linalg.norm(way, axis=-1), [3, 2.5, 2, 1.5, 1], rtol=1e-6
    )
    turned = np.degrees(np.arctan2(way[:, 1], way[:, 0]))
    np.testing.assert_allclose(turned, [0, 22.5, 45, 67.5, 90], atol=1e-4)


def test_the_textbook_formula():
    a, b = (x / np.linalg.norm(x) for x in np.random.default_rng(0).normal(size=(2, 6)))
    angle = np.arccos(a @ b)
    expected = [
        (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
        for t in (0, 0.25, 0.5, 0.75, 1)
    ]
    np.testing.assert_allclose(interpolate(a, b, 5, "spherical"), expected, atol=1e-6)


@pytest.mark.parametrize("away", [0.0, 1e-13, 1e-9], ids=["equal", "1e-13", "1e-9"])
def test_parallel_latents_are_joined_by_a_line(away):
    start = np.array([1.0, 2.0, 2.0])
    way = interpolate(start, 3 * start + [away, 0, 0], 5, "spherical")
    np.testing.assert_allclose(
        way, interpolate(start, 3 * start, 5), rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize("away", [0.0, 1e-13, 1e-9], ids=["equal", "1e-13", "1e-9"])
def test_opposite_latents_are_joined_by_half_a_circle(away):
    start = np.array([[2.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, -3.0]])
    way = interpolate(start, -start + [0, away, 0], 7, "spherical")
    norms = np.linalg.norm(way.astype("float64"), axis=-1)
    np.testing.assert_allclose(norms, [np.linalg.norm(start, axis=1)] * 7, rtol=1e-6)
    # a quarter turn at half of the way
    np.testing.assert_allclose((way[3] * start).sum(axis=-1), 0.0, atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, 0.0], [1.0], 3), r"shapes \(2,\) and \(1,\)"),
        (([], [], 3), r"shapes \(0,\)"),
        ((np.ones((2, 2, 2)), np.ones((2, 2, 2)), 3), "two latents"),
        (([1.0, np.nan], [1.0, 0.0], 3), "start holds finite numbers"),
        (([1.0, 0.0], [0.0, 1.0], 1), "at least 2. Received: steps=1"),
        (([1.0, 0.0], [0.0, 1.0], 2.5), "steps=2.5"),
        (([1.0, 0.0], [0.0, 1.0], 3, "slerp"), "Received: how='slerp'"),
        (([0.0, 0.0], [0.0, 1.0], 3, "spherical"), "0 has none"),
        (([1.0], [-1.0], 3, "spherical"), "there is no circle"),
    ],
    ids=["widths", "empty", "rank", "nan", "one", "half", "how", "zero", "line"],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        interpolate(*arguments)


def test_numbers_of_one_sign_have_a_way():
    way = interpolate([1.0], [3.0], 3, "spherical")
    np.testing.assert_allclose(way, [[1], [2], [3]], rtol=1e-6)


def test_an_analogy_of_threes_is_distributed_like_the_prior():
    groups = np.random.default_rng(0).normal(size=(3, 5000, 3, 4))
    found = np.array([analogy(*group) for group in groups.transpose(1, 0, 2, 3)])
    # 4.5 standard errors of a variance and of a mean of 20 000 numbers
    assert abs(found.var() - 1) < 4.5 * np.sqrt(2 / found.size)
    assert abs(found.mean()) < 4.5 / np.sqrt(found.size)


def test_an_analogy_of_groups_of_several_sizes():
    found = analogy([[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0]], [0.0, 10.0])
    np.testing.assert_array_equal(found, [1.0, 12.0])
    assert found.dtype == np.float32


@pytest.mark.parametrize(
    "groups",
    [
        ([1.0, 2.0], [1.0], [1.0, 2.0]),
        ([1.0, 2.0], np.ones((0, 2)), [1.0, 2.0]),
        (1.0, 1.0, 1.0),
    ],
    ids=["widths", "empty", "numbers"],
)
def test_groups_that_do_not_match(groups):
    with pytest.raises(ValueError, match="groups of latents"):
        analogy(*groups)
