import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from keras_gan.datasets.order import Order

seeds = st.integers(0, 2**31 - 1)
few = hypothesis.settings(max_examples=15)


def places(order, drop_remainder=False):
    return [list(b.numpy()) for b in order.indices(drop_remainder)]


def flat(batches):
    return [i for batch in batches for i in batch]


@few
@hypothesis.given(st.integers(1, 300), st.integers(1, 40), seeds, st.integers(0, 9999))
def test_an_epoch_is_a_permutation(n, batch_size, seed, epoch):
    order = Order(n, batch_size, seed, shuffle=True)
    order.epoch = epoch
    assert sorted(flat(places(order))) == list(range(n))


@few
@hypothesis.given(st.integers(1, 99), st.integers(1, 20), seeds, st.data())
def test_start_yields_exactly_the_tail(n, batch_size, seed, data):
    drop = data.draw(st.booleans())
    order = Order(n, batch_size, seed, shuffle=data.draw(st.booleans()))
    order.epoch = data.draw(st.integers(0, 5))
    whole = places(order, drop)
    order.start = data.draw(st.integers(0, order.num_batches(drop)))
    assert places(order, drop) == whole[order.start :]
    assert len(whole) == order.num_batches(drop)


@hypothesis.settings(max_examples=4)
@hypothesis.given(seeds, st.integers(0, 2**20))
def test_same_seed_same_order_and_another_in_every_epoch(seed, epoch):
    first, second = Order(50, 7, seed, True), Order(50, 7, seed, True)
    first.epoch = second.epoch = epoch
    assert places(first) == places(second)
    # 256 later is where the framework's index_shuffle repeats itself; two random
    # orders of 50 agree with probability 1 / 50!.
    for later in (1, 256):
        second.epoch = epoch + later
        assert places(first) != places(second)


@few
@hypothesis.given(st.integers(1, 60), st.integers(1, 20), seeds, st.data())
def test_an_epoch_of_several_passes_is_the_epochs_of_one_pass_in_a_row(
    n, batch_size, seed, data
):
    drop = data.draw(st.booleans())
    passes = data.draw(st.integers(1, 4))
    single = Order(n, batch_size, seed, True)
    several = Order(n, batch_size, seed, True, passes)
    several.epoch = data.draw(st.integers(0, 5))
    wanted = []
    for number in range(passes):
        single.epoch = several.epoch * passes + number
        wanted += places(single, drop)
    several.start = data.draw(st.integers(0, len(wanted)))
    assert several.num_batches(drop) == len(wanted)
    assert places(several, drop) == wanted[several.start :]


def test_the_order_does_not_change_between_versions():
    # A regression guard: a checkpoint resumes only in the order it was trained in.
    assert flat(places(Order(8, 3, 5, True))) == [0, 6, 1, 2, 5, 3, 7, 4]


def test_epochs_of_60000_are_uncorrelated():
    # Correlation of two independent permutations: 0 +- 1 / sqrt(n - 1) = 0.004. With 4
    # rounds, as in tf.random.experimental.index_shuffle, it is 0.9.
    order = Order(60_000, 60_000, 0, True)
    orders = []
    for order.epoch in range(3):
        orders.append(flat(places(order)))
    for a, b in ((orders[0], orders[1]), (orders[1], orders[2])):
        assert abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(59_999)
        assert abs(np.corrcoef(a[1:], a[:-1])[0, 1]) < 5 / np.sqrt(59_999)


def test_without_shuffle_item_p_is_at_place_p_in_every_epoch():
    order = Order(5, 2, 0, shuffle=False)
    order.epoch = 3
    assert places(order) == [[0, 1], [2, 3], [4]]
    assert places(order, drop_remainder=True) == [[0, 1], [2, 3]]


def test_the_place_is_read_when_an_iterator_begins():
    order = Order(6, 2, 0, shuffle=False)
    dataset = order.indices(True)
    order.start = 2
    assert [b.numpy().tolist() for b in dataset] == [[4, 5]]
    order.start = 0
    assert len(list(dataset)) == 3


@pytest.mark.parametrize("value", [-1, 1.5, None, True, "3"])
def test_epoch_and_start_are_whole_numbers(value):
    order = Order(6, 2, 0, True)
    with pytest.raises(ValueError, match="epoch is an integer of at least 0"):
        order.epoch = value
    with pytest.raises(ValueError, match="start is an integer of at least 0"):
        order.start = value


def test_start_cannot_lie_behind_the_epoch():
    order = Order(5, 2, 0, True)
    order.start = 3
    with pytest.raises(ValueError, match="has 3 minibatches.*start=4"):
        order.start = 4


@pytest.mark.parametrize("seed", [-1, 2**31, 0.5, None])
def test_seed_out_of_range(seed):
    with pytest.raises(ValueError, match="seed"):
        Order(6, 2, seed, True)
