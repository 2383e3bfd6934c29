"""Where data end, an epoch ends; Keras' warning is for those who promised more."""

import warnings

import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan

ROWS = np.random.default_rng(0).normal(size=(50, 6)).astype("float32")


def test_minibatches_of_unknown_number_end_without_a_warning():
    """12 batches of 4 rows and one of 2, which is left out: 4 steps an epoch."""
    gan = make_gan(discriminator_steps=3)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Your input ran out of data")
        gan.fit(tf.data.Dataset.from_tensor_slices(ROWS).batch(4), epochs=2, verbose=0)
    assert int(gan.step.numpy()) == 8


def test_more_steps_than_the_data_have_are_warned_of():
    gan = make_gan(discriminator_steps=3)
    data = tf.data.Dataset.from_tensor_slices(ROWS).batch(4)
    with pytest.warns(UserWarning, match="ran out of data"):
        gan.fit(data, steps_per_epoch=5, verbose=0)
    assert int(gan.step.numpy()) == 4


def test_the_filters_of_the_process_stay_as_they_are():
    before = list(warnings.filters)
    make_gan(discriminator_steps=3).fit(ROWS, batch_size=4, verbose=0)
    assert list(warnings.filters) == before


@pytest.mark.parametrize("moves", [1, 3])
def test_data_without_end_need_a_number_of_steps(moves):
    gan = make_gan(discriminator_steps=3)
    gan.compile(discriminator_steps=moves)
    data = tf.data.Dataset.from_tensor_slices(ROWS).batch(10).repeat()
    with pytest.raises(ValueError, match="no end.*steps_per_epoch"):
        gan.fit(data, verbose=0)
    gan.fit(data, steps_per_epoch=2, verbose=0)
    assert int(gan.step.numpy()) == 2
