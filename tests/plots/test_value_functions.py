"""What `keras-gan lab relatives-1d` finds: three methods, one value function."""

import numpy as np
import pytest

from keras_gan import plots
from keras_gan.cli.lab import relatives_1d


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="at least one Contrast"):
        plots.value_functions(np.arange(2), np.arange(2), [])


def test_the_table_of_what_is_known():
    """A model that is the data, D = 1/2: no divergence, and V = -log 4.

    And the table of a constant e^0.01 too large has its ratio.
    """
    p, half = relatives_1d.P, np.full(len(relatives_1d.X), 0.5)
    fit = relatives_1d.Fitted("perfect", p, p, half, (-0.51, 0.5))
    [[_, kl, js, value, best]] = relatives_1d.rows([fit])
    assert kl == js == 0
    assert value == pytest.approx(-np.log(4)) == best
    assert list(relatives_1d.table([fit]))[-1].endswith("ratio 1.0101")  # e^0.01


@pytest.mark.slow
def test_nce_finds_the_density_and_its_constant():
    """Z within 2 %, V below the optimum by no more than its own 2 JS or so."""
    fit = relatives_1d.by_nce(seed=0)
    constant, log_z = fit.constants
    assert abs(np.exp(-constant - log_z) - 1) < 0.02
    [[_, kl, _, value, best]] = relatives_1d.rows([fit])
    assert 0 < kl < 0.005 and best - 0.002 < value < best


@pytest.mark.slow
def test_the_likelihood_finds_the_density():
    [[_, kl, _, value, _]] = relatives_1d.rows([relatives_1d.by_likelihood(seed=0)])
    assert 0 < kl < 0.002 and value == pytest.approx(-np.log(4))
