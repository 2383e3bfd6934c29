"""GradientPenalty and DRAGAN against closed forms."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from keras_gan import penalties
from keras_gan.core import randomness
from keras_gan.core.randomness import derived, seed_of

SEED = seed_of(0, "test")
BOTH = {"gradient_penalty": penalties.GradientPenalty, "dragan": penalties.DRAGAN}
both = pytest.mark.parametrize("penalty", BOTH.values(), ids=BOTH)


def half_square(x):
    """D = |x|^2 / 2, whose slope at x is x."""
    return tf.reduce_sum(x**2, tuple(range(1, len(x.shape))))[:, None] / 2


@both
@given(
    slope=st.floats(0, 9),
    weight=st.floats(0, 20),
    target=st.floats(0.25, 4),
    axes=st.lists(st.integers(1, 3), min_size=1, max_size=3),
)
def test_a_linear_discriminator(penalty, slope, weight, target, axes):
    width = int(np.prod(axes))
    weights = np.full((width, 1), slope / np.sqrt(width), "float32")

    def discriminate(x):
        return tf.reshape(x, (3, width)) @ weights

    x = randomness.normal((3, *axes), SEED)
    value = penalty(weight=weight, target=target)(discriminate, x, 2 * x, SEED)
    expected = weight * (slope / target - 1) ** 2
    # the slope is exact to 1e-7 of itself, and the square loses what the 1 takes away
    bound = 1e-5 * weight * (1 + slope / target) ** 2
    assert float(value) == pytest.approx(expected, abs=bound + 1e-12)


@pytest.mark.parametrize("slope", [0.5, 3.0])
def test_one_sided(slope):
    penalty = penalties.GradientPenalty(weight=2.0, one_sided=True)
    x = tf.ones((4, 1))
    expected = 2 * max(0, slope - 1) ** 2
    value = penalty(lambda x: slope * x, x, x, SEED)
    assert float(value) == pytest.approx(expected)


def test_between_real_and_fake_by_a_share_of_each_sample():
    real = randomness.normal((6, 2, 3), derived(SEED, 1)).numpy().astype("float64")
    fake = randomness.normal((6, 2, 3), derived(SEED, 2)).numpy().astype("float64")
    share = randomness.uniform((6, 1, 1), SEED).numpy().astype("float64")
    assert len(np.unique(share)) == 6
    between = share * real + (1 - share) * fake
    norms = np.sqrt((between**2).sum((1, 2)))
    expected = 10 * ((norms / 2 - 1) ** 2).mean()
    value = penalties.GradientPenalty(target=2.0)(
        half_square, tf.constant(real), tf.constant(fake), SEED
    )
    assert float(value) == pytest.approx(expected, rel=1e-12)  # float64


def test_the_share_is_uniform():
    rows = 20_000
    real, fake = tf.fill((rows, 1), 3.0), tf.zeros((rows, 1))
    value = penalties.GradientPenalty(weight=1.0)(half_square, real, fake, SEED)
    # E(3 eps - 1)^2 = 9/3 - 6/2 + 1 = 1 (10 for a normal eps); one eps for all samples
    # would vary by sqrt(E(3 eps - 1)^4 - 1) = sqrt((2^5 + 1) / (5 * 3) - 1) = 1.1
    assert float(value) == pytest.approx(1, abs=4 * 1.1 / np.sqrt(rows))


def test_around_the_data():
    real = randomness.normal((6, 2, 3), derived(SEED, 5)).numpy().astype("float64")
    share = randomness.uniform((6, 1, 1), derived(SEED, 0)).numpy().astype("float64")
    noise = randomness.uniform((6, 2, 3), derived(SEED, 1)).numpy()
    around = real + share * 0.25 * real.std() * noise
    norms = np.sqrt((around**2).sum((1, 2)))
    expected = 10 * ((norms / 2 - 1) ** 2).mean()
    penalty = penalties.DRAGAN(target=2.0, spread=0.25)
    value = penalty(half_square, tf.constant(real), None, SEED)
    assert float(value) == pytest.approx(expected, rel=1e-12)  # float64


def test_the_noise_is_half_a_deviation_times_two_uniform_shares():
    rows = 20_000
    real = 2 * np.where(np.arange(rows) % 2, 1.0, -1.0)[:, None]  # s = 2
    value = penalties.DRAGAN(weight=1.0)(half_square, tf.constant(real), None, SEED)
    # |y| = 2 + t at x = 2 and 2 - t at x = -2 with t = eps u, E t = 1/4, E t^2 = 1/9:
    # the mean of E(1 + t)^2 and E(1 - t)^2 is 1 + E t^2. With E t^4 = 1/25 the mean of
    # fourth powers is 1 + 6/9 + 1/25, so a term varies by sqrt(1.707 - (10/9)^2) = 0.69
    assert float(value) == pytest.approx(1 + 1 / 9, abs=4 * 0.69 / np.sqrt(rows))


@both
def test_a_zero_gradient_is_not_nan(penalty):
    kernel = tf.Variable(tf.zeros((12, 1)))
    x = randomness.normal((5, 2, 2, 3), SEED)

    def discriminate(x):
        return tf.reshape(x, (5, 12)) @ kernel

    with tf.GradientTape() as tape:
        value = penalty()(discriminate, x, x, SEED)
    assert float(value) == 10.0  # 10 (0 - 1)^2
    np.testing.assert_array_equal(tape.gradient(value, kernel), np.zeros((12, 1)))


@both
def test_one_flat_sample_leaves_the_others_gradient(penalty):
    """D = k relu(x): flat at x < 0. With its slope k, d/dk of 10/2 (k - 1)^2."""
    slope = tf.Variable(3.0)
    x = tf.constant([[-8.0], [8.0]])  # the noise reaches 4 at most
    with tf.GradientTape() as tape:
        value = penalty()(lambda x: slope * tf.nn.relu(x), x, x, SEED)
    assert float(value) == pytest.approx(10 * (1 + 4) / 2)
    assert float(tape.gradient(value, slope)) == pytest.approx(10 * (3 - 1))


@both
def test_the_gradient_by_weights(penalty):
    weights = tf.Variable([[3.0], [4.0]])
    x = tf.ones((3, 2))
    with tf.GradientTape() as tape:
        value = penalty(weight=1.0)(lambda x: x @ weights, x, x, SEED)
    # d (|w| - 1)^2 / dw = 2 (|w| - 1) w / |w| = 2 * 4 * (0.6, 0.8)
    np.testing.assert_allclose(tape.gradient(value, weights), [[4.8], [6.4]], rtol=1e-6)


@both
@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
def test_eager_and_compiled_agree(penalty, jit):
    x = randomness.normal((8, 4, 4, 2), SEED)
    kernel = randomness.normal((3, 3, 2, 5), derived(SEED, 3))

    def discriminate(x):
        features = tf.nn.leaky_relu(tf.nn.conv2d(x, kernel, 1, "SAME"), 0.2)
        return tf.reduce_sum(features, (1, 2, 3))[:, None]

    def run(x):
        return penalty(target=20.0)(discriminate, x, -x, SEED)

    compiled = tf.function(run, jit_compile=jit)
    assert float(compiled(x)) == pytest.approx(float(run(x)), rel=1e-5)


BAD = {
    "weight": {"weight": -1},
    "target": {"target": 0},
    "not-a-number": {"target": float("nan")},
    "every": {"every": 0},
}


@both
@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
def test_bad_arguments(penalty, arguments):
    with pytest.raises(ValueError, match="Received"):
        penalty(**arguments)


def test_a_target_of_zero_names_what_to_use():
    with pytest.raises(ValueError, match="use R1 or R2"):
        penalties.GradientPenalty(target=0.0)


def test_noise_needs_a_distance():
    with pytest.raises(ValueError, match="spread=-1"):
        penalties.DRAGAN(spread=-1)
