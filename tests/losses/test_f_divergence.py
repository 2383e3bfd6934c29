"""The f-GAN loss: its bound is the divergence at the best discriminator."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.known_distributions import gaussian
from scipy import stats

from keras_gan import losses
from keras_gan.divergences import f_divergences, kl

NAMES = (
    *("kl", "reverse_kl", "pearson", "neyman"),
    *("squared_hellinger", "jensen_shannon", "jeffrey", "gan"),
)
# The logit v at which the output activation is f'(u), u = p/q: solved by hand.
BEST_LOGIT = {
    "kl": lambda u: 1 + np.log(u),
    "reverse_kl": np.log,  # -exp(-v) = -1/u
    "pearson": lambda u: 2 * (u - 1),
    "neyman": lambda u: 2 * np.log(u),  # 1 - exp(-v) = 1 - 1/u^2
    "squared_hellinger": lambda u: np.log(u) / 2,  # 1 - exp(-v) = 1 - 1/sqrt u
    "jensen_shannon": np.log,  # log 2 sigmoid(v) = log 2u/(u + 1)
    "jeffrey": lambda u: np.log(u) + 1 - 1 / u,
    "gan": np.log,
}


def test_all_of_the_family_are_tested():
    assert len(NAMES) == len(f_divergences.ALL)
    assert {type(f_divergences.get(n)) for n in NAMES} == set(f_divergences.ALL)


@pytest.mark.parametrize("name", NAMES)
def test_at_the_best_logit_the_bound_is_the_divergence(name):
    """E_p T - E_q f*(T) as an integral over a grid, with widths 1 and 1.1."""
    x = np.linspace(-6, 6, 24_001)
    dx = x[1] - x[0]
    p, q = gaussian(x, 0.0, 1.0), gaussian(x, 0.5, 1.1)
    p, q = (density / density.sum() / dx for density in (p, q))  # 1e-6 lies beyond
    loss = losses.FDivergence(name)
    logits = tf.constant(BEST_LOGIT[name](p / q))
    conjugate = loss.divergence.conjugate_of_activation(logits)
    bound = np.sum(p * loss.score(logits) - q * conjugate) * dx
    # the same grid on both sides: float64 sums of 24 001 terms
    assert bound == pytest.approx(loss.divergence(p, q, cell=dx), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_samples_estimate_the_divergence(name):
    """The loss as it is trained, on equally likely points of each distribution."""
    shares = (np.arange(200_000) + 0.5) / 200_000
    p, q = stats.norm(0, 1), stats.norm(0.5, 1)
    drawn = p.ppf(shares), q.ppf(shares)
    real, fake = (BEST_LOGIT[name](p.pdf(x) / q.pdf(x)) for x in drawn)
    loss = losses.FDivergence(name)
    bound = -float(loss.discriminator_loss(tf.constant(real), tf.constant(fake)))
    x = np.linspace(-12, 12, 24_001)
    expected = loss.divergence(p.pdf(x), q.pdf(x), cell=x[1] - x[0])
    # the tails beyond the outermost points weigh most in the chi squares: 3e-4
    assert bound == pytest.approx(expected, rel=1e-3, abs=1e-5)
    # The generator's loss is the part of the bound that it moves.
    real_part = float(np.mean(loss.score(tf.constant(real))))
    received = float(loss.generator_loss(tf.constant(real), tf.constant(fake)))
    assert received == pytest.approx(bound - real_part, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_at_the_optimum_the_discriminator_has_no_slope(name):
    """d/dv of -p T(v) + q f*(T(v)) is 0 at T = f'(p/q): one real and one fake."""
    logit = tf.constant([[float(BEST_LOGIT[name](np.float64(2.0)))]], "float64")
    loss = losses.FDivergence(name)
    with tf.GradientTape() as tape:
        tape.watch(logit)
        # p = 2 q: the same sample twice as often among the reals
        value = loss.discriminator_loss(logit, logit)
        value -= tf.reduce_mean(loss.score(logit))
    assert float(tape.gradient(value, logit)[0, 0]) == pytest.approx(0, abs=1e-12)


LOGITS = np.array([[-3.0], [-0.5], [0.0], [2.0]], "float32")


def both(loss):
    real, fake = tf.constant(LOGITS), tf.constant(LOGITS[::-1] + 1)
    discriminator = loss.discriminator_loss(real, fake)
    return float(discriminator), float(loss.generator_loss(real, fake))


def test_the_gan_divergence_is_minimax():
    expected = both(losses.Minimax())
    assert both(losses.FDivergence("gan")) == pytest.approx(expected, rel=1e-6)


def test_jensen_shannon_is_minimax_up_to_constants():
    discriminator, generator = both(losses.Minimax())
    expected = discriminator - math.log(4), generator + math.log(2)
    received = both(losses.FDivergence("jensen_shannon"))
    assert received == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("name", NAMES)
def test_finite_at_extreme_logits(name, sign, player):
    real = tf.constant([[sign * 1e4], [0.0]])
    fake = tf.constant([[-sign * 1e4], [0.0]])
    with tf.GradientTape() as tape:
        tape.watch((real, fake))
        value = getattr(losses.FDivergence(name), f"{player}_loss")(real, fake)
    slopes = tape.gradient(value, (real, fake), unconnected_gradients="zero")
    assert np.isfinite(float(value))
    assert all(np.isfinite(slope.numpy()).all() for slope in slopes)


@pytest.mark.parametrize("name", NAMES)
def test_scores_call_real_what_is_likelier_real(name):
    loss = losses.FDivergence(name)
    real, fake = (
        tf.constant([[float(BEST_LOGIT[name](np.float64(u)))] for u in ratios])
        for ratios in ((1.5, 4.0, 0.25, 3.0), (0.5, 0.9, 1.2, 1.1))
    )
    scores = loss.scores(real, fake)
    assert float(scores["real_accuracy"]) == 0.75
    assert float(scores["fake_accuracy"]) == 0.5


@pytest.mark.parametrize("name", NAMES)
def test_round_trip(name):
    loss = losses.FDivergence(name)
    assert loss.get_config() == {"divergence": name}
    revived = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(loss)
    )
    assert type(revived.divergence) is type(loss.divergence)
    assert revived.threshold == loss.threshold
    assert both(revived) == both(loss)


@keras.saving.register_keras_serializable("tests")
class Doubled(f_divergences.KL):
    """A researcher's own divergence."""

    def __init__(self, times=2.0):
        self.times = times

    def get_config(self):
        return {"times": self.times}


def test_a_divergence_of_your_own():
    own = losses.FDivergence(Doubled(3.0))
    revived = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(own)
    )
    assert type(revived.divergence) is Doubled
    assert revived.divergence.times == 3.0


def test_an_unknown_divergence():
    with pytest.raises(ValueError, match="f-divergence.*squared_hellinger"):
        losses.FDivergence("hellinger")


def test_it_bounds_what_it_says():
    """The KL loss names KL(data || model), not the reverse."""
    x = np.linspace(-12, 12, 12_001)
    p, q = gaussian(x), gaussian(x, 1.0, 2.0)
    value = losses.FDivergence("kl").divergence(p, q, cell=x[1] - x[0])
    assert value == pytest.approx(kl(p, q, cell=x[1] - x[0]), rel=1e-9)
