"""Draws: the same in every way of running, and of the right distribution."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from keras_gan.core import randomness

DRAWS = {
    "normal": lambda shape, seed: randomness.normal(shape, seed),
    "uniform": lambda shape, seed: randomness.uniform(shape, seed, -2.0, 3.0),
    "noise": lambda shape, seed: randomness.noise(shape, seed),
}


@pytest.mark.parametrize("name", DRAWS)
def test_eager_graph_and_xla_agree_to_the_bit(name):
    # A seed from a variable: a constant one would be folded, and XLA would not draw.
    step = tf.Variable(3, dtype=tf.int64)

    def draw():
        return DRAWS[name]((500, 7), randomness.seed_of(5, "test", step.value(), 1))

    eager = draw().numpy()
    np.testing.assert_array_equal(eager, tf.function(draw)().numpy())
    np.testing.assert_array_equal(eager, tf.function(draw, jit_compile=True)().numpy())


@settings(max_examples=20)
@given(st.integers(1, 40), st.integers(1, 5), st.integers(0, randomness.MAX_SEED))
@pytest.mark.parametrize("name", DRAWS)
def test_the_first_rows_do_not_depend_on_how_many_there_are(name, rows, width, run):
    seed = randomness.seed_of(run, "test")
    many = DRAWS[name]((rows + 9, width), seed).numpy()
    np.testing.assert_array_equal(DRAWS[name]((rows, width), seed), many[:rows])


def test_distributions():
    # p-values of 50 000 draws at a fixed seed; a wrong formula gives 1e-300.
    seed = randomness.seed_of(1, "test")
    normal = randomness.normal((50_000,), seed).numpy()
    assert stats.kstest(normal, "norm").pvalue > 0.01
    uniform = randomness.uniform((50_000,), seed, -2.0, 3.0).numpy()
    assert stats.kstest(uniform, stats.uniform(-2, 5).cdf).pvalue > 0.01
    assert uniform.min() >= -2 and uniform.max() <= 3


@pytest.mark.parametrize(
    "sample", [(), (1,), (5,), (6,), (3, 3, 1)], ids=["none", "1", "5", "6", "image"]
)
def test_noise_is_both_numbers_of_box_and_muller(sample):
    seed, size = randomness.seed_of(2, "test"), int(np.prod(sample))
    half = (size + 1) // 2
    bits = tf.random.stateless_uniform(
        (50, 2, half), seed, None, None, tf.uint32, alg="philox"
    ).numpy()
    radius = np.sqrt(-2 * np.log((bits[:, 0] + 1.0) / 2**32))
    angle = np.pi * (2 * (bits[:, 1] / 2**32) - 1)
    pair = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
    expected = pair.reshape(50, 2 * half)[:, :size].reshape(50, *sample)
    found = randomness.noise((50, *sample), seed)
    # float32 has 6e-8 of a number, the polynomial 3e-11 of the radius.
    np.testing.assert_allclose(found, expected, rtol=6e-8, atol=3e-10)


def test_the_law_of_noise():
    drawn = randomness.noise((4000, 50), randomness.seed_of(4, "test")).numpy()
    assert stats.kstest(drawn.ravel(), "norm").pvalue > 0.01
    columns = drawn.astype("float64")
    # E x^k is 0, 1, 0, 3 and its variance E x^2k - (E x^k)^2 is 1, 2, 15, 96.
    for power, mean, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        error = np.sqrt(variance / columns.size)
        assert abs((columns**power).mean() - mean) < 4 * error, power
    # Of two of the 50 columns, of their squares, and of successive rows: a correlation
    # of 4000 pairs has the error 4000^-1/2, and 5 of them are left by 1 in 10^6.
    for values in (columns, columns**2):
        pairs = np.corrcoef(values.T)[np.triu_indices(50, 1)]
        assert abs(pairs).max() < 5 / np.sqrt(4000)
        following = stats.pearsonr(values[1:].ravel(), values[:-1].ravel())[0]
        assert abs(following) < 5 / np.sqrt(3999 * 50)


def test_purposes_and_counters_have_seeds_of_their_own():
    seeds = {
        tuple(randomness.seed_of(run, purpose, *counters).numpy())
        for run in (0, 1)
        for purpose in ("latents", "discriminator")
        for counters in ((), (0,), (1,), (0, 0), (0, 1), (1, 0), (1, 1))
    }
    seeds |= {
        tuple(randomness.derived(randomness.seed_of(0, "latents", 0), i).numpy())
        for i in range(2, 4)
    }
    assert len(seeds) == 2 * 2 * 7 + 2


@pytest.mark.parametrize("seed", [-1, 2**31, 0.5, True, "0", None])
def test_seeds_out_of_range(seed):
    with pytest.raises(ValueError, match="integer from 0"):
        randomness.check_seed(seed)
