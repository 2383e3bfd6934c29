"""The script of InfoGAN's reproduction: its error, its verdict, its game."""

import infogan
import numpy as np
import pytest

from keras_gan import networks
from keras_gan.core.randomness import seed_of
from keras_gan.training import Round


def test_classes_stand_for_digits_as_fits_best():
    """Each digit d three times, in class d + 3 modulo 10, but a 7 in that of 2."""
    digits = np.repeat(np.arange(10), 3)
    classes = (digits + 3) % 10
    classes[21] = 5
    error = infogan.error_of(np.eye(10)[classes], digits)
    assert error == pytest.approx(1 / 30)


def test_two_digits_in_one_class_count_as_one():
    """A class stands for one digit: one of two is wrong, and one class is left over."""
    digits = np.repeat(np.arange(10), 3)
    classes = np.where(digits == 9, 4, digits)
    assert infogan.error_of(np.eye(10)[classes], digits) == pytest.approx(3 / 30)


def results(bound=2.28, error=0.04, control=0.1):
    others = {"bound": 1.9, "error": 0.3}
    return {
        "InfoGAN": [others, {"bound": bound, "error": error}],
        "control": [{"bound": control, "error": 0.8}],
    }


@pytest.mark.parametrize(
    ("change", "of_error", "of_bound"),
    [
        ({}, [], []),
        ({"bound": 2.2}, [], ["the bound of the best seed is 2.20"]),
        ({"error": 0.051}, ["the best seed puts 5.1% into a wrong class"], []),
        ({"control": 1.2}, [], ["a control reaches the bound 1.20"]),
    ],
    ids=["none", "bound", "error", "control"],
)
def test_what_is_missed(change, of_error, of_bound):
    found = results(**change)
    assert infogan.misses_of_error(found) == of_error
    assert infogan.misses_of_bound(found) == of_bound
    verdicts = [claim.holds for claim in infogan.claims(found)]
    assert verdicts == [not of_error, not of_bound]


def test_the_claims_name_every_seed():
    error, bound = infogan.claims(results())
    assert error.ours == "4.0% in the best seed; all: 30.0%, 4.0%" and error.seeds == 2
    assert bound.ours == "2.09 (1.90 to 2.28); control 0.10"


def test_the_game_is_the_papers():
    gan = infogan.game("InfoGAN", seed=0)
    assert type(gan.generator) is networks.InfoGANGenerator
    assert gan.prior.latent_dim == 74 and gan.information_weight == 1.0
    assert gan.latents == "fresh"


def test_q_gives_uniform_numbers_a_deviation_of_1():
    """Then its log likelihood at the mean is that of N(0, 1) at 0, -log(2 pi) / 2."""
    gan = infogan.game("InfoGAN", seed=0)
    means = np.zeros((3, 1), "float32")
    parameters = {1: np.zeros((3, 10), "float32"), 2: means, 3: means}
    found = gan.information(parameters, np.zeros((3, 74), "float32"))
    highest = np.log(2) - np.log(2 * np.pi) / 2  # in nats; log 2 is the code's entropy
    np.testing.assert_allclose([found[2], found[3]], highest, rtol=1e-5)


def test_only_the_generator_of_the_control_is_not_paid():
    """Objectives of one game, on the same samples and weights."""
    real = np.random.default_rng(0).uniform(-1, 1, (4, 28, 28, 1)).astype("float32")
    costs = {}
    for method in infogan.METHODS:
        gan = infogan.game(method, seed=0)
        latents = gan.prior(4, seed_of(0, "test"))
        fake = gan.generate(latents, None, training=True)
        round = Round(real, fake, latents, None, seed_of(0, "objective"))
        paid, logs = gan.discriminator_objective(round)
        costs[method] = (
            float(paid),
            float(gan.generator_objective(round)[0]),
            float(logs["mutual_information"]),
        )
    (d, g, information), (d_control, g_control, _) = costs.values()
    assert d == pytest.approx(d_control, abs=1e-5)
    assert g_control - g == pytest.approx(information, abs=1e-4)
