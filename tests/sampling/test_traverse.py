"""One part of the latents moves, and nothing else does."""

import numpy as np
import pytest

from keras_gan import models, networks, priors, sampling
from keras_gan.core.randomness import seed_of

PARTS = [
    priors.Normal(2),
    priors.Categorical(3),
    priors.Uniform(1, 2.0, 5.0),
    priors.Normal(1, mean=1.0, covariance=[4.0]),
    priors.Joint([priors.Uniform(1)]),
]


def game(prior=None):
    """A game whose samples are its latents."""
    prior = prior or priors.Joint(PARTS)
    width = prior.latent_dim
    gan = models.GAN(
        networks.MLPGenerator((width,), latent_dim=width, widths=()),
        networks.MLPDiscriminator((width,), widths=()),
        prior,
    )
    gan.generator.set_weights([np.eye(width), np.zeros(width)])
    return gan


@pytest.mark.parametrize(
    ("part", "values", "expected"),
    [
        (1, None, np.eye(3)),
        (2, None, np.linspace(2, 5, 10)[:, None]),
        (3, None, np.linspace(-3, 5, 10)[:, None]),  # 1 +- 2 deviations of 2
        (2, [7.0, 8.0], [[7.0], [8.0]]),
        (0, [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], [[0, 1], [2, 3], [4, 5]]),
    ],
    ids=["classes", "uniform", "normal", "numbers", "rows"],
)
def test_only_the_part_moves(part, values, expected):
    gan = game()
    found = sampling.traverse(gan, part, values, num_rows=4, seed=6)
    position, drawn = gan.prior.slices[part], gan.sample(4, seed=6)
    assert found.shape == (4, len(expected), 8) and found.dtype == np.float32
    for row, others in zip(found, drawn, strict=True):
        np.testing.assert_allclose(row[:, position], expected, atol=1e-6)
        own = np.delete(row, position, axis=1)
        still = np.delete(others, position)
        np.testing.assert_array_equal(own, np.tile(still, (len(expected), 1)))


def test_the_latents_are_those_of_sample_and_rows_do_not_depend_on_their_number():
    gan = game()
    latents = gan.prior(2, seed_of(3, "sample")).numpy()
    few = sampling.traverse(gan, 1, num_rows=2, seed=3)
    np.testing.assert_array_equal(few[:, 0, :2], latents[:, :2])
    many = sampling.traverse(gan, 1, num_rows=300, seed=3)  # several batches
    np.testing.assert_array_equal(many[:2], few)


@pytest.mark.parametrize(
    ("part", "values", "message"),
    [
        (5, None, "from 0 to 4.*part=5"),
        (True, None, "part=True"),
        (1.0, None, "part=1.0"),
        (1, [1e39], "at most 1e.36"),
        (0, None, r"Part 0 has no values of its own.*shape \(n, 2\)"),
        (4, None, "Part 4 has no values of its own"),
        (0, [1.0, 2.0], r"shape \(n, 2\) for part 0.*Received: shape \(2,\)"),
        (1, [], r"shape \(0,\)"),
        (2, ["a"], "finite numbers"),
    ],
    ids=[
        "no part",
        "bool",
        "float",
        "huge",
        "two numbers",
        "nested",
        "narrow",
        "none",
        "text",
    ],
)
def test_what_cannot_be_moved(part, values, message):
    with pytest.raises(ValueError, match=message):
        sampling.traverse(game(), part, values)


def test_a_prior_of_one_part():
    with pytest.raises(ValueError, match="a part of a keras_gan.priors.Joint"):
        sampling.traverse(game(priors.Normal(2)), 0)
