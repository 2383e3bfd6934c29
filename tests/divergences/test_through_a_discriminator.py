"""Estimates by a discriminator that is set to its optimum by hand."""

import keras
import numpy as np
import pytest
from helpers.known_distributions import DX, LINE, gaussian, kl_of_gaussians
from scipy import stats

from keras_gan import networks
from keras_gan.divergences import (
    density_ratio,
    js,
    js_lower_bound,
    kl_lower_bound,
)
from keras_gan.divergences.density_ratio import CHUNK


def optimum_of_shifted_gaussians(distance):
    """log N(d, 1)/N(0, 1) = d x - d^2/2: a linear discriminator is optimal."""
    discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    discriminator.set_weights([np.array([[distance]]), np.array([-(distance**2) / 2])])
    return discriminator


# midpoints of equally likely slices of N(0, 1), in place of draws
Z = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]


def test_the_ratio_is_that_of_the_densities():
    x = np.linspace(-3, 4, CHUNK + 7)
    expected = gaussian(x, 1.5) / gaussian(x)
    received = density_ratio(optimum_of_shifted_gaussians(1.5), x[:, None])
    np.testing.assert_allclose(received, expected, rtol=1e-5)  # float32 logits


def test_at_the_optimum_the_bounds_are_the_divergences():
    discriminator = optimum_of_shifted_gaussians(1.5)
    expected = js(gaussian(LINE, 1.5), gaussian(LINE), cell=DX)
    received = js_lower_bound(discriminator, Z + 1.5, Z)
    # the slices leave 1e-4 of the tails
    assert received == pytest.approx(expected, abs=1e-4)
    in_bits = js_lower_bound(discriminator, Z + 1.5, Z, unit="bits")
    assert in_bits == pytest.approx(received / np.log(2), rel=1e-12)
    received = kl_lower_bound(discriminator, Z + 1.5, Z)
    # and more of the mean of the ratio, which lives there: 0.9986 for 1
    assert received == pytest.approx(kl_of_gaussians(1.5, 1, 0, 1), abs=2e-3)


@pytest.mark.parametrize("slope", [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
def test_another_discriminator_proves_less(slope):
    discriminator = optimum_of_shifted_gaussians(1.5)
    kernel, bias = discriminator.get_weights()
    discriminator.set_weights([kernel * slope, bias])
    exact = js(gaussian(LINE, 1.5), gaussian(LINE), cell=DX)
    difference = exact - js_lower_bound(discriminator, Z + 1.5, Z)
    assert difference > 0.005 or (slope == 1 and abs(difference) < 1e-4)
    difference = kl_of_gaussians(1.5, 1, 0, 1)
    difference -= kl_lower_bound(discriminator, Z + 1.5, Z)
    assert difference > 0.005 or (slope == 1 and abs(difference) < 2e-3)


def test_an_undecided_discriminator_proves_nothing():
    undecided = optimum_of_shifted_gaussians(0.0)
    assert js_lower_bound(undecided, Z, Z) == pytest.approx(0, abs=1e-12)
    assert kl_lower_bound(undecided, Z, Z) == pytest.approx(0, abs=1e-12)


def normalized(axis):
    normalization = {
        "batch": keras.layers.BatchNormalization(),
        "layer": keras.layers.LayerNormalization(),
    }[axis]
    dense = keras.layers.Dense(4)
    return keras.Sequential(
        [keras.Input((1,)), dense, normalization, keras.layers.Dense(1)]
    )


@pytest.mark.parametrize("function", [js_lower_bound, kl_lower_bound])
def test_logits_that_depend_on_the_batch_are_refused(function):
    with pytest.raises(ValueError, match="depends on the rest of its batch"):
        function(normalized("batch"), Z[:8], Z[:8])
    assert np.isfinite(function(normalized("layer"), Z[:8], Z[:8]))


def test_other_refusals():
    with pytest.raises(ValueError, match="depends on the rest"):
        density_ratio(normalized("batch"), Z[:8])
    discriminator = optimum_of_shifted_gaussians(1.0)
    with pytest.raises(ValueError, match=r"\(0, 1\)"):
        density_ratio(discriminator, np.zeros((0, 1)))
    patches = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(1, 3)])
    with pytest.raises(ValueError, match="patch"):
        density_ratio(patches, np.zeros((2, 8, 8, 1)))


def test_dropout_is_no_dependence_on_the_batch():
    discriminator = networks.MLPDiscriminator((1,), widths=(8,), dropout=0.5)
    ratios = density_ratio(discriminator, Z[:10])
    # and the ratio is that of inference mode, without dropout
    np.testing.assert_array_equal(ratios, density_ratio(discriminator, Z[:10]))


def test_a_ratio_beyond_float64_is_infinite():
    discriminator = optimum_of_shifted_gaussians(1.0)
    with np.errstate(over="raise", invalid="raise"):
        ratio = density_ratio(discriminator, [[-1e4], [0.5], [1e4]])
        assert ratio[0] == 0 and ratio[1] == pytest.approx(1) and ratio[2] == np.inf
        assert kl_lower_bound(discriminator, [[0.5]], [[1e4]]) == -np.inf
        # log 2 + (log(1/2) - (1e4 - 1/2))/2, in float32
        bound = js_lower_bound(discriminator, [[0.5]], [[1e4]])
        assert bound == pytest.approx(np.log(2) / 2 - 4999.75, rel=1e-6)


@pytest.mark.parametrize("samples", [[[np.nan]], [["a"]], [[1e39]], [[1j]]])
def test_samples_that_are_no_numbers(samples):
    with pytest.raises(ValueError, match="samples holds"):
        density_ratio(optimum_of_shifted_gaussians(1.0), samples)


def test_a_discriminator_that_has_diverged():
    discriminator = optimum_of_shifted_gaussians(np.nan)
    for bound in (js_lower_bound, kl_lower_bound):
        with pytest.raises(ValueError, match="1 of 1 samples a logit that is NaN"):
            bound(discriminator, [[1.0]], [[0.0]])
