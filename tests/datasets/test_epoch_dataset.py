import itertools

import hypothesis
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import strategies as st

from keras_gan.datasets import EpochDataset, load, regroup

few = hypothesis.settings(max_examples=12)


def vectors(n):
    return np.arange(n, dtype=np.float32)[:, np.newaxis]


def read(dataset):
    return [np.squeeze(x.numpy(), -1).tolist() for x in dataset]


def test_what_an_epoch_says_of_itself():
    digits = load("digits", batch_size=64, labels=True, seed=3)
    assert isinstance(digits, EpochDataset) and isinstance(digits, tf.data.Dataset)
    assert len(digits) == int(digits.cardinality()) == 1797 // 64
    assert (digits.num_samples, digits.batch_size) == (1797, 64)
    assert (digits.seed, digits.shuffled, digits.drop_remainder) == (3, True, True)
    assert (digits.sample_shape, digits.num_classes) == ((8, 8, 1), 10)
    assert digits.class_names == list("0123456789")
    assert digits.skipped == () and digits.group is None
    images, labels = digits.element_spec
    assert images == tf.TensorSpec((64, 8, 8, 1), tf.float32)
    assert labels == tf.TensorSpec((64,), tf.int32)


def test_without_labels_there_are_no_classes():
    digits = load("digits", batch_size=64)
    assert digits.num_classes is None and digits.class_names is None
    assert digits.element_spec == tf.TensorSpec((64, 8, 8, 1), tf.float32)


def test_digits_are_scikit_learns_in_minus_one_to_one():
    from sklearn.datasets import load_digits

    images, labels = next(
        iter(load("digits", 1797, labels=True, shuffle=False, drop_remainder=False))
    )
    stored = load_digits()
    # 16 grey levels, rounded to 256: off by at most half a level of 255, doubled.
    want = stored.images[..., np.newaxis] / 8 - 1
    np.testing.assert_allclose(images, want, atol=1 / 255 + 1e-6)
    assert images.numpy().min() == -1 and images.numpy().max() == 1
    np.testing.assert_array_equal(labels, stored.target)


def test_labels_stay_with_their_images():
    pixels = np.arange(100, dtype=np.uint8)[:, np.newaxis, np.newaxis].repeat(4, 1)
    for images, labels in load((pixels, np.arange(100)), 7, labels=True):
        seen = np.rint((images.numpy()[:, 0, 0, 0] + 1) * 127.5)
        np.testing.assert_array_equal(seen, labels)


@few
@hypothesis.given(st.integers(1, 60), st.integers(1, 9), st.integers(0, 99), st.data())
def test_regrouped_minibatches_are_the_plain_ones(n, batch_size, seed, data):
    hypothesis.assume(n >= batch_size)
    drop = data.draw(st.booleans())
    plain = load(vectors(n), batch_size, seed=seed, drop_remainder=drop)
    k = data.draw(st.integers(1, n // batch_size))
    grouped = regroup(plain, k)
    plain.epoch = data.draw(st.integers(0, 9))
    batches, groups = read(plain), [np.squeeze(x.numpy(), -1) for x in grouped]
    assert len(groups) == len(grouped) == (n // batch_size) // k
    for i, group in enumerate(groups):
        assert group.shape == (batch_size, k)
        for j in range(k):
            assert group[:, j].tolist() == batches[i * k + j]


def test_regrouped_shares_its_place_and_its_labels():
    source = (vectors(12), np.arange(12))
    plain = load(source, 2, labels=True)
    grouped = plain.regrouped(2)
    grouped.epoch, plain.start = 5, 4
    assert (plain.epoch, grouped.start, len(grouped)) == (5, 4, 3)
    ((x, y),) = list(grouped)
    assert x.shape == (2, 2, 1) and y.shape == (2, 2)
    np.testing.assert_array_equal(x[..., 0], y)
    (first, _), (second, _) = list(plain)
    np.testing.assert_array_equal(x[:, 0], first)
    np.testing.assert_array_equal(x[:, 1], second)


def test_drop_remainder_false_gives_every_item_once():
    batches = read(load(vectors(10), 4, drop_remainder=False))
    assert [len(b) for b in batches] == [4, 4, 2]
    assert sorted(itertools.chain(*batches)) == list(range(10))
    assert [len(b) for b in read(load(vectors(3), 8, drop_remainder=False))] == [3]


def test_derived_datasets_follow_epoch_and_start():
    plain = load(vectors(12), 3)
    doubled = plain.map(lambda x: 2 * x)
    plain.epoch, plain.start = 2, 3
    (batch,) = read(plain)
    assert read(doubled) == [[2 * x for x in batch]]


def test_the_order_is_the_same_for_every_batch_size():
    orders = [
        [*itertools.chain(*read(load(vectors(12), b, seed=9)))] for b in (1, 3, 12)
    ]
    assert orders[0] == orders[1] == orders[2]


def test_too_few_data():
    with pytest.raises(ValueError, match="batch_size=64 .* 10 samples"):
        load(vectors(10), 64)
    with pytest.raises(ValueError, match="2 full minibatches of 4, fewer than the k=3"):
        load(vectors(10), 4, drop_remainder=False).regrouped(3)


def test_a_batch_size_beyond_all_bounds():
    (batch,) = read(load(vectors(3), 2**31 - 1, drop_remainder=False))
    assert sorted(batch) == [0, 1, 2]
    with pytest.raises(ValueError, match="batch_size .* from 1 to 2147483647"):
        load(vectors(3), 2**31, drop_remainder=False)


@pytest.mark.parametrize("batch_size", [0, -1, 2.0, None])
def test_bad_batch_size(batch_size):
    with pytest.raises(ValueError, match="batch_size is an integer of at least 1"):
        load("digits", batch_size)


def test_bad_groups():
    plain = load(vectors(10), 2)
    with pytest.raises(ValueError, match="k is an integer of at least 1"):
        plain.regrouped(0)
    with pytest.raises(ValueError, match="regrouped already, by 2"):
        plain.regrouped(2).regrouped(2)


def test_fit_opens_an_epoch_at_a_time():
    import keras

    seen = []

    class Place(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            data.epoch = epoch

    class Look(keras.Model):
        def train_step(self, batch):
            tf.numpy_function(lambda x: seen.append(x.ravel().tolist()), [batch], [])
            return {"loss": tf.zeros(())}

    data = load(vectors(6), 2)
    model = Look()
    model.compile()
    model.fit(data, epochs=3, verbose=0, callbacks=[Place()])
    want = []
    for data.epoch in range(3):
        want += read(data)
    assert seen[-9:] == want


@pytest.mark.parametrize("group", [None, 2])
def test_an_epoch_ends_when_it_ends(group):
    """An autotuner, which has nothing to tune here, would hold up to as long again."""
    epoch = load("digits", batch_size=64)
    epoch = epoch if group is None else epoch.regrouped(group)
    assert epoch.options().autotune.enabled is False
    assert epoch.take(3).options().autotune.enabled is False
