"""Class coverage: constructed cases, stacks, and what is refused."""

import itertools

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies

from keras_gan import metrics
from keras_gan.metrics import class_coverage


def sure(classes, count, certainty=1.0):
    """Rows that are sure of these classes out of `count`."""
    rows = np.full((len(classes), count), (1 - certainty) / (count - 1))
    rows[np.arange(len(classes)), classes] = certainty
    return rows


def test_by_hand():
    rows = np.concatenate([sure([0, 0, 0, 2], 4), sure([1, 1], 4, 0.4)])
    found = class_coverage(rows)  # the last two are not sure enough
    assert found[:2] == (2, pytest.approx(4 / 6))
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert found.reverse_kl == pytest.approx(np.log(4) - entropy, rel=1e-12)
    assert class_coverage(rows, least=0.4)[:2] == (3, 1.0)


def test_shares_of_the_data():
    rows = sure([0] * 7 + [1] * 3, 2)
    assert class_coverage(rows, [0.7, 0.3]).reverse_kl == pytest.approx(0, abs=1e-12)
    expected = 0.7 * np.log(0.7 / 0.2) + 0.3 * np.log(0.3 / 0.8)
    assert class_coverage(rows, [0.2, 0.8]).reverse_kl == pytest.approx(expected)


@hypothesis.given(
    digits=strategies.lists(
        strategies.tuples(*[strategies.integers(0, 3)] * 3), min_size=1, max_size=40
    )
)
def test_a_stack_counts_like_a_number(digits):
    """Three parts of four classes are the 64 classes of base 4."""
    parts = np.concatenate([sure(part, 4) for part in zip(*digits, strict=True)], 1)
    whole = sure([16 * a + 4 * b + c for a, b, c in digits], 64)
    shares = np.arange(1, 65) / (64 * 65 / 2)  # so that the order counts
    assert class_coverage(parts, shares, parts=3) == class_coverage(whole, shares)


def test_one_unsure_part_is_enough():
    rows = np.concatenate([sure([0, 1], 3), sure([2, 2], 3, 0.45)], axis=1)
    assert class_coverage(rows, parts=2).good_share == 0


def test_stacked_mnist_has_a_thousand_modes_and_a_floor():
    """26 000 stacks of equally likely digits: the KL that a perfect sampler has.

    Its expectation is (K - 1)/(2 n) = 0.01921 to first order, 0.0193 as published; its
    deviation sqrt(2 (K - 1))/(2 n) = 0.00086, of which four are allowed.
    """
    rng = np.random.default_rng(0)
    parts = [sure(rng.integers(0, 10, 26_000), 10) for _ in range(3)]
    found = class_coverage(np.concatenate(parts, axis=1), parts=3, least=0)
    assert found[:2] == (1000, 1.0)
    assert found.reverse_kl == pytest.approx(0.0193, abs=4 * 0.00086)


def test_a_collapse_costs_the_log_of_the_classes():
    assert class_coverage(sure([3] * 9, 10)).reverse_kl == pytest.approx(np.log(10))


def test_nothing_good_has_no_shares():
    found = class_coverage(sure([0, 1], 4, 0.3))
    assert found[:2] == (0, 0.0) and np.isnan(found.reverse_kl)


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([[2.0, -1.0]], {}, "sum to 1.*softmax"),
        ([[0.2, 0.2]], {}, "sum that is 0.6 off"),
        ([[0.5, 0.5]], {"parts": 2}, "sum to 1"),
        ([[0.5, 0.5, 0.0]], {"parts": 2}, "parts=2 times"),
        ([[0.5, 0.5]], {"shares": [0.5, 0.6]}, "sum to 1. Received: a sum of 1.1"),
        ([[0.5, 0.5]], {"shares": [1.0]}, "2 positive shares"),
        ([[0.5, 0.5]], {"least": 1.5}, "least is a probability"),
        ([[0.5, 0.5]], {"parts": 0}, "parts is an integer of at least 1"),
        (np.zeros((0, 2)), {}, "at least 1 row"),
    ],
    ids=[
        "logits",
        "sum",
        "halves",
        "uneven",
        "shares",
        "one share",
        "1.5",
        "0",
        "none",
    ],
)
def test_what_is_refused(rows, options, message):
    with pytest.raises(ValueError, match=message):
        class_coverage(rows, **options)


def test_the_metric_refuses_logits():
    metric = metrics.ClassCoverage()
    metric.update_state([[0.5, 0.5]], [[3.0, -1.0], [0.5, 0.5]])
    with pytest.raises(ValueError, match="1 parts of rows that do not"):
        metric.result()


def test_each_channel_is_classified_by_itself():
    """Stacks of three flat images whose brightness is their class."""

    class Bright(metrics.features.Extractor):
        def __call__(self, samples):
            import tensorflow as tf

            mean = tf.reduce_mean(samples, axis=(1, 2))
            return tf.concat([mean, 1 - mean], axis=1)

        def dim(self, sample_shape):
            return 2

    stacks = np.array(list(itertools.product([0.0, 1.0], repeat=3)), "float32")
    images = np.broadcast_to(stacks[:, None, None, :], (8, 4, 4, 3)).copy()
    metric = metrics.ClassCoverage(metrics.features.Channels(Bright()), parts=3)
    metric.update_state(images, images)
    assert metric.result() == {"modes": 8, "good_share": 1.0, "reverse_kl": 0.0}
    assert [one.real for one in metric.scores().values()] == [8, 8, 8]
