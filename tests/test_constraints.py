"""WeightClipping, by itself and in a game."""

import keras
import numpy as np
import pytest
import scipy.stats
from helpers.families import make_gan
from hypothesis import given
from hypothesis import strategies as st

from keras_gan import constraints

# tensors flush subnormal numbers to zero
NUMBERS = st.floats(-9, 9, width=32, allow_subnormal=False)


@given(st.lists(NUMBERS, min_size=1, max_size=5), st.floats(0.1, 5))
def test_it_clips_and_leaves_what_is_inside(values, limit):
    clipped = np.array(constraints.WeightClipping(limit)(keras.ops.array(values)))
    expected = np.float32([min(max(v, -limit), limit) for v in values])
    np.testing.assert_allclose(clipped, expected, rtol=1e-6)


def test_every_weight_of_the_discriminator_is_within_the_limit():
    clipping = constraints.WeightClipping(0.1)
    gan = make_gan(loss="wasserstein", discriminator_constraint=clipping)
    before = [np.array(v) for v in gan.generator.trainable_variables]
    rows = scipy.stats.norm.rvs(size=(32, 6), random_state=0).astype("float32")
    gan.fit(rows, batch_size=16, verbose=0)
    largest = [abs(v.numpy()).max() for v in gan.discriminator.trainable_variables]
    assert max(largest) == pytest.approx(0.1, rel=1e-6)  # reached, and not passed
    after = gan.generator.trainable_variables
    assert max(abs(v.numpy()).max() for v in after) > 0.1  # the generator is free
    assert any(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_limit_that_leaves_nothing(limit):
    with pytest.raises(ValueError, match="Received: limit"):
        constraints.WeightClipping(limit)
