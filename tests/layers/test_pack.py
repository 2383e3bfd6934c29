"""Which sample comes where in a pack, and what is no pack."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gan.layers import Pack

IMAGES = np.random.default_rng(0).normal(size=(6, 4, 5, 2)).astype("float32")


@pytest.mark.parametrize("pack_size", [1, 2, 3])
def test_samples_lie_side_by_side_in_the_channels(pack_size):
    packed = np.asarray(Pack(pack_size)(IMAGES))
    assert packed.shape == (6 // pack_size, 4, 5, 2 * pack_size)
    for pack in range(6 // pack_size):
        samples = IMAGES[pack * pack_size : (pack + 1) * pack_size]
        np.testing.assert_array_equal(packed[pack], np.concatenate(samples, axis=-1))


def test_a_batch_of_known_size_is_refused_when_it_is_seen():
    with pytest.raises(ValueError, match="multiple of 4.*a batch of 6"):
        Pack(4)(IMAGES)
    with pytest.raises(ValueError, match="multiple of 4.*a batch of 6"):
        Pack(4).compute_output_shape((6, 3))


def test_a_batch_of_unknown_size_is_refused_when_it_comes():
    signature = tf.TensorSpec((None, 4, 5, 2))
    packed = tf.function(Pack(4), input_signature=[signature])
    assert packed(IMAGES[:4]).shape == (1, 4, 5, 8)
    with pytest.raises(tf.errors.InvalidArgumentError, match="multiple of 4"):
        packed(IMAGES)
