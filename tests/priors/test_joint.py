"""Independent parts side by side."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import priors
from keras_gan.core.randomness import derived, seed_of

SEED = seed_of(3, "test")


def joint():
    parts = [
        priors.Normal(3),
        priors.Categorical(4),
        priors.Uniform(1, 2.0, 3.0),
        priors.Uniform(1, 2.0, 3.0),
    ]
    return priors.Joint(parts)


def test_each_part_is_its_own_draw_at_its_place():
    prior = joint()
    drawn = prior(50, SEED).numpy()
    assert prior.latent_dim == 9 and drawn.shape == (50, 9)
    assert drawn.dtype == np.float32
    assert prior.slices == [slice(0, 3), slice(3, 7), slice(7, 8), slice(8, 9)]
    for index, (part, position) in enumerate(
        zip(prior.priors, prior.slices, strict=True)
    ):
        own = part(50, derived(SEED, index))
        np.testing.assert_array_equal(drawn[:, position], own)


def test_equal_parts_are_independent():
    first, second = joint()(20_000, SEED).numpy()[:, 7:].T
    # a correlation of independent numbers has the standard error 1/sqrt(20 000)
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(20_000)


def test_the_first_rows_do_not_depend_on_how_many_are_drawn():
    np.testing.assert_array_equal(joint()(500, SEED)[:7], joint()(7, SEED))


def test_one_draw_in_eager_graph_and_xla():
    prior = joint()
    eager = prior(1000, SEED)
    for compiled in (False, True):
        graph = tf.function(lambda seed: prior(1000, seed), jit_compile=compiled)
        np.testing.assert_array_equal(graph(SEED), eager)


def test_a_revived_one_draws_the_same():
    revived = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(joint())
    )
    np.testing.assert_array_equal(revived(9, SEED), joint()(9, SEED))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], r"Received: priors=\[\]"),
        (priors.Normal(3), "list of priors"),
        ([priors.Normal(3), 4], r"priors\[1\] is no prior. Received: 4"),
    ],
    ids=["empty", "one prior", "a number"],
)
def test_what_is_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        priors.Joint(parts)
