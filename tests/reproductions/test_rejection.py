"""The reproduction of rejection sampling on 25 Gaussians."""

import numpy as np
import pytest
import rejection as reproduction

from keras_gan.metrics import Coverage

PLAIN = Coverage(25, 0.70, 0.05)


@pytest.mark.parametrize(
    ("name", "coverage", "message"),
    [
        ("rejection", Coverage(25, 0.86, 0.1), None),
        ("rejection", Coverage(25, 0.84, 0.1), "rejection gains 14.0 points"),
        ("rejection", Coverage(24, 0.90, 0.1), "rejection loses 1 modes"),
        ("Metropolis-Hastings", Coverage(25, 0.75, 0.1), None),
        ("Metropolis-Hastings", Coverage(23, 0.95, 0.1), "loses 2 modes"),
    ],
    ids=["enough", "too little", "a mode", "chains may gain less", "modes"],
)
def test_what_counts_as_a_miss(name, coverage, message):
    misses = reproduction.missed({"plain": PLAIN, name: coverage})
    if message is None:
        assert misses == []
    else:
        [miss] = misses
        assert message in miss


def test_true_samples_are_judged_good():
    found = reproduction.judged(reproduction.MIXTURE.sample(10_000))
    # 1 - exp(-9/2) of them within 3 deviations, to 4.5 standard errors
    share = 1 - np.exp(-4.5)
    error = np.sqrt(share * (1 - share) / 10_000)
    assert found.modes == 25 and abs(found.good_share - share) < 4.5 * error


def test_the_picture_tells_good_samples_from_others():
    samples = np.array([[0.0, 0.1], [0.5, 0.5], [2.0, -2.0]])
    figure = reproduction.picture({"one": samples, "two": samples[:1]})
    one, two = figure.axes
    assert one.get_title(loc="left") == "one\n66.7% good"
    [points] = one.collections
    np.testing.assert_array_equal(points.get_offsets(), samples)
    colours = points.get_facecolors()
    assert (colours[0] == colours[2]).all() and (colours[0] != colours[1]).any()
    assert two.get_title(loc="left") == "two\n100.0% good"


@pytest.mark.slow
def test_rejection_gains_15_points_and_loses_no_mode():
    gan = reproduction.trained(reproduction.STEPS, seed=0)
    gan = reproduction.kept_on(gan, reproduction.KEPT_ON, seed=0)
    ways = reproduction.drawn(gan, seed=0)
    found = {name: reproduction.judged(samples) for name, samples in ways.items()}
    assert reproduction.missed(found) == []
    assert found["plain"].modes == 25
