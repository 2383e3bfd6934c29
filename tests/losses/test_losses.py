"""Each loss against numbers derived by hand from its formula."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from keras import ops

from keras_gan import losses

LOG2 = math.log(2)
REAL = np.array([[1.5], [-0.5]], "float32")
FAKE = np.array([[0.25], [-2.0]], "float32")


def softplus(a):
    return np.log1p(np.exp(a))


def sigmoid(a):
    return float((1 / (1 + np.exp(-a))).mean())


def cost(loss, player, real=REAL, fake=FAKE):
    method = getattr(losses.get(loss), f"{player}_loss")
    return float(method(ops.convert_to_tensor(real), ops.convert_to_tensor(fake)))


def assert_close(received, expected):
    # a sum of a few float32 terms of order 1
    assert received == pytest.approx(expected, rel=1e-6, abs=1e-6)


ZERO = np.zeros((3, 1), "float32")


@pytest.mark.parametrize(
    ("loss", "discriminator", "generator"),
    [
        ("minimax", 2 * LOG2, -LOG2),
        ("non_saturating", 2 * LOG2, LOG2),
        ("maximum_likelihood", 2 * LOG2, -1.0),
        ("least_squares", 0.5, 0.5),
        ("wasserstein", 0.0, 0.0),
        ("hinge", 2.0, 0.0),
        ("relativistic", LOG2, LOG2),
        ("relativistic_average", 2 * LOG2, 2 * LOG2),
    ],
)
def test_an_undecided_discriminator(loss, discriminator, generator):
    assert_close(cost(loss, "discriminator", ZERO, ZERO), discriminator)
    assert_close(cost(loss, "generator", ZERO, ZERO), generator)


@pytest.mark.parametrize("loss", ["minimax", "non_saturating", "maximum_likelihood"])
def test_the_logistic_family_shares_a_discriminator(loss):
    expected = softplus(-REAL).mean() + softplus(FAKE).mean()
    assert_close(cost(loss, "discriminator"), expected)


def test_generator_costs():
    assert_close(cost("minimax", "generator"), -softplus(FAKE).mean())
    assert_close(cost("non_saturating", "generator"), softplus(-FAKE).mean())
    assert_close(cost("maximum_likelihood", "generator"), -np.exp(FAKE).mean())
    assert_close(cost("least_squares", "generator"), ((FAKE - 1) ** 2).mean() / 2)
    assert_close(cost("wasserstein", "generator"), -FAKE.mean())
    assert_close(cost("hinge", "generator"), -FAKE.mean())


def test_discriminator_costs():
    squares = ((REAL - 1) ** 2).mean() / 2 + (FAKE**2).mean() / 2
    assert_close(cost("least_squares", "discriminator"), squares)
    assert_close(cost("wasserstein", "discriminator"), FAKE.mean() - REAL.mean())
    # max(0, 1 - 1.5) = 0 and max(0, 1 + 0.5); max(0, 1 + 0.25) and max(0, 1 - 2) = 0
    assert_close(cost("hinge", "discriminator"), 1.5 / 2 + 1.25 / 2)


BEST = {
    "non_saturating": lambda p, q: math.log(p / q),
    "least_squares": lambda p, q: p / (p + q),
    "hinge": lambda p, q: math.copysign(1.0, p - q),
}


def pointwise(loss, p, q, logits):
    """p times the cost of real samples plus q times that of fakes, by logit."""
    rows = [ops.convert_to_tensor(np.array([[logit]])) for logit in logits]
    # With real and fake logits apart, each half is there up to a constant.
    discriminator_loss, fixed = losses.get(loss).discriminator_loss, rows[0]
    real = [float(discriminator_loss(row, fixed)) for row in rows]
    fake = [float(discriminator_loss(fixed, row)) for row in rows]
    return p * np.array(real) + q * np.array(fake)


@pytest.mark.parametrize("loss", BEST)
@pytest.mark.parametrize(("p", "q"), [(0.3, 0.1), (0.05, 0.4), (0.2, 0.25)])
def test_the_best_answer_to_a_density_ratio(loss, p, q):
    best = BEST[loss](p, q)
    logits = best + np.linspace(-1, 1, 41)
    # convex costs: the best on a grid of step 0.05 around the answer is the best of all
    assert logits[np.argmin(pointwise(loss, p, q, logits))] == pytest.approx(best)


def test_the_best_hinge_discriminator_measures_total_variation():
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.3, 0.6])
    best = np.sign(p - q)[:, None]
    # ten draws from p and ten from q
    real, fake = (
        np.repeat(best, np.rint(10 * share).astype(int), 0) for share in (p, q)
    )
    total_variation = np.abs(p - q).sum() / 2
    assert_close(cost("hinge", "discriminator", real, fake), 2 - 2 * total_variation)


@pytest.mark.parametrize(
    ("loss", "slopes"),
    [
        # Goodfellow (2016), section 3.2, without its factor 1/2: -D, -(1 - D), -e^a
        ("minimax", (-0.01, -0.5, -0.99)),
        ("non_saturating", (-0.99, -0.5, -0.01)),
        ("maximum_likelihood", (-0.01 / 0.99, -1.0, -99.0)),
    ],
)
def test_slopes_of_the_generator_costs(loss, slopes):
    for probability, slope in zip((0.01, 0.5, 0.99), slopes, strict=True):
        logit = tf.constant([[math.log(probability / (1 - probability))]])
        with tf.GradientTape() as tape:
            tape.watch(logit)
            value = losses.get(loss).generator_loss(logit, logit)
        assert_close(float(tape.gradient(value, logit)[0, 0]), slope)


def test_maximum_likelihood_goes_on_as_its_tangent_above_20():
    top = np.float32(20.0)
    expected = -math.exp(20) * (1 + 5)
    at_25 = cost("maximum_likelihood", "generator", fake=np.array([[top + 5]]))
    assert at_25 == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("loss", [c.__name__ for c in losses.ALL])
@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("sign", [-1, 1])
def test_finite_at_extreme_logits(loss, player, sign):
    real = tf.constant([[sign * 1e4], [0.0]])
    fake = tf.constant([[-sign * 1e4], [0.0]])
    with tf.GradientTape() as tape:
        tape.watch((real, fake))
        value = getattr(losses.get(loss), f"{player}_loss")(real, fake)
    slopes = tape.gradient(value, (real, fake), unconnected_gradients="zero")
    assert np.isfinite(float(value))
    assert all(np.isfinite(slope.numpy()).all() for slope in slopes)


@given(st.floats(0, 0.99), st.floats(-5, 5))
def test_one_sided_smoothing_is_a_mixture_of_targets(smoothing, logit):
    a = np.array([[logit]], "float32")
    smooth = losses.NonSaturating(label_smoothing=smoothing)
    expected = (1 - smoothing) * softplus(-a) + smoothing * softplus(a) + softplus(a)
    received = float(smooth.discriminator_loss(a, a))
    assert received == pytest.approx(float(expected[0, 0]), rel=1e-5)


def test_smoothed_least_squares_aims_at_the_smoothed_target():
    at_target = np.full((2, 1), 0.9, "float32")
    loss = losses.LeastSquares(label_smoothing=0.1)
    assert float(loss.discriminator_loss(at_target, ZERO)) == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_smoothing_out_of_range(smoothing):
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        losses.Minimax(label_smoothing=smoothing)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("minimax", [sigmoid(REAL), sigmoid(FAKE), 0.5, 0.5]),
        ("hinge", [0.5, -0.875, 0.5, 0.5]),
        ("least_squares", [0.5, -0.875, 0.5, 1.0]),  # threshold 1/2
        ("wasserstein", [0.5, -0.875]),
    ],
)
def test_scores(loss, expected):
    scores = losses.get(loss).scores(ops.array(REAL), ops.array(FAKE))
    names = ["real_score", "fake_score", "real_accuracy", "fake_accuracy"]
    assert list(scores) == names[: len(expected)]
    assert [float(v) for v in scores.values()] == pytest.approx(expected, abs=1e-6)


def test_a_patch_map_counts_each_patch():
    patches = ops.reshape(ops.array(np.concatenate([REAL, FAKE])), (1, 2, 2, 1))
    value = losses.get("non_saturating").generator_loss(patches, patches)
    both = np.concatenate([REAL, FAKE])
    assert_close(float(value), softplus(-both).mean())


def test_get_resolves_names_configs_and_instances():
    loss = losses.LeastSquares(label_smoothing=0.2)
    assert losses.get(loss) is loss
    config = keras.saving.serialize_keras_object(loss)
    assert losses.get(config).label_smoothing == 0.2
    assert isinstance(losses.get("NonSaturating"), losses.NonSaturating)


@pytest.mark.parametrize("wrong", ["hing", None, 3, losses.Hinge])
def test_get_refuses_with_the_names(wrong):
    with pytest.raises(ValueError, match="hinge"):
        losses.get(wrong)


EACH = pytest.mark.parametrize("cls", losses.ALL, ids=lambda cls: cls.__name__)


@EACH
@pytest.mark.parametrize("size", [1e-45, 1e-30, 1e4, 1e18])
def test_losses_and_slopes_of_any_logit_are_finite(cls, size):
    """The least float32 numbers, and those whose squares are float32 numbers."""
    logits = tf.constant([[size], [-size], [0.0]])
    for player in ("discriminator", "generator"):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = getattr(cls(), f"{player}_loss")(logits[::-1], logits)
        assert np.isfinite(value)
        assert np.isfinite(tape.gradient(value, logits)).all()


@EACH
def test_a_batch_without_rows_has_no_loss(cls):
    some, none = tf.zeros((3, 1)), tf.zeros((0, 1))
    with pytest.raises(ValueError, match=r"at least one row.*|one shape.*"):
        cls().discriminator_loss(some, none)
    with pytest.raises(ValueError, match=r"at least one row. Received.*\(0, 1\)"):
        cls().generator_loss(none, none)


def test_logits_of_a_shape_that_is_not_known():
    @tf.function(input_signature=[tf.TensorSpec(None), tf.TensorSpec([None, 1])])
    def payoff(real, fake):
        return losses.Wasserstein().discriminator_loss(real, fake)

    assert float(payoff(tf.ones((3, 1)), tf.zeros((2, 1)))) == -1.0


@pytest.mark.parametrize("smoothing", [None, "a", np.nan, np.inf, [0.1], 1j, -0.1, 1.0])
def test_smoothings_that_are_none(smoothing):
    for cls in (losses.Minimax, losses.LeastSquares):
        with pytest.raises(ValueError, match="label_smoothing"):
            cls(smoothing)
